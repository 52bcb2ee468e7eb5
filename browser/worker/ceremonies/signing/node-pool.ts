/**
 * One-time material between this device and one node: opened at unlock, filled in the background, in memory only. When the node has
 * lost its half (it was restarted), the pool begins anew.
 *
 * Must never: be written anywhere, or put material back that was taken.
 */
import { hexToBytes } from '@noble/hashes/utils.js';
import { Channel, makeOneUseKeys } from '#shared/channel/channel.ts';
import { makeHello, type SessionTerms, verifyHello } from '#shared/channel/hello.ts';
import type { Identity } from '#shared/channel/identity.ts';
import { type ErrorCode, TrefoilError } from '#shared/errors.ts';
import { DEVICE, type Epoch, type PartyId, parsePartyId, type WalletId } from '#shared/ids.ts';
import { BATCH_MAX_COUNT, MESSAGE_PARTS_MAX_COUNT, POOL_TTL_MS, SIGNATURES_MAX_COUNT } from '#shared/limits.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { Engine, FrostSuite, KeyShare } from '#shared/ports/engine.ts';
import type { RandomBytes } from '#shared/ports/random-bytes.ts';
import { type Envelope, Protocol } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import type { Release } from '#shared/release.ts';
import type { Approval, Call } from '#shared/session/signing/device/call.ts';
import { DeviceSession } from '#shared/session/signing/device/device-session.ts';
import { type PathTask, SIGNING_ROUNDS } from '#shared/session/signing/rounds.ts';
import type { GatewayClient } from '../gateway-client.ts';
import { batchSize, type Measured } from './batch-size.ts';

export interface SignerDeps {
  readonly engine: Engine;
  readonly share: KeyShare;
  readonly walletId: WalletId;
  readonly epoch: Epoch;
  /** The device's 32-byte Ed25519 seed. */
  readonly identitySecret: Uint8Array;
  readonly release: Release;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** A full pool. A Bitcoin spend takes one piece for each coin. */
const FULL = { ecdsa: BATCH_MAX_COUNT, taproot: SIGNATURES_MAX_COUNT, ed25519: 12 } as const;
/** A pool is filled again when less than this part of it is left. */
const REFILL_BELOW = 0.5;
/** The node keeps its half for its own time to live; this side lets go a little earlier. */
const DEVICE_TTL_MS = POOL_TTL_MS - 10 * 60 * 1000;
/** The node lost or spent its half: it was restarted, or another tab used it. Nothing was signed with it, and nothing will be. */
export const STALE_POOL: readonly ErrorCode[] = ['session/unknown', 'session/ended', 'intent/commitment-spent', 'session/conflict'];

export class NodePool {
  readonly party: PartyId;
  readonly name: string;
  readonly #deps: SignerDeps;
  readonly #gateway: GatewayClient;
  readonly #identity: Promise<Identity>;
  readonly #nodeIdentity: Uint8Array;
  #open: { session: DeviceSession; openedAt: number } | undefined;
  #opening: Promise<DeviceSession> | undefined;
  #measured: Measured | undefined;
  #closed = false;

  constructor(options: { deps: SignerDeps; gateway: GatewayClient; identity: Promise<Identity>; node: Release['nodes'][number] }) {
    this.#deps = options.deps;
    this.#gateway = options.gateway;
    this.#identity = options.identity;
    this.party = parsePartyId(options.node.party);
    this.name = options.node.name;
    this.#nodeIdentity = hexToBytes(options.node.identity);
  }

  /** Whether these signatures take one round trip with this node. */
  covers(tasks: readonly PathTask[]): boolean {
    return this.#session()?.covers(tasks) ?? false;
  }

  /** Whether a session with the node is open. */
  get isOpen(): boolean {
    return this.#session() !== undefined;
  }

  /** Whether there is something to make in the background. */
  get isLow(): boolean {
    const session = this.#session();
    if (session === undefined) return true;
    return (['ecdsa', 'taproot', 'ed25519'] as const).some((key) => session.available(key) < FULL[key] * REFILL_BELOW);
  }

  #session(): DeviceSession | undefined {
    if (this.#open !== undefined && (this.#open.session.isUsedUp || this.#deps.clock() - this.#open.openedAt > DEVICE_TTL_MS)) this.drop();
    return this.#open?.session;
  }

  /**
   * Opens the session, or makes one batch where the pool is low.
   * @param quiet resolves when no signature is under way: heavy work waits for it
   * @throws TrefoilError what the service or the engine said
   */
  async fill(quiet: () => Promise<void>): Promise<void> {
    const session = await this.#ensureOpen();
    await quiet();
    const low = (key: FrostSuite): number => {
      const left = session.available(key);
      return left < FULL[key] * REFILL_BELOW ? FULL[key] - left : 0;
    };
    const left = session.available('ecdsa');
    const missing = left < FULL.ecdsa * REFILL_BELOW ? FULL.ecdsa - left : 0;
    const presignatures = missing === 0 ? 0 : batchSize(this.#measured, missing);
    const commitments = { taproot: low('taproot'), ed25519: low('ed25519') };
    if (presignatures + commitments.taproot + commitments.ed25519 === 0) return;
    const start = performance.now();
    const asked = await session.prepare({ presignatures, commitments });
    const batch = await this.#relay(session, asked, quiet);
    if (batch === undefined) return;
    const call = await session.complete(batch).catch((thrown: unknown) => {
      batch.free();
      throw thrown;
    });
    await quiet();
    const sent = performance.now();
    const moved = await this.#exchange(session, call);
    this.#measured = { bytes: bytesOf(call.envelopes) + bytesOf(moved), ms: performance.now() - sent };
    const made = await call.finish(moved, quiet);
    performance.measure('trefoil.presign', { start, detail: { node: this.name, made } });
  }

  /** A signature of each task in one round trip, for the gateway to hand to this node or another. */
  async request(approval: Approval): Promise<Call<Uint8Array[]>> {
    const session = this.#session();
    if (session === undefined) throw new TrefoilError('intent/commitment-spent', { operation: 'request' });
    return session.request(approval);
  }

  /** A signature of each task with material that is made for it: two round trips, and one more where no session is open. */
  async signCold(approval: Approval): Promise<{ signatures: Uint8Array[]; roundTrips: number }> {
    const roundTrips = this.isOpen ? 2 : 3;
    const session = await this.#ensureOpen();
    const count = (key: PathTask['key']): number => approval.tasks.filter((task) => task.key === key).length;
    const lacking = (key: FrostSuite): number => Math.max(0, count(key) - session.available(key));
    const commitments = { taproot: lacking('taproot'), ed25519: lacking('ed25519') };
    const presignatures = count('ecdsa');
    const needed = presignatures + commitments.taproot + commitments.ed25519;
    const batch = needed === 0 ? undefined : await this.#relay(session, await session.prepare({ presignatures, commitments }));
    const call = await session.request(approval, batch).catch((thrown: unknown) => {
      batch?.free();
      throw thrown;
    });
    const signatures = await this.#relay(session, call);
    return { signatures, roundTrips: needed === 0 ? roundTrips - 1 : roundTrips };
  }

  async #relay<T>(session: DeviceSession, call: Call<T>, quiet?: () => Promise<void>): Promise<T> {
    const reply = await this.#exchange(session, call);
    return call.finish(reply, quiet);
  }

  async #exchange(session: DeviceSession, call: Call<unknown>): Promise<Envelope[]> {
    try {
      // Dropped in the meantime, and perhaps opened anew: what was sealed for the old session goes nowhere.
      if (this.#open?.session !== session) throw new TrefoilError('session/ended', { operation: 'relay' });
      return await this.#gateway.relay(session.sessionId, call.envelopes);
    } catch (thrown) {
      call.cancel();
      throw thrown;
    }
  }

  /** Opens the session where there is none: commitments are there afterwards, presignatures are not. */
  async open(): Promise<void> {
    await this.#ensureOpen();
  }

  #ensureOpen(): Promise<DeviceSession> {
    const open = this.#session();
    if (open !== undefined) return Promise.resolve(open);
    this.#opening ??= this.#openSession().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #openSession(): Promise<DeviceSession> {
    const { engine, share, walletId, epoch, release, clock, random } = this.#deps;
    const identity = await this.#identity;
    const terms: SessionTerms = {
      protocol: Protocol.SIGNING,
      walletId,
      epoch,
      roster: new Map([
        [DEVICE, identity.publicKey],
        [this.party, this.#nodeIdentity],
      ]),
      threshold: release.threshold,
    };
    const oneUseKeys = await makeOneUseKeys();
    const counts = { taproot: FULL.taproot, ed25519: FULL.ed25519 };
    const hello = await makeHello({ terms, party: DEVICE, identity, oneUseKey: oneUseKeys.publicKey, commitments: counts, random });
    const opened = await this.#gateway.openSession(hello);
    const [commitments] = opened.envelopes;
    if (commitments === undefined) throw new TrefoilError('engine/malformed', { operation: 'openSession', culprits: [this.party] });
    const hellos = await Promise.all([hello, ...opened.hellos].map(verifyHello));
    const limits = { lastRound: SIGNING_ROUNDS, maxParts: MESSAGE_PARTS_MAX_COUNT };
    const channel = new Channel({ terms, hellos, self: DEVICE, identity, oneUseKeys, ...limits });
    const session = await DeviceSession.open({ engine, channel, share, counts, commitments });
    if (this.#closed) {
      session.close();
      throw new TrefoilError('session/ended', { operation: 'openSession' });
    }
    this.#open = { session, openedAt: clock() };
    return session;
  }

  /** Forgets everything; the next use opens a new session. */
  drop(): void {
    this.#open?.session.close();
    this.#open = undefined;
  }

  close(): void {
    this.#closed = true;
    this.drop();
  }
}

const bytesOf = (envelopes: readonly Envelope[]): number => envelopes.reduce((sum, { ciphertext }) => sum + ciphertext.length, 0);
