/**
 * Signing from the device's side. With one-time material at hand a signature is one round trip: one sealed request for each node
 * that has some, the first answers, the next stands in for it. Without, it takes two with one node, and the caller is told.
 */
import { type Identity, identityFromSeed } from '#shared/channel/identity.ts';
import { type ErrorCode, TrefoilError } from '#shared/errors.ts';
import { type IntentRequest, intentHash, makeIntent } from '#shared/intent/intent.ts';
import { SIGNATURES_MAX_COUNT } from '#shared/limits.ts';
import type { Approval } from '#shared/session/signing/device/call.ts';
import type { PathTask } from '#shared/session/signing/rounds.ts';
import { GatewayClient } from '../gateway-client.ts';
import { Background } from './background.ts';
import { NodePool, type SignerDeps, STALE_POOL } from './node-pool.ts';

export type { SignerDeps };

/** One approval. `tasks` are what this device computed; each node computes its own. */
export interface SignOptions {
  readonly requests: readonly IntentRequest[];
  readonly tasks: readonly PathTask[];
  /** Called when one-time material has to be made first. */
  readonly onPreparing?: () => void;
}

export interface Signed {
  /** One verified signature for each task: 64 bytes, and for `ecdsa` 65 (r, s, recovery id). */
  readonly signatures: Uint8Array[];
  /** The name of the node that helped. */
  readonly servedBy: string;
  /** 1 with one-time material at hand, 2 without, 3 where no session was open. */
  readonly roundTrips: number;
}

/** With these another node may serve a cold signature: this one signed nothing. */
const FAILOVER_CODES: readonly ErrorCode[] = [
  ...STALE_POOL,
  'session/party-unreachable',
  'session/timeout',
  'service/unavailable',
  'service/busy',
];

export class Signer {
  readonly #deps: SignerDeps;
  readonly #gateway: GatewayClient;
  readonly #identity: Promise<Identity>;
  readonly #pools: readonly NodePool[];
  readonly #background: Background;

  constructor(deps: SignerDeps) {
    this.#deps = deps;
    this.#gateway = new GatewayClient(deps.release.gateway, deps.walletId);
    this.#identity = identityFromSeed(deps.identitySecret);
    this.#pools = deps.release.nodes.map((node) => new NodePool({ deps, gateway: this.#gateway, identity: this.#identity, node }));
    this.#background = new Background(this.#pools, deps.clock);
  }

  /** Opens a session with every node; one suffices. @throws TrefoilError when none answered */
  async open(): Promise<void> {
    const results = await Promise.allSettled(this.#pools.map((pool) => pool.open()));
    const failed = results.filter((result) => result.status === 'rejected');
    if (failed.length === results.length && failed[0] !== undefined) throw failed[0].reason;
  }

  /** Makes one-time material in the background from now on, whenever there is little of it. */
  fillPools(): void {
    this.#background.start();
  }

  /** Resolves when every pool is as full as it gets now. */
  async poolsFilled(): Promise<void> {
    this.#background.start();
    await this.#background.idle();
  }

  /** A hidden page makes nothing ahead. */
  setVisible(visible: boolean): void {
    this.#background.setVisible(visible);
  }

  /**
   * Signs everything of one approval.
   * @throws TrefoilError the node's refusal, `session/party-unreachable`, or `engine/*` naming a node that cheated
   */
  async sign(options: SignOptions): Promise<Signed> {
    if (options.tasks.length > SIGNATURES_MAX_COUNT) {
      const detail = `one approval has at most ${SIGNATURES_MAX_COUNT} signatures`;
      throw new TrefoilError('input/too-large', { operation: 'sign', detail });
    }
    const start = performance.now();
    const signed = await this.#background.aside(() => this.#sign(options));
    const detail = { chains: options.requests.map(({ chain }) => chain), roundTrips: signed.roundTrips };
    performance.measure('trefoil.sign', { start, detail });
    return signed;
  }

  async #sign(options: SignOptions): Promise<Signed> {
    const { walletId, clock, random } = this.#deps;
    const identity = await this.#identity;
    const intent = makeIntent({ walletId, requests: options.requests, now: clock(), random });
    const approval: Approval = { intent, deviceSignature: await identity.sign(intentHash(intent)), tasks: options.tasks };
    const warm = this.#pools.filter((pool) => pool.covers(options.tasks));
    if (warm.length === 0) return this.#signCold(approval, 0, options.onPreparing);
    try {
      return await this.#signWarm(approval, warm);
    } catch (thrown) {
      // The node no longer has its half: nothing was signed with it.
      if (!(thrown instanceof TrefoilError && STALE_POOL.includes(thrown.code))) throw thrown;
      for (const pool of warm) pool.drop();
      return this.#signCold(approval, 1, options.onPreparing);
    }
  }

  async #signWarm(approval: Approval, pools: readonly NodePool[]): Promise<Signed> {
    const calls = await Promise.all(pools.map((pool) => pool.request(approval)));
    try {
      const { envelope, servedBy } = await this.#gateway.sign(calls.flatMap(({ envelopes }) => envelopes));
      const at = pools.findIndex((pool) => pool.party === servedBy);
      const [call, pool] = [calls[at], pools[at]];
      if (call === undefined || pool === undefined) {
        throw new TrefoilError('channel/wrong-receiver', { operation: 'sign', detail: 'a node answered that was not asked' });
      }
      return { signatures: await call.finish([envelope]), servedBy: pool.name, roundTrips: 1 };
    } finally {
      for (const call of calls) call.cancel();
    }
  }

  async #signCold(approval: Approval, roundTripsBefore: number, onPreparing: (() => void) | undefined): Promise<Signed> {
    onPreparing?.();
    let failure: TrefoilError | undefined;
    for (const pool of this.#pools) {
      try {
        const { signatures, roundTrips } = await this.#coldWith(pool, approval);
        return { signatures, servedBy: pool.name, roundTrips: roundTripsBefore + roundTrips };
      } catch (thrown) {
        failure = TrefoilError.from(thrown, 'sign');
        if (!FAILOVER_CODES.includes(failure.code)) throw failure;
      }
    }
    throw failure ?? new TrefoilError('service/configuration', { operation: 'sign', detail: 'the release names no node' });
  }

  /** A second time where the node has lost the session. */
  async #coldWith(pool: NodePool, approval: Approval): Promise<{ signatures: Uint8Array[]; roundTrips: number }> {
    try {
      return await pool.signCold(approval);
    } catch (thrown) {
      if (!(thrown instanceof TrefoilError && STALE_POOL.includes(thrown.code))) throw thrown;
      pool.drop();
      const signed = await pool.signCold(approval);
      return { ...signed, roundTrips: signed.roundTrips + 1 };
    }
  }

  /** Forgets all one-time material. */
  close(): void {
    this.#background.close();
    for (const pool of this.#pools) pool.close();
  }
}
