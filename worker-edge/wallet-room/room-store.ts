/**
 * What a wallet's room keeps in its SQLite: the device's identity, sessions, the envelopes of running sessions, and one
 * event for each transition. Everything is written before anything leaves the room, so an evicted room goes on where it was.
 *
 * Must never: hold anything but public keys, headers and ciphertext.
 */

import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { equalBytes } from '#shared/channel/bytes.ts';
import { envelopeHash, readHeader } from '#shared/channel/envelope.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { PartyId, SessionId, UnixMs } from '#shared/ids.ts';
import { type Envelope, EnvelopeSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { isOver, type SessionState } from '#shared/session/reducer.ts';

/** A room remembers this many transitions, the newest. */
const EVENTS_KEPT = 10_000;
/** Bodies and answers of an ended session stay this long for late repeats, then go. */
const ENDED_KEPT_MS = 2 * 60 * 1000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS wallet (only INTEGER PRIMARY KEY CHECK (only = 1), device_identity BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS sessions (
    session_id TEXT PRIMARY KEY, opening TEXT NOT NULL UNIQUE, answer TEXT NOT NULL, device_identity BLOB NOT NULL,
    state TEXT NOT NULL, due_at INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS envelopes (
    session_id TEXT NOT NULL, round INTEGER NOT NULL, sender INTEGER NOT NULL, receiver INTEGER NOT NULL,
    hash BLOB NOT NULL, body BLOB NOT NULL, delivered INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (session_id, round, sender, receiver)
  );
  CREATE TABLE IF NOT EXISTS relayed (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, round INTEGER NOT NULL, sender INTEGER NOT NULL, part INTEGER NOT NULL,
    bytes INTEGER NOT NULL, hash BLOB NOT NULL
  );
  CREATE TABLE IF NOT EXISTS events (sequence INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, phase TEXT NOT NULL, at INTEGER NOT NULL, request_id TEXT NOT NULL);
`;

/** A session as it is stored. */
export interface StoredSession {
  readonly sessionId: SessionId;
  readonly state: SessionState;
  readonly deviceIdentity: Uint8Array;
  /** What the opening hello was answered with, as JSON. */
  readonly answer: string;
}

export class RoomStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
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
    const { sessionId, state, deviceIdentity, answer } = session;
    this.#sql.exec(
      'INSERT INTO sessions (session_id, opening, answer, device_identity, state, due_at) VALUES (?, ?, ?, ?, ?, ?)',
      ...[sessionId, opening, answer, blob(deviceIdentity), JSON.stringify(state), dueAt(state, 0 as UnixMs)],
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
  addRelayed(envelopes: readonly Envelope[]): void {
    for (const envelope of envelopes) {
      const { sessionId, round, from, part } = readHeader(envelope);
      this.#sql.exec(
        'INSERT INTO relayed (session_id, round, sender, part, bytes, hash) VALUES (?, ?, ?, ?, ?, ?)',
        ...[sessionId, round, from, part, envelope.ciphertext.length, blob(envelopeHash(envelope))],
      );
    }
    this.#sql.exec('DELETE FROM relayed WHERE sequence <= (SELECT max(sequence) FROM relayed) - ?', EVENTS_KEPT);
  }

  /**
   * Keeps an envelope until it is delivered.
   * @returns false when the identical envelope is here already
   * @throws TrefoilError `session/conflict` for other bytes in the same place
   */
  addEnvelope(envelope: Envelope): boolean {
    const { sessionId, round, from, to } = readHeader(envelope);
    const hash = envelopeHash(envelope);
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
  envelopesFor(sessionId: SessionId, receiver: PartyId, which: 'all' | 'undelivered'): Envelope[] {
    return this.#sql
      .exec(
        'SELECT body FROM envelopes WHERE session_id = ? AND receiver = ? AND delivered <= ? ORDER BY round, sender',
        sessionId,
        receiver,
        which === 'all' ? 1 : 0,
      )
      .toArray()
      .map((row) => fromBinary(EnvelopeSchema, bytes(row['body'])));
  }

  /** How many envelopes a party has sent in a round. */
  sentInRound(sessionId: SessionId, round: number, sender: PartyId): number {
    const query = 'SELECT count(*) AS n FROM envelopes WHERE session_id = ? AND round = ? AND sender = ?';
    return Number(this.#sql.exec(query, sessionId, round, sender).one()['n']);
  }

  markDelivered(envelopes: readonly Envelope[]): void {
    for (const envelope of envelopes) {
      const { sessionId, round, from, to } = readHeader(envelope);
      this.#sql.exec(
        'UPDATE envelopes SET delivered = 1 WHERE session_id = ? AND round = ? AND sender = ? AND receiver = ?',
        sessionId,
        round,
        from,
        to,
      );
    }
  }

  /** When the next session is due: its deadline while it runs, its removal after that. */
  nextDue(): UnixMs | undefined {
    const due = this.#sql.exec('SELECT min(due_at) AS due FROM sessions').one()['due'];
    return due === null ? undefined : (Number(due) as UnixMs);
  }

  /** Removes ended sessions whose time for repeats is over, with their bodies. */
  purge(now: UnixMs): void {
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
