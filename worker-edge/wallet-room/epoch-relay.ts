/**
 * The room's part in creating a wallet: it brings the parties' hellos together, carries their envelopes and keeps
 * the state machine. It can read headers only. Any failure ends the session for every party.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { fromBase64, toBase64 } from '#shared/api/base64.ts';
import { readHeader, verifyEnvelope } from '#shared/channel/envelope.ts';
import { type SessionTerms, sessionIdOf, type VerifiedHello, verifyHello } from '#shared/channel/hello.ts';
import { TrefoilError } from '#shared/errors.ts';
import { DEVICE, idBytes, type PartyId, type SessionId, type UnixMs, type WalletId } from '#shared/ids.ts';
import { decode } from '#shared/proto/decode.ts';
import { type Envelope, EnvelopeSchema, SignedHelloSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { AbortSessionRequestSchema, ExchangeRequestSchema, OpenSessionRequestSchema } from '#shared/proto/gen/trefoil/v1/node_pb.js';
import { roundDeadlineMs } from '#shared/session/deadline.ts';
import { KEYGEN_ROUNDS } from '#shared/session/epoch/epoch-ceremony.ts';
import {
  type AbortReason,
  errorOf,
  isOver,
  openSession,
  reasonOf,
  reduceSession,
  type SessionEvent,
  type SessionState,
} from '#shared/session/reducer.ts';
import { log } from '../log.ts';
import type { PartyClient } from '../upstream/party-client.ts';
import type { RoomStore, StoredSession } from './room-store.ts';

/** A message of a serialised hello has at most this size. */
const HELLO_MAX_BYTES = 8192;
/** Ending a session at a node is worth this long a wait, and no more. */
const ABORT_TIMEOUT_MS = 2_000;
/** A wallet begins with this epoch. */
const FIRST_EPOCH = 0;

/** What the room lends a relay. */
export interface RelayContext {
  readonly store: RoomStore;
  readonly parties: ReadonlyMap<PartyId, PartyClient>;
  readonly walletId: WalletId;
  readonly requestId: string;
  readonly now: () => UnixMs;
}

export interface OpenedSession {
  readonly sessionId: SessionId;
  readonly hellos: readonly string[];
  readonly envelopes: readonly string[];
}

/**
 * Asks every node of the roster for its hello.
 * @param opening hash of the device's hello; the same hello gets the same answer
 */
export async function openKeygen(context: RelayContext, device: VerifiedHello, opening: string): Promise<OpenedSession> {
  const { store, now } = context;
  const nodes = [...device.roster.keys()].filter((party) => party !== DEVICE);
  const hellos = await Promise.all(nodes.map((party) => helloOf(context, party, device)));
  const terms: SessionTerms = device;
  const sessionId = sessionIdOf([device, ...hellos], terms);
  const answer = { sessionId, hellos: hellos.map(({ signed }) => toBase64(toBinary(SignedHelloSchema, signed))), envelopes: [] };
  const all = [toBase64(toBinary(SignedHelloSchema, device.signed)), ...answer.hellos];
  const initial = openSession({ parties: [...device.roster.keys()], rounds: KEYGEN_ROUNDS, roundMs: roundDeadlineMs([]), now: now() });
  const deviceIdentity = device.roster.get(DEVICE) ?? new Uint8Array();
  store.insertSession({ sessionId, state: initial, deviceIdentity, answer: JSON.stringify({ ...answer, all }) }, opening);
  moveTo(context, { sessionId, state: initial }, { type: 'started', now: now() });
  return answer;
}

async function helloOf(context: RelayContext, party: PartyId, device: VerifiedHello): Promise<VerifiedHello> {
  const client = context.parties.get(party);
  if (client === undefined) {
    throw new TrefoilError('channel/roster-mismatch', { operation: 'openKeygen', detail: `this gateway serves no party ${party}` });
  }
  const { hello } = await client.openSession(create(OpenSessionRequestSchema, { hello: device.signed }), {
    timeoutMs: client.deadlineMs(),
  });
  if (hello === undefined) throw new TrefoilError('input/malformed', { operation: 'openKeygen', blame: 'peer', culprits: [party] });
  return verifyHello(hello);
}

/**
 * Takes envelopes of the device, carries everything as far as it goes, and returns what the device is to read.
 * @throws TrefoilError what is wrong with an envelope (nothing changes then), or why the session ended
 */
export async function relayKeygen(
  context: RelayContext,
  sessionId: SessionId,
  envelopes: readonly Envelope[],
): Promise<{ phase: string; envelopes: string[] }> {
  const { store } = context;
  const session = requireSession(context, sessionId);
  for (const envelope of envelopes) await requireFromDevice(envelope, session, context.walletId);
  for (const envelope of envelopes) take(context, session.sessionId, envelope);
  try {
    await carry(context, session);
  } catch (thrown) {
    throw await abortKeygen(context, sessionId, TrefoilError.from(thrown, 'relayKeygen'));
  }
  const { state } = requireSession(context, sessionId);
  if (state.phase === 'AGG') {
    store.setDeviceIdentity(session.deviceIdentity);
    moveTo(context, { sessionId, state }, { type: 'finished' });
  }
  return {
    phase: phaseOf(requireSession(context, sessionId).state),
    envelopes: store.envelopesFor(sessionId, DEVICE, 'all').map(encodeEnvelope),
  };
}

async function requireFromDevice(envelope: Envelope, session: StoredSession, walletId: WalletId): Promise<void> {
  const operation = 'relayKeygen';
  const header = readHeader(envelope);
  if (header.walletId !== walletId) throw new TrefoilError('channel/wrong-wallet', { operation });
  if (header.sessionId !== session.sessionId) throw new TrefoilError('channel/wrong-session', { operation });
  if (header.epoch !== FIRST_EPOCH) throw new TrefoilError('channel/wrong-epoch', { operation });
  if (header.from !== DEVICE) throw new TrefoilError('channel/bad-signature', { operation, detail: 'only the device writes here' });
  if (!session.state.parties.includes(header.to)) throw new TrefoilError('channel/wrong-receiver', { operation });
  if (header.round > KEYGEN_ROUNDS) throw new TrefoilError('session/wrong-round', { operation, round: header.round });
  await verifyEnvelope(envelope, session.deviceIdentity);
}

/** Stores an envelope; once a party has written to all others, its message of the round counts. */
function take(context: RelayContext, sessionId: SessionId, envelope: Envelope): void {
  const { store, now } = context;
  const { round, from } = readHeader(envelope);
  const { state } = requireSession(context, sessionId);
  if (!store.addEnvelope(envelope)) return;
  if (store.sentInRound(sessionId, round, from) === state.parties.length - 1) {
    moveTo(context, { sessionId, state }, { type: 'message', round, party: from, now: now() });
  }
}

/** Delivers to the nodes, and takes what they answer, until nothing is left to deliver. */
async function carry(context: RelayContext, session: StoredSession): Promise<void> {
  const { store } = context;
  const nodes = session.state.parties.filter((party) => party !== DEVICE);
  for (;;) {
    const batches = nodes.map((party) => ({ party, envelopes: store.envelopesFor(session.sessionId, party, 'undelivered') }));
    const due = batches.filter(({ envelopes }) => envelopes.length > 0);
    if (due.length === 0) return;
    const answers = await Promise.all(due.map(({ party, envelopes }) => deliver(context, session, party, envelopes)));
    for (const { envelopes } of due) store.markDelivered(envelopes);
    for (const envelope of answers.flat()) take(context, session.sessionId, envelope);
  }
}

async function deliver(context: RelayContext, session: StoredSession, party: PartyId, envelopes: Envelope[]): Promise<Envelope[]> {
  const client = context.parties.get(party);
  if (client === undefined) throw new TrefoilError('session/party-unreachable', { operation: 'deliver', culprits: [party] });
  const { all } = JSON.parse(session.answer) as { all: string[] };
  const hellos = all.map((text) => decode(SignedHelloSchema, fromBase64(text), HELLO_MAX_BYTES));
  const request = create(ExchangeRequestSchema, {
    walletId: idBytes(context.walletId),
    sessionId: idBytes(session.sessionId),
    hellos,
    envelopes,
  });
  const answer = await client.exchange(request, { timeoutMs: client.deadlineMs() });
  return answer.envelopes.filter((envelope) => isFrom(envelope, session.sessionId, party));
}

const isFrom = (envelope: Envelope, sessionId: SessionId, party: PartyId): boolean => {
  const header = readHeader(envelope);
  return header.sessionId === sessionId && header.from === party;
};

/** Ends the session here and at every node; returns the error to tell. */
export async function abortKeygen(context: RelayContext, sessionId: SessionId, error: TrefoilError): Promise<TrefoilError> {
  const session = context.store.session(sessionId);
  if (session === undefined || isOver(session.state)) return error;
  const reason = reasonOf(error);
  moveTo(context, session, { type: 'aborted', reason });
  await tellNodes(context, session, reason);
  return error;
}

/** Tells every node that the session is over; one that can't be reached finds out by its own deadline. */
async function tellNodes(context: RelayContext, session: StoredSession, reason: AbortReason): Promise<void> {
  const request = create(AbortSessionRequestSchema, {
    walletId: idBytes(context.walletId),
    sessionId: idBytes(session.sessionId),
    reason: reason.code,
  });
  const told = session.state.parties.map((party) => context.parties.get(party)?.abortSession(request, { timeoutMs: ABORT_TIMEOUT_MS }));
  await Promise.allSettled(told);
}

/** Ends sessions whose deadline has passed. */
export async function expireKeygens(context: RelayContext): Promise<void> {
  for (const session of context.store.runningSessions()) {
    const state = reduceSession(session.state, { type: 'tick', now: context.now() });
    if (state.phase !== 'ABORT') continue;
    moveTo(context, session, { type: 'aborted', reason: state.reason });
    await tellNodes(context, session, state.reason);
  }
}

function requireSession(context: RelayContext, sessionId: SessionId): StoredSession {
  const session = context.store.session(sessionId);
  if (session === undefined) throw new TrefoilError('session/unknown', { operation: 'relayKeygen' });
  if (session.state.phase === 'ABORT') {
    throw errorOf(session.state.reason, 'relayKeygen');
  }
  return session;
}

/** Applies an event and writes the transition down, if there was one. */
function moveTo(context: RelayContext, session: { sessionId: SessionId; state: SessionState }, event: SessionEvent): void {
  const { store, requestId, now } = context;
  const { sessionId } = session;
  const state = reduceSession(session.state, event);
  if (state === session.state) return;
  store.setState(sessionId, state, now());
  const phase = phaseOf(state);
  if (phase === phaseOf(session.state)) return;
  store.addEvent({ sessionId, phase, now: now(), requestId });
  log('session.transition', { protocol: 'keygen', wallet: context.walletId, session: sessionId, phase, request: requestId });
}

/** A phase in words: `ROUND 2`. */
export const phaseOf = (state: SessionState): string => (state.phase === 'ROUND' ? `ROUND ${state.round}` : state.phase);

const encodeEnvelope = (envelope: Envelope): string => toBase64(toBinary(EnvelopeSchema, envelope));
