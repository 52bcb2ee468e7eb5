/**
 * One party's side of creating a wallet, the same in the browser and in a node:
 *
 *     rounds 1–3   the engine's key generation (commitments, shares, echo)
 *     round 4      PREPARED: the share is durable here
 *     round 5      COMMITTED: everybody has prepared, and the epoch is current here
 *
 * Sans-IO: envelopes in, envelopes out. The only effects are the steps of the {@link EpochStore}. Calls run one after
 * another; any failure aborts the ceremony for good.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { hashParts } from '#shared/channel/bytes.ts';
import type { Channel, Opened } from '#shared/channel/channel.ts';
import { TrefoilError } from '#shared/errors.ts';
import { idBytes, type PartyId, type UnixMs } from '#shared/ids.ts';
import type { Engine, KeyShare, Machine, Outcome, Outgoing } from '#shared/ports/engine.ts';
import type { EpochStore } from '#shared/ports/epoch-store.ts';
import type { Envelope } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { isOver, missingParties, openSession, reasonOf, reduceSession, type SessionEvent, type SessionState } from '../reducer.ts';
import { type EpochSubject, type EpochWord, signEpochStatement, verifyEpochStatement } from './epoch-statement.ts';

const CONTEXT_DOMAIN = 'trefoil/keygen-context/v1';
const PREPARED_ROUND = 4;
/** Rounds of the ceremony; COMMITTED is the last. */
export const KEYGEN_ROUNDS = 5;

export class KeygenCeremony {
  readonly #channel: Channel;
  readonly #store: EpochStore;
  readonly #now: () => UnixMs;
  readonly #machine: Machine<KeyShare>;
  /** Messages by round and sender, until their round is complete. */
  readonly #waiting = new Map<number, Map<PartyId, Uint8Array>>();
  readonly #prepared = new Map<PartyId, Uint8Array>();
  /** The last round whose messages were all handled. */
  #finished = 0;
  #state: SessionState;
  #share: KeyShare | undefined;
  #error: TrefoilError | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: { engine: Engine; channel: Channel; store: EpochStore; threshold: number; roundMs: number; now: () => UnixMs }) {
    const { engine, channel, threshold } = options;
    this.#channel = channel;
    this.#store = options.store;
    this.#now = options.now;
    this.#machine = engine.keygen({
      party: channel.self,
      roster: [...channel.roster.keys()],
      threshold,
      context: hashParts(CONTEXT_DOMAIN, idBytes(channel.sessionId), ...channel.roster.values()),
    });
    this.#state = openSession({ parties: [...channel.roster.keys()], rounds: KEYGEN_ROUNDS, roundMs: options.roundMs, now: options.now() });
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
      this.#reduce({ type: 'started', now: this.#now() });
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
        const error = TrefoilError.from(thrown, 'KeygenCeremony');
        this.abort(error);
        throw error;
      }
    });
    this.#queue = run.catch(() => undefined);
    return run;
  }

  async #take({ from, round, body }: Opened): Promise<Envelope[]> {
    this.#reduce({ type: 'message', round, party: from, now: this.#now() });
    const waiting = this.#waiting.get(round) ?? new Map<PartyId, Uint8Array>();
    this.#waiting.set(round, waiting.set(from, body));
    const out: Envelope[] = [];
    while (this.#waiting.get(this.#finished + 1)?.size === this.#channel.peers.length) {
      this.#finished += 1;
      out.push(...(await this.#finishRound(this.#finished)));
    }
    return out;
  }

  /** Hands a complete round on, in the order of party ids. */
  async #finishRound(round: number): Promise<Envelope[]> {
    const bodies = this.#waiting.get(round) ?? new Map<PartyId, Uint8Array>();
    this.#waiting.delete(round);
    const out: Envelope[] = [];
    for (const party of this.#channel.peers) {
      const answer = this.#finishMessage(party, round, bodies.get(party) ?? new Uint8Array());
      out.push(...(await answer.catch((thrown: unknown) => Promise.reject(blamed(thrown, party, round)))));
    }
    if (round === PREPARED_ROUND) out.push(...(await this.#commit()));
    if (round === KEYGEN_ROUNDS) await this.#finish();
    return out;
  }

  async #finishMessage(party: PartyId, round: number, body: Uint8Array): Promise<Envelope[]> {
    if (round === PREPARED_ROUND) {
      this.#prepared.set(party, await this.#verifyStatement('prepared', party, body));
      return [];
    }
    if (round === KEYGEN_ROUNDS) {
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
    return this.#say('prepared', PREPARED_ROUND);
  }

  /** Everybody has prepared: make the epoch current, then say so. */
  async #commit(): Promise<Envelope[]> {
    const own = await signEpochStatement('prepared', this.#subject(), this.#channel.self, this.#channel.identity);
    this.#prepared.set(this.#channel.self, await this.#verifyStatement('prepared', this.#channel.self, own));
    await this.#store.commit({ ...this.#subject(), signatures: this.#prepared });
    return this.#say('committed', KEYGEN_ROUNDS);
  }

  async #say(word: EpochWord, round: number): Promise<Envelope[]> {
    const body = await signEpochStatement(word, this.#subject(), this.#channel.self, this.#channel.identity);
    return this.#send([{ to: 0, round, payload: body }]);
  }

  #verifyStatement(word: EpochWord, party: PartyId, body: Uint8Array): Promise<Uint8Array> {
    const identity = this.#channel.roster.get(party) ?? new Uint8Array();
    return verifyEpochStatement(body, { word, subject: this.#subject(), party, identity });
  }

  #subject(): EpochSubject {
    const share = this.#share;
    if (share === undefined) throw new TrefoilError('engine/misuse', { operation: 'KeygenCeremony' });
    return { walletId: this.#channel.walletId, epoch: this.#channel.epoch, publicPackageHash: sha256(share.publicPackage) };
  }

  /** Seals messages of this party; its own place in a round counts as soon as it speaks. */
  async #send(messages: readonly Outgoing[]): Promise<Envelope[]> {
    const sealed = messages.flatMap(({ to, round, payload }) =>
      (to === 0 ? this.#channel.peers : [to]).map((peer) => this.#channel.seal(peer, round, payload)),
    );
    const envelopes = await Promise.all(sealed);
    for (const round of new Set(messages.map((message) => message.round))) {
      this.#reduce({ type: 'message', round, party: this.#channel.self, now: this.#now() });
    }
    return envelopes;
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
    const after = reduceSession(before, { type: 'tick', now: this.#now() });
    if (after === before || after.phase !== 'ABORT') return;
    const culprits = before.phase === 'ROUND' ? missingParties(before, before.round) : [];
    this.abort(new TrefoilError('session/timeout', { operation: 'KeygenCeremony', culprits }));
  }
}

/** A peer's message that is not well formed is that peer's doing, whichever check found it. */
function blamed(thrown: unknown, party: PartyId, round: number): TrefoilError {
  const error = TrefoilError.from(thrown, 'KeygenCeremony');
  if (error.code !== 'input/malformed' && error.code !== 'input/too-large') return error;
  return new TrefoilError(error.code, { operation: error.operation, detail: error.detail, blame: 'peer', culprits: [party], round });
}
