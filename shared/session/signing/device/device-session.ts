/**
 * The device's end of a signing session with one node: one-time material made ahead, and the requests that use it. A piece is taken
 * out before anything is sent, so that no failure can bring it back.
 */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import type { Channel } from '#shared/channel/channel.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { PartyId, SessionId } from '#shared/ids.ts';
import { ENVELOPE_MAX_BYTES, MESSAGE_MAX_BYTES } from '#shared/limits.ts';
import type { Engine, FrostSuite, KeyKind, KeyShare, Presignature } from '#shared/ports/engine.ts';
import { decode } from '#shared/proto/decode.ts';
import { type Commitments, CommitmentsSchema, type Envelope } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import {
  AuthorisationSchema,
  type SigningReply,
  SigningReplySchema,
  SigningRequestSchema,
  type SignRequest,
  SignRequestSchema,
} from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import { COMMITMENTS_ROUND, type Counts, type PathTask, SIGNING_ROUNDS, type Slot } from '../rounds.ts';
import type { Approval, Call } from './call.ts';
import { DeviceBatch } from './device-batch.ts';
import { DeviceSignature } from './device-signature.ts';

/** What one call of the device needs beside the channel. */
interface Exchange<T> {
  readonly request: MessageInitShape<typeof SigningRequestSchema>;
  readonly read: (reply: SigningReply) => T;
  /** Frees what the call holds. Called once, when it ended in any way. */
  readonly release: () => void;
}

export class DeviceSession {
  readonly node: PartyId;
  readonly sessionId: SessionId;
  readonly #engine: Engine;
  readonly #channel: Channel;
  readonly #share: KeyShare;
  readonly #slots: Record<FrostSuite, Slot[]> = { taproot: [], ed25519: [] };
  readonly #presignatures: Presignature[] = [];
  #round = COMMITMENTS_ROUND;
  #batch = 0;
  /** Requests whose answer may still come: the channel stays open for them. */
  #waiting = 0;
  #closed = false;

  private constructor(options: { engine: Engine; channel: Channel; share: KeyShare; node: PartyId }) {
    this.#engine = options.engine;
    this.#channel = options.channel;
    this.#share = options.share;
    this.node = options.node;
    this.sessionId = options.channel.sessionId;
  }

  /**
   * Reads the node's first commitments.
   * @param counts what the hello of the device asked for
   * @throws TrefoilError `channel/*`, `input/malformed`, `engine/malformed`
   */
  static async open(options: {
    engine: Engine;
    channel: Channel;
    share: KeyShare;
    counts: Counts;
    commitments: Envelope;
  }): Promise<DeviceSession> {
    const { channel, counts } = options;
    const [node] = channel.peers;
    if (node === undefined) throw new TrefoilError('channel/roster-mismatch', { operation: 'DeviceSession.open' });
    const session = new DeviceSession({ ...options, node });
    await channel.receive(options.commitments, async ({ round, body }) => {
      if (round !== COMMITMENTS_ROUND) throw session.#wrongRound();
      session.#addSlots(decode(CommitmentsSchema, body, ENVELOPE_MAX_BYTES), counts);
      return [];
    });
    return session;
  }

  /** How many signatures of a key can be made in one round trip. */
  available(key: KeyKind): number {
    return key === 'ecdsa' ? this.#presignatures.length : this.#slots[key].length;
  }

  /** Whether every digest can be signed in one round trip. */
  covers(tasks: readonly PathTask[]): boolean {
    return (['ecdsa', 'taproot', 'ed25519'] as const).every((key) => countOf(tasks, key) <= this.available(key));
  }

  /** True when the session has hardly any requests left: open another. */
  get isUsedUp(): boolean {
    return this.#round + 8 > SIGNING_ROUNDS;
  }

  /**
   * Asks for more one-time material. The commitments are there when the call ends; presignatures need {@link complete}, or a
   * {@link request} that completes them.
   */
  prepare(options: { presignatures: number; commitments: Counts }): Promise<Call<DeviceBatch | undefined>> {
    const { presignatures, commitments } = options;
    const batch = presignatures === 0 ? undefined : this.#newBatch(presignatures);
    const wantsSlots = commitments.taproot + commitments.ed25519 > 0;
    return this.#call({
      request: { ...(batch && { presign: batch.begin() }), ...(wantsSlots && { commitments }) },
      read: ({ presign, commitments: more }) => {
        if (wantsSlots) this.#addSlots(more, commitments);
        batch?.take(presign);
        return batch;
      },
      release: () => {
        if (batch?.isReady !== true) batch?.free();
      },
    });
  }

  #newBatch(count: number): DeviceBatch {
    this.#batch += 1;
    const { sessionId, self } = this.#channel;
    return new DeviceBatch({
      engine: this.#engine,
      share: this.#share,
      sessionId,
      self,
      node: this.node,
      number: this.#batch,
      count,
    });
  }

  /** The second step of a batch, in the background. @returns how many presignatures were made */
  complete(batch: DeviceBatch): Promise<Call<number>> {
    return this.#call({
      request: { presign: batch.proceed() },
      read: ({ presign }) => {
        const made = batch.finish(presign);
        this.#keep(made);
        return made.length;
      },
      release: () => batch.free(),
    });
  }

  /**
   * Seals a request for one signature of each task.
   * @param batch when it was prepared for this approval: its presignatures are used as they are completed
   * @throws TrefoilError `intent/commitment-spent` when less material is left than tasks need
   */
  async request(approval: Approval, batch?: DeviceBatch): Promise<Call<Uint8Array[]>> {
    const signatures = this.#takeFor(approval.tasks, batch);
    const { intent, deviceSignature } = approval;
    const sign: SignRequest = create(SignRequestSchema, {
      intent,
      authorisation: create(AuthorisationSchema, { by: { case: 'deviceSignature', value: deviceSignature } }),
      uses: signatures.map((signature) => signature.use()),
    });
    return this.#call({
      request: { ...(batch && { presign: batch.proceed() }), sign },
      read: ({ presign, sign: answer }) => {
        const made = batch?.finish(presign) ?? [];
        const shares = answer?.shares ?? [];
        if (shares.length !== signatures.length) throw this.#malformed('one share for each digest is needed');
        // A wrong share burns the batch that came with it as well.
        const rest = made.slice(countOf(approval.tasks, 'ecdsa'));
        const finished = finishAll(signatures, shares, made, rest);
        this.#keep(rest);
        return finished;
      },
      release: () => {
        batch?.free();
        for (const signature of signatures) signature.free();
      },
    });
  }

  #takeFor(tasks: readonly PathTask[], batch: DeviceBatch | undefined): DeviceSignature[] {
    const spent = (): TrefoilError => new TrefoilError('intent/commitment-spent', { operation: 'DeviceSession.request' });
    const [engine, share, node] = [this.#engine, this.#share, this.node];
    const enough = (['taproot', 'ed25519'] as const).every((key) => countOf(tasks, key) <= this.available(key));
    const presigned = batch === undefined ? this.#presignatures.length : batch.count;
    if (!enough || countOf(tasks, 'ecdsa') > presigned) throw spent();
    let index = 0;
    return tasks.map((task) => {
      if (task.key !== 'ecdsa') {
        const slot = this.#slots[task.key].shift();
        if (slot === undefined) throw spent();
        return DeviceSignature.frost({ engine, share, node, task, suite: task.key, slot });
      }
      if (batch !== undefined) {
        index += 1;
        return DeviceSignature.cold({ engine, share, node, task, batch, index: index - 1 });
      }
      const presignature = this.#presignatures.shift();
      if (presignature === undefined) throw spent();
      return DeviceSignature.warm({ engine, share, node, task, presignature });
    });
  }

  async #call<T>({ request, read, release }: Exchange<T>): Promise<Call<T>> {
    this.#round += 1;
    const round = this.#round;
    this.#waiting += 1;
    let ended = false;
    const cancel = (): void => {
      if (ended) return;
      ended = true;
      release();
      this.#channel.forget(round);
      this.#waiting -= 1;
      this.#closeWhenIdle();
    };
    try {
      const body = toBinary(SigningRequestSchema, create(SigningRequestSchema, request));
      const envelopes = await this.#channel.sealAll(this.node, round, body);
      return { envelopes, finish: (reply, ready) => this.#finish(reply, round, read, ready).finally(cancel), cancel };
    } catch (thrown) {
      cancel();
      throw thrown;
    }
  }

  async #finish<T>(
    reply: readonly Envelope[],
    round: number,
    read: (reply: SigningReply) => T,
    ready: () => Promise<void> = async () => undefined,
  ): Promise<T> {
    const results: T[] = [];
    for (const envelope of reply) {
      await this.#channel.receive(envelope, async (opened) => {
        if (opened.round !== round) throw this.#wrongRound();
        await ready();
        results.push(read(decode(SigningReplySchema, opened.body, MESSAGE_MAX_BYTES)));
        return [];
      });
    }
    // An answer that was read before is not read again: it is not the answer to this request.
    const [result] = results;
    if (results.length !== 1) throw this.#wrongRound();
    return result as T;
  }

  #keep(made: readonly Presignature[]): void {
    if (this.#closed) for (const presignature of made) presignature.free();
    else this.#presignatures.push(...made);
  }

  #addSlots(more: Commitments | undefined, counts: Counts): void {
    const { firstSlot = 0, commitments = [] } = more ?? {};
    if (commitments.length !== counts.taproot + counts.ed25519) throw this.#malformed('another number of commitments was asked for');
    if (this.#closed) return;
    const slots = commitments.map((each, at) => ({ slot: firstSlot + at, commitments: each }));
    this.#slots.taproot.push(...slots.slice(0, counts.taproot));
    this.#slots.ed25519.push(...slots.slice(counts.taproot));
  }

  #malformed(detail: string): TrefoilError {
    return new TrefoilError('engine/malformed', { operation: 'DeviceSession', culprits: [this.node], detail });
  }

  #wrongRound(): TrefoilError {
    return new TrefoilError('session/wrong-round', { operation: 'DeviceSession', culprits: [this.node] });
  }

  /** Forgets the unused material at once, and the session when no request waits for its answer any more. */
  close(): void {
    for (const presignature of this.#presignatures) presignature.free();
    this.#presignatures.length = 0;
    this.#slots.taproot.length = 0;
    this.#slots.ed25519.length = 0;
    this.#closed = true;
    this.#closeWhenIdle();
  }

  #closeWhenIdle(): void {
    if (this.#closed && this.#waiting === 0) this.#channel.close();
  }
}

const countOf = (tasks: readonly PathTask[], key: KeyKind): number => tasks.filter((task) => task.key === key).length;

function finishAll(
  signatures: readonly DeviceSignature[],
  shares: readonly Uint8Array[],
  made: readonly Presignature[],
  rest: readonly Presignature[],
): Uint8Array[] {
  try {
    return signatures.map((signature, i) => {
      const share = shares[i];
      if (share === undefined) throw new TrefoilError('engine/misuse', { operation: 'DeviceSession' });
      return signature.finish(share, made);
    });
  } catch (thrown) {
    for (const presignature of rest) presignature.free();
    throw thrown;
  }
}
