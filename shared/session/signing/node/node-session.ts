/**
 * A node's end of a signing session with a device: it makes one-time material ahead, and signs with it.
 *
 * Must never: answer before `authorise` has accepted the intent, or let one-time material out of the pool other than by value.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import type { Channel, OpenedMessage } from '#shared/channel/channel.ts';
import { TrefoilError } from '#shared/errors.ts';
import { DEVICE, type UnixMs } from '#shared/ids.ts';
import { BATCH_DEADLINE_MS, MESSAGE_MAX_BYTES, SIGNATURES_MAX_COUNT } from '#shared/limits.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { Engine, KeyShare, Presignature } from '#shared/ports/engine.ts';
import { decode } from '#shared/proto/decode.ts';
import { CommitmentsSchema, type Envelope } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import {
  type PresignStep,
  SigningReplySchema,
  SigningRequestSchema,
  type SignReply,
  SignReplySchema,
  type SignRequest,
} from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import { COMMITMENTS_ROUND, type Counts, type PathTask } from '../rounds.ts';
import { type BatchGate, NodeBatches, type Stepped } from './node-batches.ts';
import { freeMaterial, type Material, OneTimePool } from './one-time-pool.ts';

/** What a node has found out about an intent by itself. */
export interface AuthorisedIntent {
  /** Computed by the node from the whole requests, in their order. */
  readonly tasks: readonly PathTask[];
  /** Records the intent id durably. @throws TrefoilError `intent/repeated` */
  accept(): Promise<void>;
}

export interface NodeSessionOptions {
  readonly engine: Engine;
  readonly channel: Channel;
  readonly share: KeyShare;
  readonly counts: Counts;
  readonly gate: BatchGate;
  readonly authorise: (request: SignRequest) => Promise<AuthorisedIntent>;
  readonly clock: Clock;
}

export class NodeSession {
  readonly #options: NodeSessionOptions;
  readonly #pool: OneTimePool;
  readonly #batches: NodeBatches;
  readonly #opening: { firstSlot: number; commitments: Uint8Array[] };
  /** Rounds with long answers, until nobody asks for them any more. */
  readonly #long: { round: number; expiresAt: UnixMs }[] = [];

  constructor(options: NodeSessionOptions) {
    this.#options = options;
    const { engine, share, channel, gate, clock } = options;
    this.#pool = new OneTimePool(engine, share);
    this.#batches = new NodeBatches({ engine, share, gate, clock, self: channel.self, sessionId: channel.sessionId });
    this.#opening = this.#pool.commit(options.counts);
  }

  /** The public halves of the first nonces, sealed to the device. */
  commitments(): Promise<Envelope> {
    return this.#options.channel.seal(DEVICE, COMMITMENTS_ROUND, toBinary(CommitmentsSchema, create(CommitmentsSchema, this.#opening)));
  }

  /**
   * Answers a request of the device; the identical request gets the identical answer.
   * @throws TrefoilError `channel/*`, `session/conflict`, `intent/*`, `engine/*`
   */
  receive(envelope: Envelope): Promise<Envelope[]> {
    return this.#options.channel.receive(envelope, (opened) => this.#answer(opened));
  }

  async #answer({ from, round, body }: OpenedMessage): Promise<Envelope[]> {
    const operation = 'NodeSession';
    if (round <= COMMITMENTS_ROUND) throw new TrefoilError('session/wrong-round', { operation, round, culprits: [from] });
    const { presign, sign, commitments } = decode(SigningRequestSchema, body, MESSAGE_MAX_BYTES);
    const more = commitments === undefined ? undefined : this.#pool.commit(commitments);
    const stepped = presign === undefined ? undefined : this.#presign(presign, round);
    const signed = await this.#signWith(sign, stepped?.made ?? []);
    const reply = create(SigningReplySchema, {
      ...(stepped && { presign: stepped.answer }),
      ...(signed && { sign: signed }),
      ...(more && { commitments: more }),
    });
    return this.#options.channel.sealAll(DEVICE, round, toBinary(SigningReplySchema, reply));
  }

  #presign(step: PresignStep, round: number): Stepped {
    // The device goes on only when it has the answers before.
    if (step.count > 0) this.#forgetLong(Number.POSITIVE_INFINITY as UnixMs);
    this.#long.push({ round, expiresAt: (this.#options.clock() + BATCH_DEADLINE_MS) as UnixMs });
    return this.#batches.step(step);
  }

  /** Keeps a finished batch, unless what came with it is refused: then the device never gets its half. */
  async #signWith(request: SignRequest | undefined, made: readonly Presignature[]): Promise<SignReply | undefined> {
    if (request === undefined) {
      this.#pool.add(made);
      return undefined;
    }
    try {
      const { reply, left } = await this.#sign(request, made);
      this.#pool.add(left);
      return reply;
    } catch (thrown) {
      for (const presignature of made) presignature.free();
      throw thrown;
    }
  }

  async #sign(request: SignRequest, fresh: readonly Presignature[]): Promise<{ reply: SignReply; left: Presignature[] }> {
    const operation = 'sign';
    const { uses } = request;
    if (uses.length === 0 || uses.length > SIGNATURES_MAX_COUNT) {
      throw new TrefoilError('input/malformed', { operation, detail: `1 to ${SIGNATURES_MAX_COUNT} signatures in a request` });
    }
    const { tasks, accept } = await this.#options.authorise(request);
    if (tasks.length !== uses.length) {
      throw new TrefoilError('intent/not-authorised', { operation, detail: 'one use for each signature of the approval is needed' });
    }
    const taken = this.#pool.take(uses, tasks, fresh);
    try {
      await accept();
      const shares = taken.map((material, i) => this.#respond(material, tasks[i], uses[i]?.message));
      const used = new Set(taken.map((material) => (material.key === 'ecdsa' ? material.presignature : undefined)));
      return { reply: create(SignReplySchema, { shares }), left: fresh.filter((presignature) => !used.has(presignature)) };
    } finally {
      taken.forEach(freeMaterial);
    }
  }

  #respond(material: Material, task: PathTask | undefined, message: Uint8Array | undefined): Uint8Array {
    const operation = 'respond';
    if (task === undefined || message === undefined) throw new TrefoilError('engine/misuse', { operation });
    const { engine, share } = this.#options;
    const { path, digest } = task;
    const machine =
      material.key === 'ecdsa'
        ? engine.respondEcdsa({ share, presignature: material.presignature, path, digest, initiator: DEVICE })
        : engine.respond({ share, nonces: material.nonces, path, digest, initiator: DEVICE });
    try {
      machine.start();
      const [reply] = machine.receive(DEVICE, 1, message);
      const outcome = machine.outcome();
      if (outcome.status === 'aborted') {
        if (outcome.error.culprits.length > 0) this.#options.gate.strike(outcome.error);
        throw outcome.error;
      }
      if (reply === undefined) throw new TrefoilError('engine/misuse', { operation });
      return reply.payload;
    } finally {
      machine.free();
    }
  }

  /** Lets go of what has run out of time. */
  tick(now: UnixMs): void {
    this.#batches.tick(now);
    this.#forgetLong(now);
  }

  #forgetLong(until: UnixMs): void {
    for (const { round } of this.#long.filter(({ expiresAt }) => expiresAt <= until)) this.#options.channel.forget(round);
    this.#long.splice(0, this.#long.length, ...this.#long.filter(({ expiresAt }) => expiresAt > until));
  }

  /** Zeroises everything that was not used and forgets the session. */
  close(): void {
    this.#batches.close();
    this.#pool.clear();
    this.#options.channel.close();
  }
}
