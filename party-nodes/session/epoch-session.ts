/** A ceremony that makes an epoch of a wallet, with this node's share store behind it. */
import { Channel, makeOneUseKeys, type OneUseKeys } from '#shared/channel/channel.ts';
import { makeHello, requireSameTerms, type SessionTerms, type VerifiedHello } from '#shared/channel/hello.ts';
import type { Identity } from '#shared/channel/identity.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { PartyId, SessionId, UnixMs, WalletId } from '#shared/ids.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { Engine } from '#shared/ports/engine.ts';
import type { EpochStore } from '#shared/ports/epoch-store.ts';
import { type Envelope, Protocol, type SignedHello } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { CEREMONIES, type KnownProtocol, lastRoundOf } from '#shared/session/ceremonies.ts';
import { roundDeadlineMs } from '#shared/session/deadline.ts';
import type { EpochCeremony } from '#shared/session/epoch/epoch-ceremony.ts';
import { type KeygenOptions, keygenCeremony } from '#shared/session/epoch/keygen.ts';
import { isOver } from '#shared/session/reducer.ts';
import { log } from '../ops/log.ts';
import type { RunningSession } from './running-session.ts';

/** This node's half of an opening, until every party's hello is here. */
export interface PendingEpoch {
  readonly terms: SessionTerms;
  readonly hello: SignedHello;
  readonly oneUseKeys: OneUseKeys;
  readonly expiresAt: UnixMs;
}

/** Answers a device's hello with this node's own. */
export async function beginEpoch(options: { terms: SessionTerms; self: PartyId; identity: Identity; now: UnixMs }): Promise<PendingEpoch> {
  const oneUseKeys = await makeOneUseKeys();
  const hello = await makeHello({ terms: options.terms, party: options.self, identity: options.identity, oneUseKey: oneUseKeys.publicKey });
  return { terms: options.terms, hello, oneUseKeys, expiresAt: (options.now + roundDeadlineMs([])) as UnixMs };
}

export class EpochSession implements RunningSession {
  readonly sessionId: SessionId;
  readonly walletId: WalletId;
  readonly #ceremony: EpochCeremony;
  readonly #clock: Clock;
  readonly #name: string;
  #phase: string;
  #opening: Promise<Envelope[]> | undefined;
  #endedAt: UnixMs | undefined;

  /** @throws TrefoilError `channel/*` when the hellos are not those of this session */
  constructor(options: {
    pending: PendingEpoch;
    hellos: readonly VerifiedHello[];
    self: PartyId;
    identity: Identity;
    engine: Engine;
    store: EpochStore;
    clock: Clock;
  }) {
    const { pending, hellos, self, identity, engine, store, clock } = options;
    for (const hello of hellos) requireSameTerms(hello, pending.terms);
    const channel = new Channel({
      terms: pending.terms,
      hellos,
      self,
      identity,
      oneUseKeys: pending.oneUseKeys,
      lastRound: lastRoundOf(CEREMONIES[pending.terms.protocol]),
    });
    this.sessionId = channel.sessionId;
    this.walletId = channel.walletId;
    this.#clock = clock;
    this.#name = CEREMONIES[pending.terms.protocol].name;
    const { protocol, threshold } = pending.terms;
    this.#ceremony = join(protocol, { engine, channel, store, threshold, roundMs: roundDeadlineMs([]), clock });
    this.#phase = this.#ceremony.state.phase;
  }

  opening(): Promise<Envelope[]> {
    this.#opening ??= this.#observed(this.#ceremony.start());
    return this.#opening;
  }

  receive(envelope: Envelope): Promise<Envelope[]> {
    return this.#observed(this.#ceremony.receive(envelope));
  }

  tick(_now: UnixMs): void {
    this.#ceremony.tick();
    this.#observe();
  }

  abort(error: TrefoilError): void {
    this.#ceremony.abort(error);
    this.#observe();
  }

  get endedAt(): UnixMs | undefined {
    return this.#endedAt;
  }

  async #observed(step: Promise<Envelope[]>): Promise<Envelope[]> {
    try {
      return await step;
    } finally {
      this.#observe();
    }
  }

  /** Writes one event for each transition. */
  #observe(): void {
    const { state } = this.#ceremony;
    const phase = state.phase === 'ROUND' ? `ROUND ${state.round}` : state.phase;
    if (phase === this.#phase) return;
    this.#phase = phase;
    const reason = state.phase === 'ABORT' ? { code: state.reason.code, culprits: state.reason.culprits } : {};
    log('session.transition', { protocol: this.#name, wallet: this.walletId, session: this.sessionId, phase, ...reason });
    if (!isOver(state)) return;
    this.#endedAt ??= this.#clock();
    const { outcome } = this.#ceremony;
    if (outcome.status === 'done') outcome.result.free();
  }
}

/** This node's side of an epoch ceremony, by its protocol. */
function join(protocol: KnownProtocol, options: KeygenOptions): EpochCeremony {
  switch (protocol) {
    case Protocol.KEYGEN:
      return keygenCeremony(options);
    case Protocol.SIGNING:
      throw new TrefoilError('engine/misuse', { operation: 'EpochSession', detail: 'signing makes no epoch' });
  }
}
