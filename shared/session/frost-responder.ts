/**
 * A node's end of a FROST session with a device. The secret nonces live in this object's memory and nowhere else: when the
 * process ends they are gone, and so is every way to use them twice.
 *
 * Must never: answer before `authorise` has accepted the intent, or let a nonce out of the pool other than by value.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import type { Channel, Opened } from '../channel/channel.ts';
import { TrefoilError } from '../errors.ts';
import { DEVICE } from '../ids.ts';
import { ENVELOPE_MAX_BYTES, SIGNATURES_MAX_COUNT } from '../limits.ts';
import type { Engine, FrostSuite, KeyShare, Nonces } from '../ports/engine.ts';
import { decode } from '../proto/decode.ts';
import { CommitmentsSchema, type Envelope } from '../proto/gen/trefoil/v1/channel_pb.js';
import { SignReplySchema, type SignRequest, SignRequestSchema } from '../proto/gen/trefoil/v1/intent_pb.js';
import { COMMITMENTS_ROUND } from './frost-initiator.ts';

/** What a node has found out about an intent by itself. */
export interface AuthorisedIntent {
  readonly suite: FrostSuite;
  /** Computed by the node from the whole transaction. */
  readonly digests: readonly Uint8Array[];
  /** Records the intent id durably. @throws TrefoilError `intent/repeated` */
  accept(): Promise<void>;
}

export class FrostResponder {
  readonly #engine: Engine;
  readonly #channel: Channel;
  readonly #share: KeyShare;
  readonly #authorise: (request: SignRequest) => Promise<AuthorisedIntent>;
  readonly #pool = new Map<number, Nonces>();

  constructor(options: {
    engine: Engine;
    channel: Channel;
    share: KeyShare;
    counts: { taproot: number; ed25519: number };
    authorise: (request: SignRequest) => Promise<AuthorisedIntent>;
  }) {
    this.#engine = options.engine;
    this.#channel = options.channel;
    this.#share = options.share;
    this.#authorise = options.authorise;
    const { taproot, ed25519 } = options.counts;
    for (let slot = 0; slot < taproot + ed25519; slot += 1) {
      this.#pool.set(slot, this.#engine.commit(this.#share, slot < taproot ? 'taproot' : 'ed25519'));
    }
  }

  /** The public halves of the pool, sealed to the device. */
  commitments(): Promise<Envelope> {
    const commitments = [...this.#pool.values()].map((nonces) => nonces.commitments);
    return this.#channel.seal(DEVICE, COMMITMENTS_ROUND, toBinary(CommitmentsSchema, create(CommitmentsSchema, { commitments })));
  }

  /**
   * Answers a signing request; the identical request gets the identical answer.
   * @throws TrefoilError `channel/*`, `session/conflict`, `intent/*`, `engine/*`
   */
  receive(envelope: Envelope): Promise<Envelope[]> {
    return this.#channel.receive(envelope, (opened) => this.#sign(opened));
  }

  async #sign({ from, round, body }: Opened): Promise<Envelope[]> {
    const operation = 'FrostResponder.sign';
    if (round <= COMMITMENTS_ROUND) throw new TrefoilError('session/wrong-round', { operation, round, culprits: [from] });
    const request = decode(SignRequestSchema, body, ENVELOPE_MAX_BYTES);
    if (request.slots.length === 0 || request.slots.length > SIGNATURES_MAX_COUNT) {
      throw new TrefoilError('input/malformed', { operation, detail: `1 to ${SIGNATURES_MAX_COUNT} slots in a request` });
    }
    const intent = await this.#authorise(request);
    if (intent.digests.length !== request.slots.length) {
      throw new TrefoilError('intent/not-authorised', { operation, detail: 'one slot for each signature of the transaction is needed' });
    }
    const taken = this.#take(
      request.slots.map(({ slot }) => slot),
      intent.suite,
    );
    try {
      await intent.accept();
      const shares = taken.map((nonces, i) => {
        const digest = intent.digests[i] ?? new Uint8Array();
        return this.#respond(nonces, digest, request.slots[i]?.commitment ?? new Uint8Array());
      });
      return [await this.#channel.seal(DEVICE, round, toBinary(SignReplySchema, create(SignReplySchema, { shares })))];
    } finally {
      for (const nonces of taken) nonces.free();
    }
  }

  /** Moves nonces out of the pool, all or none. What was moved is never put back. */
  #take(slots: readonly number[], suite: FrostSuite): Nonces[] {
    const operation = 'FrostResponder.take';
    if (new Set(slots).size !== slots.length) throw new TrefoilError('input/malformed', { operation, detail: 'a slot is named twice' });
    const found = slots.map((slot) => this.#pool.get(slot));
    if (!found.every((nonces) => nonces?.suite === suite)) throw new TrefoilError('intent/commitment-spent', { operation });
    for (const slot of slots) this.#pool.delete(slot);
    return found.filter((nonces) => nonces !== undefined);
  }

  #respond(nonces: Nonces, digest: Uint8Array, commitment: Uint8Array): Uint8Array {
    const machine = this.#engine.respond({ share: this.#share, nonces, digest, initiator: DEVICE });
    try {
      machine.start();
      const [reply] = machine.receive(DEVICE, 1, commitment);
      const outcome = machine.outcome();
      if (outcome.status === 'aborted') throw outcome.error;
      if (reply === undefined) throw new TrefoilError('engine/misuse', { operation: 'FrostResponder.respond' });
      return reply.payload;
    } finally {
      machine.free();
    }
  }

  /** Zeroises every unused nonce and forgets the session. */
  close(): void {
    for (const nonces of this.#pool.values()) nonces.free();
    this.#pool.clear();
    this.#channel.close();
  }
}
