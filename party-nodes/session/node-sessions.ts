/**
 * Every session of this node, by id. It decides who may open one, finds the session of a message, and ends what has run
 * out of time. Multi-round state is in memory only: when the process dies its sessions are gone and are made anew.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { equalBytes } from '#shared/channel/bytes.ts';
import { type Roster, type SessionTerms, sameRoster, sessionIdOf, type VerifiedHello, verifyHello } from '#shared/channel/hello.ts';
import type { Identity } from '#shared/channel/identity.ts';
import { type ErrorCode, TrefoilError } from '#shared/errors.ts';
import { type ChainId, DEVICE, type PartyId, type SessionId, type UnixMs, type WalletId } from '#shared/ids.ts';
import { OPEN_SESSIONS_MAX_COUNT } from '#shared/limits.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { AccountKeys, Engine } from '#shared/ports/engine.ts';
import type { Envelope, SignedHello } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { requireOpening } from '#shared/session/require-opening.ts';
import { authoriseIntent } from '../auth/authorise-intent.ts';
import type { NodeStorage } from '../storage/ports.ts';
import { beginEpoch, EpochSession, type PendingEpoch } from './epoch-session.ts';
import { PresignGate } from './presign-gate.ts';
import type { RunningSession } from './running-session.ts';
import { SigningSession } from './signing-session.ts';

/** Every wallet of this profile needs two of its parties to sign. */
const THRESHOLD = 2;
/** Ended sessions still answer repeats for this long. */
const ENDED_KEPT_MS = 5 * 60 * 1000;

/** What a session needs of the node. */
export interface NodeContext {
  readonly self: PartyId;
  readonly identity: Identity;
  /** Pinned identity keys of all nodes, this one included. */
  readonly nodes: ReadonlyMap<PartyId, Uint8Array>;
  readonly chains: ReadonlySet<ChainId>;
  readonly engine: Engine;
  readonly storage: NodeStorage;
  /** One-time material of a signing session dies after this time. */
  readonly poolTtlMs: number;
  readonly clock: Clock;
}

/** What the node says to a hello. */
export interface OpeningAnswer {
  readonly hello: SignedHello;
  readonly envelopes: Envelope[];
}

export class NodeSessions {
  readonly #context: NodeContext;
  readonly #sessions = new Map<SessionId, RunningSession>();
  /** Epoch openings by the hash of this node's own hello. */
  readonly #pending = new Map<string, PendingEpoch>();
  /** Answers to hellos by the hello's hash: the same bytes get the same answer. */
  readonly #openings = new Map<string, { answer: Promise<OpeningAnswer>; expiresAt: UnixMs }>();

  readonly #gate: PresignGate;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#gate = new PresignGate(context.clock);
  }

  /**
   * Answers a device's hello.
   * @throws TrefoilError `channel/*`, `input/*`, `wallet/*`, `session/too-many`
   */
  open(signed: SignedHello): Promise<OpeningAnswer> {
    const key = hashOf(signed);
    const earlier = this.#openings.get(key);
    if (earlier !== undefined) return earlier.answer;
    const answer = this.#open(signed);
    this.#openings.set(key, { answer, expiresAt: (this.#context.clock() + ENDED_KEPT_MS) as UnixMs });
    answer.catch(() => this.#openings.delete(key));
    return answer;
  }

  async #open(signed: SignedHello): Promise<OpeningAnswer> {
    const hello = await verifyHello(signed);
    if (hello.threshold !== THRESHOLD) throw new TrefoilError('channel/roster-mismatch', { operation: 'open' });
    const { kind } = requireOpening(hello);
    switch (kind) {
      case 'epoch':
        return this.#openEpoch(hello);
      case 'signing':
        return this.#openSigning(hello);
    }
  }

  async #openEpoch(hello: VerifiedHello): Promise<OpeningAnswer> {
    const { self, identity, nodes, storage, clock } = this.#context;
    this.#requirePinned(hello.roster, nodes);
    if (await storage.shares.has(hello.walletId)) throw new TrefoilError('wallet/exists', { operation: 'open' });
    const pendingOfWallet = [...this.#pending.values()].filter(({ terms }) => terms.walletId === hello.walletId).length;
    if (pendingOfWallet + this.#running(hello.walletId).length >= OPEN_SESSIONS_MAX_COUNT) {
      throw new TrefoilError('session/too-many', { operation: 'open' });
    }
    const pending = await beginEpoch({ terms: termsOf(hello), self, identity, now: clock() });
    this.#pending.set(hashOf(pending.hello), pending);
    return { hello: pending.hello, envelopes: [] };
  }

  async #openSigning(hello: VerifiedHello): Promise<OpeningAnswer> {
    const { self, identity, engine, storage, chains, poolTtlMs, clock } = this.#context;
    const wallet = await storage.shares.committed(hello.walletId);
    const pair = new Map([...wallet.roster].filter(([party]) => party === DEVICE || party === self));
    if (!sameRoster(hello.roster, pair)) throw new TrefoilError('channel/roster-mismatch', { operation: 'open' });
    if (hello.epoch !== wallet.epoch) throw new TrefoilError('channel/wrong-epoch', { operation: 'open' });
    const share = await storage.shares.withShare(wallet, (encoded) => engine.decodeShare(encoded, wallet.publicPackage));
    const accounts = new Map<number, AccountKeys>();
    const session = await SigningSession.open({
      device: hello,
      terms: termsOf(hello),
      self,
      identity,
      engine,
      share,
      gate: this.#gate.of(hello.walletId),
      ttlMs: poolTtlMs,
      authorise: (request) => authoriseIntent(request, { wallet, engine, chains, storage, accounts, clock }),
      clock,
    });
    this.#makeRoom(hello.walletId);
    this.#sessions.set(session.sessionId, session);
    return { hello: session.hello, envelopes: await session.opening() };
  }

  /**
   * Hands envelopes to their session and returns what this node now says.
   * @param hellos of every party, where the ceremony is one that this node does not know yet
   * @throws TrefoilError `session/unknown`, and whatever the session throws
   */
  async exchange(request: {
    walletId: WalletId;
    sessionId: SessionId;
    hellos: readonly SignedHello[];
    envelopes: readonly Envelope[];
  }): Promise<Envelope[]> {
    const session = this.#sessions.get(request.sessionId) ?? (await this.#startEpoch(request));
    if (session.walletId !== request.walletId) throw new TrefoilError('channel/wrong-wallet', { operation: 'exchange' });
    const out = request.hellos.length > 0 ? await session.opening() : [];
    const answers: Envelope[] = [...out];
    for (const envelope of request.envelopes) answers.push(...(await session.receive(envelope)));
    return answers;
  }

  async #startEpoch(request: { sessionId: SessionId; hellos: readonly SignedHello[] }): Promise<RunningSession> {
    const operation = 'exchange';
    const pending = request.hellos.map((hello) => this.#pending.get(hashOf(hello))).find((found) => found !== undefined);
    if (pending === undefined) throw new TrefoilError('session/unknown', { operation });
    const hellos = await Promise.all(request.hellos.map(verifyHello));
    if (sessionIdOf(hellos, pending.terms) !== request.sessionId) throw new TrefoilError('channel/wrong-session', { operation });
    const started = this.#sessions.get(request.sessionId);
    if (started !== undefined) return started;
    const { storage, ...context } = this.#context;
    const session = new EpochSession({ ...context, pending, hellos, store: storage.shares });
    this.#pending.delete(hashOf(pending.hello));
    this.#sessions.set(session.sessionId, session);
    return session;
  }

  /** Ends a session on the gateway's word. Unknown and ended sessions are fine. @throws TrefoilError `channel/wrong-wallet` */
  abort(walletId: WalletId, sessionId: SessionId, code: ErrorCode): void {
    const session = this.#sessions.get(sessionId);
    if (session === undefined || session.endedAt !== undefined) return;
    if (session.walletId !== walletId) throw new TrefoilError('channel/wrong-wallet', { operation: 'abort' });
    session.abort(new TrefoilError(code, { operation: 'abort' }));
  }

  /** Ends what has run out of time and forgets what ended long ago. */
  tick(): void {
    const now = this.#context.clock();
    this.#gate.tick();
    for (const [id, session] of this.#sessions) {
      if (session.endedAt === undefined) session.tick(now);
      else if (now - session.endedAt > ENDED_KEPT_MS) this.#sessions.delete(id);
    }
    for (const [key, { expiresAt }] of this.#pending) if (now >= expiresAt) this.#pending.delete(key);
    for (const [key, { expiresAt }] of this.#openings) if (now >= expiresAt) this.#openings.delete(key);
  }

  /** Ends every session, so that nothing secret outlives the process's wish to stop. */
  close(): void {
    for (const [id, { walletId }] of this.#sessions) this.abort(walletId, id, 'service/unavailable');
  }

  #running(walletId: WalletId): RunningSession[] {
    return [...this.#sessions.values()].filter((session) => session.walletId === walletId && session.endedAt === undefined);
  }

  /** A page that was reloaded opens new pools: its oldest one gives way. */
  #makeRoom(walletId: WalletId): void {
    const running = this.#running(walletId);
    for (const oldest of running.slice(0, Math.max(0, running.length - OPEN_SESSIONS_MAX_COUNT + 1))) {
      oldest.abort(new TrefoilError('session/too-many', { operation: 'open' }));
    }
  }

  /** Every party but the device must be a pinned node, under its pinned key. */
  #requirePinned(roster: Roster, nodes: ReadonlyMap<PartyId, Uint8Array>): void {
    const operation = 'open';
    const others = [...roster].filter(([party]) => party !== DEVICE);
    if (others.length !== nodes.size) throw new TrefoilError('channel/roster-mismatch', { operation });
    for (const [party, key] of others) {
      const pinned = nodes.get(party);
      if (pinned === undefined || !equalBytes(pinned, key))
        throw new TrefoilError('channel/unpinned-identity', { operation, culprits: [party] });
    }
  }
}

const hashOf = (signed: SignedHello): string => bytesToHex(sha256(signed.hello)) + bytesToHex(signed.signature);

const termsOf = ({ protocol, walletId, epoch, roster, threshold }: VerifiedHello): SessionTerms => ({
  protocol,
  walletId,
  epoch,
  roster,
  threshold,
});
