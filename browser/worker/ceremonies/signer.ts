/**
 * Signing from the device's side. It keeps a pool of one-time commitments of each node, so that a signature is one round
 * trip, and sends one sealed request to each node that has some: the first answers, the next stands in for it.
 */
import { hexToBytes } from '@noble/hashes/utils.js';
import { Channel, makeOneUseKeys } from '../../../shared/channel/channel.ts';
import { makeHello, type SessionTerms, verifyHello } from '../../../shared/channel/hello.ts';
import { type Identity, identityFromSeed } from '../../../shared/channel/identity.ts';
import { type ErrorCode, TrefoilError } from '../../../shared/errors.ts';
import { type ChainId, DEVICE, type Epoch, type PartyId, parsePartyId, type UnixMs, type WalletId } from '../../../shared/ids.ts';
import { intentHash, makeIntent } from '../../../shared/intent/intent.ts';
import type { Engine, FrostSuite, KeyShare } from '../../../shared/ports/engine.ts';
import { Protocol } from '../../../shared/proto/gen/trefoil/v1/channel_pb.js';
import type { Release } from '../../../shared/release.ts';
import { FROST_ROUNDS, FrostInitiator, type SignCall } from '../../../shared/session/frost-initiator.ts';
import { GatewayClient } from './gateway-client.ts';

type ReleaseNode = Release['nodes'][number];

/** One batch of a node's commitments. A Bitcoin spend takes one for each input. */
const BATCH = { taproot: 24, ed25519: 12 } as const;
/** A pool is renewed when less than this part of it is left. */
const REFILL_BELOW = 0.5;
/** The node lost or spent these commitments: it was restarted, or another tab used them. */
const STALE_POOL: readonly ErrorCode[] = ['session/unknown', 'session/ended', 'intent/commitment-spent', 'session/conflict'];

export interface SignerDeps {
  readonly engine: Engine;
  readonly share: KeyShare;
  readonly walletId: WalletId;
  readonly epoch: Epoch;
  /** The device's 32-byte Ed25519 seed. */
  readonly identitySecret: Uint8Array;
  readonly release: Release;
}

/** One approved transaction. `digests` are what this device computed; each node computes its own. */
export interface SignOptions {
  readonly chain: ChainId;
  readonly transaction: Uint8Array;
  readonly digests: readonly Uint8Array[];
  readonly suite: FrostSuite;
}

export interface Signed {
  /** One verified 64-byte signature for each digest. */
  readonly signatures: Uint8Array[];
  /** The name of the node that helped. */
  readonly servedBy: string;
  /** 1 with commitments at hand, 2 without. */
  readonly roundTrips: number;
}

export class Signer {
  readonly #deps: SignerDeps;
  readonly #gateway: GatewayClient;
  readonly #identity: Promise<Identity>;
  readonly #pools = new Map<PartyId, FrostInitiator>();
  readonly #filling = new Map<PartyId, Promise<void>>();
  #closed = false;

  constructor(deps: SignerDeps) {
    this.#deps = deps;
    this.#gateway = new GatewayClient(deps.release.gateway, deps.walletId);
    this.#identity = identityFromSeed(deps.identitySecret);
  }

  /** Brings every node's pool above half. One node suffices. @throws TrefoilError when none answered */
  async refill(): Promise<void> {
    const results = await Promise.allSettled(this.#deps.release.nodes.map((node) => this.#refillOf(node)));
    const failed = results.filter((result) => result.status === 'rejected');
    if (failed.length === results.length && failed[0] !== undefined) throw failed[0].reason;
  }

  #refillOf(node: ReleaseNode): Promise<void> {
    const party = parsePartyId(node.party);
    const pool = this.#pools.get(party);
    if (pool !== undefined && isFull(pool)) return Promise.resolve();
    const filling = this.#filling.get(party) ?? this.#fill(node, party).finally(() => this.#filling.delete(party));
    this.#filling.set(party, filling);
    return filling;
  }

  async #fill(node: ReleaseNode, party: PartyId): Promise<void> {
    const { engine, share, walletId, epoch, release } = this.#deps;
    const identity = await this.#identity;
    const terms: SessionTerms = {
      protocol: Protocol.FROST,
      walletId,
      epoch,
      roster: new Map([
        [DEVICE, identity.publicKey],
        [party, hexToBytes(node.identity)],
      ]),
      threshold: release.threshold,
    };
    const oneUseKeys = await makeOneUseKeys();
    const hello = await makeHello({ terms, party: DEVICE, identity, oneUseKey: oneUseKeys.publicKey, commitments: BATCH });
    const opened = await this.#gateway.openSession(hello);
    const [commitments] = opened.envelopes;
    if (commitments === undefined) throw new TrefoilError('engine/malformed', { operation: 'refill', culprits: [party] });
    const hellos = await Promise.all([hello, ...opened.hellos].map(verifyHello));
    const channel = new Channel({ terms, hellos, self: DEVICE, identity, oneUseKeys, lastRound: FROST_ROUNDS });
    const pool = await FrostInitiator.open({ engine, channel, share, counts: BATCH, commitments });
    if (this.#closed) return pool.close();
    this.#pools.get(party)?.close();
    this.#pools.set(party, pool);
  }

  /**
   * Signs every digest of one approved transaction.
   * @throws TrefoilError the node's refusal, `session/party-unreachable`, or `engine/*` naming a node that cheated
   */
  async sign(options: SignOptions): Promise<Signed> {
    const start = performance.now();
    const signed = await this.#signTwice(options);
    performance.measure('trefoil.sign', { start, detail: { chain: options.chain, roundTrips: signed.roundTrips } });
    return signed;
  }

  /** A second time where the node no longer has the commitments: nothing was signed with them. */
  async #signTwice(options: SignOptions): Promise<Signed> {
    const identity = await this.#identity;
    const intent = makeIntent({
      walletId: this.#deps.walletId,
      chain: options.chain,
      transaction: options.transaction,
      now: Date.now() as UnixMs,
    });
    const deviceSignature = await identity.sign(intentHash(intent));
    const attempt = { ...options, intent, deviceSignature };
    try {
      return await this.#attempt(attempt);
    } catch (thrown) {
      if (!(thrown instanceof TrefoilError && STALE_POOL.includes(thrown.code))) throw thrown;
      this.#dropPools();
      const signed = await this.#attempt(attempt);
      return { ...signed, roundTrips: signed.roundTrips + 1 };
    }
  }

  async #attempt(options: SignOptions & { intent: Uint8Array; deviceSignature: Uint8Array }): Promise<Signed> {
    const { suite, digests } = options;
    const warm = this.#poolsWith(suite, digests.length);
    if (warm.length === 0) await this.#replaceAll();
    const pools = warm.length === 0 ? this.#poolsWith(suite, digests.length) : warm;
    if (pools.length === 0) {
      throw new TrefoilError('input/too-large', { operation: 'sign', detail: `at most ${BATCH[suite]} signatures in one transaction` });
    }
    const calls = await Promise.all(pools.map((pool) => pool.request(options)));
    try {
      const { envelope, servedBy } = await this.#gateway.sign(calls.map((call) => call.envelope));
      const signatures = await callTo(calls, pools, servedBy).finish(envelope);
      return { signatures, servedBy: this.#nameOf(servedBy), roundTrips: warm.length === 0 ? 2 : 1 };
    } finally {
      for (const call of calls) call.cancel();
      void this.refill().catch(() => undefined);
    }
  }

  /** No pool has enough: ask every node for a fresh one. */
  async #replaceAll(): Promise<void> {
    this.#dropPools();
    await this.refill();
  }

  #poolsWith(suite: FrostSuite, count: number): FrostInitiator[] {
    return [...this.#pools.values()].filter((pool) => pool.available(suite) >= count).sort((a, b) => a.responder - b.responder);
  }

  #nameOf(party: PartyId): string {
    return this.#deps.release.nodes.find((node) => node.party === party)?.name ?? `party ${party}`;
  }

  #dropPools(): void {
    for (const pool of this.#pools.values()) pool.close();
    this.#pools.clear();
  }

  /** Forgets every commitment. */
  close(): void {
    this.#closed = true;
    this.#dropPools();
  }
}

const isFull = (pool: FrostInitiator): boolean =>
  pool.available('taproot') >= BATCH.taproot * REFILL_BELOW && pool.available('ed25519') >= BATCH.ed25519 * REFILL_BELOW;

function callTo(calls: readonly SignCall[], pools: readonly FrostInitiator[], servedBy: PartyId): SignCall {
  const call = calls[pools.findIndex((pool) => pool.responder === servedBy)];
  if (call === undefined)
    throw new TrefoilError('channel/wrong-receiver', { operation: 'sign', detail: 'a node answered that was not asked' });
  return call;
}
