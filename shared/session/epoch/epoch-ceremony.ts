/**
 * One party's side of a ceremony that makes an epoch of a wallet, the same in the browser and in a node:
 *
 *     the first rounds      the engine's machine, which each ceremony brings along (key generation: commitments, shares, echo)
 *     the last round but one   PREPARED: the share is durable here
 *     the last round        COMMITTED: everybody has prepared, and the epoch is current here
 *
 * Sans-IO: envelopes in, envelopes out. The only effects are the steps of the {@link EpochStore}. Calls run one after
 * another; any failure aborts the ceremony for good.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import type { Channel, OpenedMessage } from '#shared/channel/channel.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { PartyId } from '#shared/ids.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { KeyShare, Machine, Outcome, Outgoing } from '#shared/ports/engine.ts';
import type { EpochStore } from '#shared/ports/epoch-store.ts';
import type { Envelope } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { type Ceremony, type Flow, flowOf, lastRoundOf, speakersBefore } from '../ceremonies.ts';
import { isOver, missingParties, openSession, reasonOf, reduceSession, type SessionEvent, type SessionState } from '../reducer.ts';
import { type EpochSubject, type EpochWord, signEpochStatement, verifyEpochStatement } from './epoch-statement.ts';

export interface EpochCeremonyOptions {
  /** The row of the ceremony. */
  readonly ceremony: Ceremony;
  /** The engine's part; the ceremony owns it from here on. */
  readonly machine: Machine<KeyShare>;
  readonly channel: Channel;
  readonly store: EpochStore;
  /** Milliseconds that a round may take. */
  readonly roundMs: number;
  readonly clock: Clock;
}

export class EpochCeremony {
  readonly #channel: Channel;
  readonly #store: EpochStore;
  readonly #clock: Clock;
  readonly #machine: Machine<KeyShare>;
  readonly #flow: Flow;
  readonly #preparedRound: number;
  readonly #committedRound: number;
  /** Messages by round and sender, until their round is complete. */
  readonly #waiting = new Map<number, Map<PartyId, Uint8Array>>();
  readonly #prepared = new Map<PartyId, Uint8Array>();
  /** The last round whose messages were all handled. */
  #finished = 0;
  #state: SessionState;
  #share: KeyShare | undefined;
  #error: TrefoilError | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor({ ceremony, machine, channel, store, roundMs, clock }: EpochCeremonyOptions) {
    this.#channel = channel;
    this.#store = store;
    this.#clock = clock;
    this.#machine = machine;
    const parties = [...channel.roster.keys()];
    this.#flow = flowOf(ceremony, parties);
    this.#committedRound = lastRoundOf(ceremony);
    this.#preparedRound = this.#committedRound - 1;
    this.#state = openSession({ parties, speakers: speakersBefore(this.#flow, channel.self), roundMs, now: clock() });
  }

  /** Where the ceremony stands, for progress and deadlines. */
  get state(): SessionState {
    return this.#state;
  }

  /** Done only when every party has said COMMITTED. */
  get outcome(): Outcome<KeyShare> {
    if (this.#error !== undefined) return { status: 'aborted', error: this.#error };
    return this.#state.phase === 'FINAL' && this.#share !== undefined ? { status: 'done', result: this.#share } : { status: 'pending' };
  }

  /** This party's messages of round 1. */
  start(): Promise<Envelope[]> {
    return this.#oneAtATime(async () => {
      this.#reduce({ type: 'started', now: this.#clock() });
      return this.#send(this.#machine.start());
    });
  }

  /**
   * Takes one envelope and returns what this party now has to say.
   * @throws TrefoilError the reason, when the message is bad or the ceremony has failed
   */
  receive(envelope: Envelope): Promise<Envelope[]> {
    return this.#channel.receive(envelope, (opened) => this.#oneAtATime(() => this.#take(opened)));
  }

  /** Ends the ceremony from outside: a deadline, a peer's abort, the person's wish. */
  abort(error: TrefoilError): void {
    if (isOver(this.#state)) return;
    this.#error = error;
    this.#reduce({ type: 'aborted', reason: reasonOf(error) });
    this.#machine.free();
    this.#share?.free();
    this.#channel.close();
  }

  #oneAtATime<T>(step: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(async () => {
      if (this.#error !== undefined) throw this.#error;
      try {
        return await step();
      } catch (thrown) {
        const error = TrefoilError.from(thrown, 'EpochCeremony');
        this.abort(error);
        throw error;
      }
    });
    this.#queue = run.catch(() => undefined);
    return run;
  }

  async #take({ from, round, body }: OpenedMessage): Promise<Envelope[]> {
    this.#reduce({ type: 'message', round, party: from, now: this.#clock() });
    const waiting = this.#waiting.get(round) ?? new Map<PartyId, Uint8Array>();
    this.#waiting.set(round, waiting.set(from, body));
    const out: Envelope[] = [];
    while (this.#isComplete(this.#finished + 1)) {
      this.#finished += 1;
      out.push(...(await this.#finishRound(this.#finished)));
    }
    return out;
  }

  /** Whether everybody who speaks to this party in a round has done so. */
  #isComplete(round: number): boolean {
    if (round > this.#committedRound) return false;
    const heard = this.#waiting.get(round);
    return this.#speakersTo(round).every((party) => heard?.has(party) ?? false);
  }

  #speakersTo(round: number): PartyId[] {
    const { self } = this.#channel;
    return [...(this.#flow[round - 1] ?? [])].filter(([, to]) => to.includes(self)).map(([from]) => from);
  }

  /** Hands a complete round on, in the order of party ids. */
  async #finishRound(round: number): Promise<Envelope[]> {
    const bodies = [...(this.#waiting.get(round) ?? [])].sort(([a], [b]) => a - b);
    this.#waiting.delete(round);
    const out: Envelope[] = [];
    for (const [party, body] of bodies) {
      const answer = this.#finishMessage(party, round, body);
      out.push(...(await answer.catch((thrown: unknown) => Promise.reject(blamed(thrown, party, round)))));
    }
    if (round === this.#preparedRound) out.push(...(await this.#commit()));
    if (round === this.#committedRound) await this.#finish();
    return out;
  }

  async #finishMessage(party: PartyId, round: number, body: Uint8Array): Promise<Envelope[]> {
    if (round === this.#preparedRound) {
      this.#prepared.set(party, await this.#verifyStatement('prepared', party, body));
      return [];
    }
    if (round === this.#committedRound) {
      await this.#verifyStatement('committed', party, body);
      return [];
    }
    const out = await this.#send(this.#machine.receive(party, round, body));
    const outcome = this.#machine.outcome();
    if (outcome.status === 'aborted') throw outcome.error;
    return outcome.status === 'done' ? [...out, ...(await this.#prepare(outcome.result))] : out;
  }

  /** The keys exist: keep the share, then say so. */
  async #prepare(share: KeyShare): Promise<Envelope[]> {
    this.#share = share;
    const channel = this.#channel;
    const encoded = share.encode();
    try {
      await this.#store.prepare({
        walletId: channel.walletId,
        epoch: channel.epoch,
        party: channel.self,
        share: encoded,
        publicPackage: share.publicPackage,
        roster: channel.roster,
      });
    } finally {
      encoded.fill(0);
    }
    return this.#say('prepared', this.#preparedRound);
  }

  /** Everybody has prepared: make the epoch current, then say so. */
  async #commit(): Promise<Envelope[]> {
    const own = await signEpochStatement('prepared', this.#subject(), this.#channel.self, this.#channel.identity);
    this.#prepared.set(this.#channel.self, await this.#verifyStatement('prepared', this.#channel.self, own));
    await this.#store.commit({ ...this.#subject(), signatures: this.#prepared });
    return this.#say('committed', this.#committedRound);
  }

  async #say(word: EpochWord, round: number): Promise<Envelope[]> {
    const body = await signEpochStatement(word, this.#subject(), this.#channel.self, this.#channel.identity);
    return this.#send([{ to: 0, round, payload: body }]);
  }

  #verifyStatement(word: EpochWord, party: PartyId, body: Uint8Array): Promise<Uint8Array> {
    const identity = this.#channel.roster.get(party);
    if (identity === undefined) throw new TrefoilError('engine/misuse', { operation: 'EpochCeremony' });
    return verifyEpochStatement(body, { word, subject: this.#subject(), party, identity });
  }

  #subject(): EpochSubject {
    const share = this.#share;
    if (share === undefined) throw new TrefoilError('engine/misuse', { operation: 'EpochCeremony' });
    return { walletId: this.#channel.walletId, epoch: this.#channel.epoch, publicPackageHash: sha256(share.publicPackage) };
  }

  /** Seals messages of this party; its own place in a round counts as soon as it speaks. */
  async #send(messages: readonly Outgoing[]): Promise<Envelope[]> {
    const sealed = messages.flatMap(({ to, round, payload }) =>
      (to === 0 ? this.#receiversIn(round) : [to]).map((peer) => this.#channel.seal(peer, round, payload)),
    );
    const envelopes = await Promise.all(sealed);
    for (const round of new Set(messages.map((message) => message.round))) {
      this.#reduce({ type: 'message', round, party: this.#channel.self, now: this.#clock() });
    }
    return envelopes;
  }

  #receiversIn(round: number): readonly PartyId[] {
    return this.#flow[round - 1]?.get(this.#channel.self) ?? [];
  }

  /** Everybody has committed. */
  async #finish(): Promise<void> {
    await this.#store.complete(this.#channel.walletId, this.#channel.epoch);
    this.#reduce({ type: 'finished' });
    this.#machine.free();
    this.#channel.close();
  }

  #reduce(event: SessionEvent): void {
    this.#state = reduceSession(this.#state, event);
  }

  /** Ends the ceremony when its round has run out of time, naming who is missing. */
  tick(): void {
    const before = this.#state;
    const after = reduceSession(before, { type: 'tick', now: this.#clock() });
    if (after === before || after.phase !== 'ABORT') return;
    const culprits = before.phase === 'ROUND' ? missingParties(before, before.round) : [];
    this.abort(new TrefoilError('session/timeout', { operation: 'EpochCeremony', culprits }));
  }
}

/** A peer's message that is not well formed is that peer's doing, whichever check found it. */
function blamed(thrown: unknown, party: PartyId, round: number): TrefoilError {
  const error = TrefoilError.from(thrown, 'EpochCeremony');
  if (error.code !== 'input/malformed' && error.code !== 'input/too-large') return error;
  return new TrefoilError(error.code, { operation: error.operation, detail: error.detail, blame: 'peer', culprits: [party], round });
}
