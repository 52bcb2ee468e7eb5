/**
 * The device's end of a FROST session with one node: the node's one-time commitments, and the requests that use them.
 * A slot is taken out of the pool before anything is sent, so that no failure can bring it back.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import type { Channel } from '../channel/channel.ts';
import { TrefoilError } from '../errors.ts';
import type { PartyId } from '../ids.ts';
import { COMMITMENTS_MAX_COUNT, ENVELOPE_MAX_BYTES } from '../limits.ts';
import type { Engine, FrostSuite, KeyShare, Machine } from '../ports/engine.ts';
import { decode } from '../proto/decode.ts';
import { CommitmentsSchema, type Envelope } from '../proto/gen/trefoil/v1/channel_pb.js';
import { AuthorisationSchema, SignReplySchema, SignRequestSchema } from '../proto/gen/trefoil/v1/intent_pb.js';

/** Round of the node's commitments; requests count from the next. */
export const COMMITMENTS_ROUND = 1;
/** Rounds of a FROST session: the commitments, and at most one request for each of them. */
export const FROST_ROUNDS = 1 + COMMITMENTS_MAX_COUNT;

interface Slot {
  readonly index: number;
  readonly commitments: Uint8Array;
}

/** A sealed request, and what to do with the node's answer. */
export interface SignCall {
  readonly envelope: Envelope;
  /**
   * Verifies the shares and returns one verified 64-byte signature for each digest.
   * @throws TrefoilError `engine/*` naming the node, `channel/*`
   */
  finish(reply: Envelope): Promise<Uint8Array[]>;
  /** Gives up: the slots stay spent. */
  cancel(): void;
}

export class FrostInitiator {
  readonly responder: PartyId;
  readonly #engine: Engine;
  readonly #channel: Channel;
  readonly #share: KeyShare;
  readonly #slots: Record<FrostSuite, Slot[]>;
  #round = COMMITMENTS_ROUND;
  /** Requests whose answer may still come: the channel stays open for them. */
  #waiting = 0;
  #closed = false;

  private constructor(options: {
    engine: Engine;
    channel: Channel;
    share: KeyShare;
    responder: PartyId;
    slots: Record<FrostSuite, Slot[]>;
  }) {
    this.#engine = options.engine;
    this.#channel = options.channel;
    this.#share = options.share;
    this.responder = options.responder;
    this.#slots = options.slots;
  }

  /**
   * Reads the node's commitments.
   * @param counts what the hello of the device asked for
   * @throws TrefoilError `channel/*`, `input/malformed`
   */
  static async open(options: {
    engine: Engine;
    channel: Channel;
    share: KeyShare;
    counts: { taproot: number; ed25519: number };
    commitments: Envelope;
  }): Promise<FrostInitiator> {
    const { channel, counts } = options;
    const [responder] = channel.peers;
    if (responder === undefined) throw new TrefoilError('channel/roster-mismatch', { operation: 'FrostInitiator.open' });
    let list: Uint8Array[] = [];
    await channel.receive(options.commitments, async ({ round, body }) => {
      if (round !== COMMITMENTS_ROUND)
        throw new TrefoilError('session/wrong-round', { operation: 'FrostInitiator.open', culprits: [responder] });
      list = decode(CommitmentsSchema, body, ENVELOPE_MAX_BYTES).commitments;
      return [];
    });
    if (list.length !== counts.taproot + counts.ed25519) {
      throw new TrefoilError('engine/malformed', {
        operation: 'FrostInitiator.open',
        culprits: [responder],
        detail: 'another number of commitments was asked for',
      });
    }
    const slots = list.map((commitments, index) => ({ index, commitments }));
    return new FrostInitiator({
      ...options,
      responder,
      slots: { taproot: slots.slice(0, counts.taproot), ed25519: slots.slice(counts.taproot) },
    });
  }

  /** How many signatures of a suite can still be made in one round trip. */
  available(suite: FrostSuite): number {
    return this.#slots[suite].length;
  }

  /**
   * Seals a request for one signature of each digest.
   * @param intent the serialised intent; `deviceSignature` is the device identity's over its hash
   * @throws TrefoilError `intent/commitment-spent` when fewer slots are left than digests
   */
  async request(options: {
    intent: Uint8Array;
    deviceSignature: Uint8Array;
    suite: FrostSuite;
    digests: readonly Uint8Array[];
  }): Promise<SignCall> {
    const { suite, digests } = options;
    if (this.available(suite) < digests.length) throw new TrefoilError('intent/commitment-spent', { operation: 'FrostInitiator.request' });
    const slots = this.#slots[suite].splice(0, digests.length);
    const machines: Machine<Uint8Array>[] = [];
    const uses = slots.map((slot, i) => {
      const machine = this.#engine.initiate({
        share: this.#share,
        suite,
        digest: digests[i] ?? new Uint8Array(),
        responder: this.responder,
        responderCommitments: slot.commitments,
      });
      machines.push(machine);
      return { slot: slot.index, commitment: machine.start()[0]?.payload ?? new Uint8Array() };
    });
    const body = toBinary(
      SignRequestSchema,
      create(SignRequestSchema, {
        intent: options.intent,
        authorisation: create(AuthorisationSchema, { by: { case: 'deviceSignature', value: options.deviceSignature } }),
        slots: uses,
      }),
    );
    this.#round += 1;
    const round = this.#round;
    this.#waiting += 1;
    let ended = false;
    const cancel = (): void => {
      if (ended) return;
      ended = true;
      for (const machine of machines) machine.free();
      this.#waiting -= 1;
      this.#closeWhenIdle();
    };
    return {
      envelope: await this.#channel.seal(this.responder, round, body),
      finish: (reply) => this.#finish(reply, round, machines).finally(cancel),
      cancel,
    };
  }

  async #finish(reply: Envelope, expectedRound: number, machines: readonly Machine<Uint8Array>[]): Promise<Uint8Array[]> {
    const context = { operation: 'FrostInitiator.finish', culprits: [this.responder] };
    const signatures: Uint8Array[] = [];
    await this.#channel.receive(reply, async ({ round, body }) => {
      if (round !== expectedRound) throw new TrefoilError('session/wrong-round', context);
      const { shares } = decode(SignReplySchema, body, ENVELOPE_MAX_BYTES);
      if (shares.length !== machines.length)
        throw new TrefoilError('engine/malformed', { ...context, detail: 'one share for each digest is needed' });
      machines.forEach((machine, i) => {
        machine.receive(this.responder, 1, shares[i] ?? new Uint8Array());
        signatures.push(signatureOf(machine));
      });
      return [];
    });
    // An answer that was read before is not read again: it is not the answer to this request.
    if (signatures.length !== machines.length) throw new TrefoilError('session/wrong-round', context);
    return signatures;
  }

  /** Forgets the unused slots at once, and the session when no request waits for its answer any more. */
  close(): void {
    this.#slots.taproot.length = 0;
    this.#slots.ed25519.length = 0;
    this.#closed = true;
    this.#closeWhenIdle();
  }

  #closeWhenIdle(): void {
    if (this.#closed && this.#waiting === 0) this.#channel.close();
  }
}

function signatureOf(machine: Machine<Uint8Array>): Uint8Array {
  const outcome = machine.outcome();
  if (outcome.status === 'done') return outcome.result;
  throw outcome.status === 'aborted' ? outcome.error : new TrefoilError('engine/misuse', { operation: 'FrostInitiator.finish' });
}
