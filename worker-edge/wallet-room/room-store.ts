/**
 * What a wallet's room keeps in its SQLite: the device's identity, sessions, the envelopes of running ceremonies, what was released
 * for a signature, and one event for each transition. Everything is written before anything leaves the room, so an evicted room
 * goes on where it was. It takes envelopes only as admitted ones.
 *
 * Must never: hold anything but public keys, headers and ciphertext.
 */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { equalBytes } from '#shared/channel/bytes.ts';
import type { Header } from '#shared/channel/envelope.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { Epoch, PartyId, SessionId, UnixMs } from '#shared/ids.ts';
import { type Envelope, EnvelopeSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { ceremonyOf, type KnownProtocol } from '#shared/session/ceremonies.ts';
import { isOver, type SessionState } from '#shared/session/reducer.ts';
import type { AdmittedEnvelope } from './admit-envelope.ts';
import { migrate } from './room-schema.ts';

/** A room remembers this many transitions, the newest. */
const EVENTS_KEPT = 10_000;
/** Bodies and answers of an ended session, and answers to signing requests, stay this long for late repeats, then go. */
const ENDED_KEPT_MS = 2 * 60 * 1000;

/** A session as it is stored. */
export interface StoredSession {
  readonly sessionId: SessionId;
  readonly protocol: KnownProtocol;
  readonly epoch: Epoch;
  readonly state: SessionState;
  readonly deviceIdentity: Uint8Array;
  /** What the opening hello was answered with, as JSON. */
  readonly answer: string;
}

/** Where an envelope of a session belongs. */
type Place = Pick<Header, 'sessionId' | 'round' | 'from' | 'to'>;

/** An envelope that waits for its receiver. */
export interface StoredEnvelope {
  readonly place: Place;
  readonly envelope: Envelope;
}

export class RoomStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    migrate(sql);
  }

  /** The wallet's device identity, once a node has confirmed it. */
  deviceIdentity(): Uint8Array | undefined {
    const [row] = this.#sql.exec('SELECT device_identity FROM wallet').toArray();
    return row === undefined ? undefined : bytes(row['device_identity']);
  }

  setDeviceIdentity(identity: Uint8Array): void {
    this.#sql.exec(
      'INSERT INTO wallet (only, device_identity) VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET device_identity = excluded.device_identity',
      blob(identity),
    );
  }

  /** @param opening hash of the device's hello, in hex */
  insertSession(session: StoredSession, opening: string): void {
    const { sessionId, protocol, epoch, state, deviceIdentity, answer } = session;
    this.#sql.exec(
      'INSERT INTO sessions (session_id, protocol, epoch, opening, answer, device_identity, state, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ...[sessionId, protocol, epoch, opening, answer, blob(deviceIdentity), JSON.stringify(state), dueAt(state, 0 as UnixMs)],
    );
  }

  session(sessionId: SessionId): StoredSession | undefined {
    return this.#sessions('SELECT * FROM sessions WHERE session_id = ?', sessionId)[0];
  }

  sessionOpenedBy(opening: string): StoredSession | undefined {
    return this.#sessions('SELECT * FROM sessions WHERE opening = ?', opening)[0];
  }

  runningSessions(): StoredSession[] {
    return this.#sessions('SELECT * FROM sessions').filter(({ state }) => !isOver(state));
  }

  #sessions(query: string, ...bindings: string[]): StoredSession[] {
    return this.#sql
      .exec(query, ...bindings)
      .toArray()
      .map((row) => ({
        sessionId: String(row['session_id']) as SessionId,
        protocol: ceremonyOf(Number(row['protocol'])).protocol,
        epoch: Number(row['epoch']) as Epoch,
        state: JSON.parse(String(row['state'])) as SessionState,
        deviceIdentity: bytes(row['device_identity']),
        answer: String(row['answer']),
      }));
  }

  setState(sessionId: SessionId, state: SessionState, now: UnixMs): void {
    this.#sql.exec('UPDATE sessions SET state = ?, due_at = ? WHERE session_id = ?', JSON.stringify(state), dueAt(state, now), sessionId);
  }

  addEvent(event: { sessionId: string; phase: string; now: UnixMs; requestId: string }): void {
    this.#sql.exec(
      'INSERT INTO events (session_id, phase, at, request_id) VALUES (?, ?, ?, ?)',
      event.sessionId,
      event.phase,
      event.now,
      event.requestId,
    );
    this.#sql.exec('DELETE FROM events WHERE sequence <= (SELECT max(sequence) FROM events) - ?', EVENTS_KEPT);
  }

  /** Remembers what was relayed without being kept: place, length and hash, so that a party can be held to what it sent. */
  addRelayed(relayed: readonly AdmittedEnvelope[]): void {
    for (const { header, hash, envelope } of relayed) {
      this.#sql.exec(
        'INSERT INTO relayed (session_id, round, sender, part, bytes, hash) VALUES (?, ?, ?, ?, ?, ?)',
        ...[header.sessionId, header.round, header.from, header.part, envelope.ciphertext.length, blob(hash)],
      );
    }
    this.#sql.exec('DELETE FROM relayed WHERE sequence <= (SELECT max(sequence) FROM relayed) - ?', EVENTS_KEPT);
  }

  /** Writes down that a signing request is released to its node. The same request again changes nothing. */
  addRelease({ header, hash }: AdmittedEnvelope, now: UnixMs): void {
    this.#sql.exec('DELETE FROM releases WHERE due_at <= ?', now);
    this.#sql.exec(
      'INSERT INTO releases (session_id, round, receiver, hash, due_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      ...[header.sessionId, header.round, header.to, blob(hash), now + ENDED_KEPT_MS],
    );
  }

  /** Writes down what a released request was answered with. */
  setReleaseAnswer({ header, hash }: AdmittedEnvelope, answer: AdmittedEnvelope): void {
    this.#sql.exec(
      'UPDATE releases SET answer = ? WHERE session_id = ? AND round = ? AND receiver = ? AND hash = ?',
      ...[blob(toBinary(EnvelopeSchema, answer.envelope)), header.sessionId, header.round, header.to, blob(hash)],
    );
  }

  /** The answer to these very bytes, where there was one. */
  releaseAnswer({ header, hash }: AdmittedEnvelope): Envelope | undefined {
    const query = 'SELECT answer FROM releases WHERE session_id = ? AND round = ? AND receiver = ? AND hash = ? AND answer IS NOT NULL';
    const [row] = this.#sql.exec(query, header.sessionId, header.round, header.to, blob(hash)).toArray();
    return row === undefined ? undefined : fromBinary(EnvelopeSchema, bytes(row['answer']));
  }

  /**
   * Keeps an envelope until it is delivered.
   * @returns false when the identical envelope is here already
   * @throws TrefoilError `session/conflict` for other bytes in the same place
   */
  addEnvelope({ header, hash, envelope }: AdmittedEnvelope): boolean {
    const { sessionId, round, from, to } = header;
    const [row] = this.#sql
      .exec('SELECT hash FROM envelopes WHERE session_id = ? AND round = ? AND sender = ? AND receiver = ?', sessionId, round, from, to)
      .toArray();
    if (row !== undefined) {
      if (equalBytes(bytes(row['hash']), hash)) return false;
      throw new TrefoilError('session/conflict', { operation: 'addEnvelope', round, culprits: [from] });
    }
    this.#sql.exec(
      'INSERT INTO envelopes (session_id, round, sender, receiver, hash, body) VALUES (?, ?, ?, ?, ?, ?)',
      ...[sessionId, round, from, to, blob(hash), blob(toBinary(EnvelopeSchema, envelope))],
    );
    return true;
  }

  /** Envelopes for a party, in the order of rounds and senders. */
  envelopesFor(sessionId: SessionId, to: PartyId, which: 'all' | 'undelivered'): StoredEnvelope[] {
    return this.#sql
      .exec(
        'SELECT round, sender, body FROM envelopes WHERE session_id = ? AND receiver = ? AND delivered <= ? ORDER BY round, sender',
        sessionId,
        to,
        which === 'all' ? 1 : 0,
      )
      .toArray()
      .map((row) => ({
        place: { sessionId, round: Number(row['round']), from: Number(row['sender']) as PartyId, to },
        envelope: fromBinary(EnvelopeSchema, bytes(row['body'])),
      }));
  }

  /** How many envelopes a party has sent in a round. */
  sentInRound(sessionId: SessionId, round: number, sender: PartyId): number {
    const query = 'SELECT count(*) AS n FROM envelopes WHERE session_id = ? AND round = ? AND sender = ?';
    return Number(this.#sql.exec(query, sessionId, round, sender).one()['n']);
  }

  markDelivered(delivered: readonly StoredEnvelope[]): void {
    for (const { place } of delivered) {
      this.#sql.exec(
        'UPDATE envelopes SET delivered = 1 WHERE session_id = ? AND round = ? AND sender = ? AND receiver = ?',
        ...[place.sessionId, place.round, place.from, place.to],
      );
    }
  }

  /** When the next row is due: a session's deadline while it runs, its removal after that, and the removal of an answer. */
  nextDue(): UnixMs | undefined {
    const query = 'SELECT min(due_at) AS due FROM (SELECT due_at FROM sessions UNION ALL SELECT due_at FROM releases)';
    const due = this.#sql.exec(query).one()['due'];
    return due === null ? undefined : (Number(due) as UnixMs);
  }

  /** Removes ended sessions and answers whose time for repeats is over, with their bodies. */
  purge(now: UnixMs): void {
    this.#sql.exec('DELETE FROM releases WHERE due_at <= ?', now);
    for (const { sessionId, state } of this.#sessions('SELECT * FROM sessions WHERE due_at <= ?', String(now))) {
      if (!isOver(state)) continue;
      this.#sql.exec('DELETE FROM envelopes WHERE session_id = ?', sessionId);
      this.#sql.exec('DELETE FROM sessions WHERE session_id = ?', sessionId);
    }
  }
}

const dueAt = (state: SessionState, now: UnixMs): number => (isOver(state) ? now + ENDED_KEPT_MS : state.deadline);

const bytes = (value: unknown): Uint8Array => new Uint8Array(value as ArrayBuffer);
const blob = (value: Uint8Array): ArrayBuffer => value.slice().buffer as ArrayBuffer;
