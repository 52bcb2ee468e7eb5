/** One-time material for a device, and the signatures made with it. It lives in memory and dies with the process. */
import { Channel, makeOneUseKeys } from '#shared/channel/channel.ts';
import { readHeader } from '#shared/channel/envelope.ts';
import { makeHello, type SessionTerms, type VerifiedHello, verifyHello } from '#shared/channel/hello.ts';
import type { Identity } from '#shared/channel/identity.ts';
import type { TrefoilError } from '#shared/errors.ts';
import type { PartyId, SessionId, UnixMs, WalletId } from '#shared/ids.ts';
import { MESSAGE_PARTS_MAX_COUNT, POOL_TTL_MS } from '#shared/limits.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { Engine, KeyShare } from '#shared/ports/engine.ts';
import type { Envelope, SignedHello } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import type { SignRequest } from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import type { BatchGate } from '#shared/session/signing/node/node-batches.ts';
import { type AuthorisedIntent, NodeSession } from '#shared/session/signing/node/node-session.ts';
import { SIGNING_ROUNDS } from '#shared/session/signing/rounds.ts';
import { log } from '../ops/log.ts';
import type { RunningSession } from './running-session.ts';

export class SigningSession implements RunningSession {
  readonly sessionId: SessionId;
  readonly walletId: WalletId;
  /** This node's half of the opening. */
  readonly hello: SignedHello;
  readonly #session: NodeSession;
  readonly #share: KeyShare;
  readonly #expiresAt: UnixMs;
  readonly #clock: Clock;
  #endedAt: UnixMs | undefined;

  private constructor(options: {
    channel: Channel;
    hello: SignedHello;
    session: NodeSession;
    share: KeyShare;
    ttlMs: number;
    clock: Clock;
  }) {
    this.sessionId = options.channel.sessionId;
    this.walletId = options.channel.walletId;
    this.hello = options.hello;
    this.#session = options.session;
    this.#share = options.share;
    this.#clock = options.clock;
    this.#expiresAt = (options.clock() + options.ttlMs) as UnixMs;
    log('session.opened', { protocol: 'signing', wallet: this.walletId, session: this.sessionId });
  }

  /** Answers a device's hello: makes the first nonces and owns `share` from here on. */
  static async open(options: {
    device: VerifiedHello;
    terms: SessionTerms;
    self: PartyId;
    identity: Identity;
    engine: Engine;
    share: KeyShare;
    gate: BatchGate;
    authorise: (request: SignRequest) => Promise<AuthorisedIntent>;
    /** One-time material dies after this time. */
    ttlMs?: number;
    clock: Clock;
  }): Promise<SigningSession> {
    const { device, terms, self, identity, engine, share, gate, authorise, ttlMs = POOL_TTL_MS, clock } = options;
    const oneUseKeys = await makeOneUseKeys();
    const hello = await makeHello({ terms, party: self, identity, oneUseKey: oneUseKeys.publicKey });
    const hellos = [device, await verifyHello(hello)];
    const channel = new Channel({
      terms,
      hellos,
      self,
      identity,
      oneUseKeys,
      lastRound: SIGNING_ROUNDS,
      maxParts: MESSAGE_PARTS_MAX_COUNT,
    });
    const session = new NodeSession({ engine, channel, share, counts: device.commitments, gate, authorise, clock });
    return new SigningSession({ channel, hello, session, share, ttlMs, clock });
  }

  async opening(): Promise<Envelope[]> {
    return [await this.#session.commitments()];
  }

  async receive(envelope: Envelope): Promise<Envelope[]> {
    const answer = await this.#session.receive(envelope);
    if (answer.length > 0) log('session.answered', { wallet: this.walletId, session: this.sessionId, round: readHeader(envelope).round });
    return answer;
  }

  tick(now: UnixMs): void {
    if (now >= this.#expiresAt) this.#end(now);
    else this.#session.tick(now);
  }

  abort(error: TrefoilError): void {
    log('session.aborted', { protocol: 'signing', wallet: this.walletId, session: this.sessionId, code: error.code });
    this.#end(this.#clock());
  }

  get endedAt(): UnixMs | undefined {
    return this.#endedAt;
  }

  #end(now: UnixMs): void {
    if (this.#endedAt !== undefined) return;
    this.#endedAt = now;
    this.#session.close();
    this.#share.free();
  }
}
