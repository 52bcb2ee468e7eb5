/**
 * The room's part in a ceremony that makes an epoch: it brings the parties' hellos together, carries their envelopes and keeps
 * the state machine. Who speaks to whom is in the ceremony's row. It can read headers only. Any failure ends the session for
 * every party.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { fromBase64, toBase64 } from '#shared/api/base64.ts';
import { sessionIdOf, type VerifiedHello, verifyHello } from '#shared/channel/hello.ts';
import { TrefoilError } from '#shared/errors.ts';
import { DEVICE, idBytes, type PartyId, type SessionId } from '#shared/ids.ts';
import { decode } from '#shared/proto/decode.ts';
import { type Envelope, EnvelopeSchema, SignedHelloSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { AbortSessionRequestSchema, ExchangeRequestSchema, OpenSessionRequestSchema } from '#shared/proto/gen/trefoil/v1/node_pb.js';
import { CEREMONIES, flowOf, lastRoundOf, speakersOf } from '#shared/session/ceremonies.ts';
import { roundDeadlineMs } from '#shared/session/deadline.ts';
import { type AbortReason, errorOf, isOver, openSession, reasonOf, reduceSession, type SessionEvent } from '#shared/session/reducer.ts';
import { type AdmittedEnvelope, admitFromDevice, admitFromNode } from './admit-envelope.ts';
import { admit } from './admit-operation.ts';
import { type OpeningAnswer, phaseOf, type RelayContext, recordTransition } from './relay-context.ts';
import type { StoredEnvelope, StoredSession } from './room-store.ts';

/** A message of a serialised hello has at most this size. */
const HELLO_MAX_BYTES = 8192;
/** Ending a session at a node is worth this long a wait, and no more. */
const ABORT_TIMEOUT_MS = 2_000;
/**
 * Asks every node of the roster for its hello.
 * @param opening hash of the device's hello; the same hello gets the same answer
 */
export async function openCeremony(context: RelayContext, device: VerifiedHello, opening: string): Promise<OpeningAnswer> {
  const { store, clock } = context;
  const ceremony = CEREMONIES[device.protocol];
  const parties = [...device.roster.keys()];
  const hellos = await Promise.all(parties.filter((party) => party !== DEVICE).map((party) => helloOf(context, party, device)));
  const sessionId = sessionIdOf([device, ...hellos], device);
  const answer = { sessionId, hellos: hellos.map(({ signed }) => toBase64(toBinary(SignedHelloSchema, signed))), envelopes: [] };
  const all = [toBase64(toBinary(SignedHelloSchema, device.signed)), ...answer.hellos];
  const state = openSession({ parties, speakers: speakersOf(flowOf(ceremony, parties)), roundMs: roundDeadlineMs([]), now: clock() });
  const { protocol, epoch } = device;
  const session = { sessionId, protocol, epoch, state, deviceIdentity: device.identity, answer: JSON.stringify({ ...answer, all }) };
  store.insertSession(session, opening);
  moveTo(context, session, { type: 'started', now: clock() });
  return answer;
}

async function helloOf(context: RelayContext, party: PartyId, device: VerifiedHello): Promise<VerifiedHello> {
  const client = context.parties.get(party);
  if (client === undefined) {
    throw new TrefoilError('channel/roster-mismatch', { operation: 'openCeremony', detail: `this gateway serves no party ${party}` });
  }
  const { hello } = await client.openSession(create(OpenSessionRequestSchema, { hello: device.signed }), {
    timeoutMs: client.deadlineMs(),
  });
  if (hello === undefined) throw new TrefoilError('input/malformed', { operation: 'openCeremony', blame: 'peer', culprits: [party] });
  return verifyHello(hello);
}

/**
 * Takes envelopes of the device, carries everything as far as it goes, and returns what the device is to read.
 * @throws TrefoilError what is wrong with an envelope (nothing changes then), or why the session ended
 */
export async function relayCeremony(
  context: RelayContext,
  sessionId: SessionId,
  envelopes: readonly Envelope[],
): Promise<{ phase: string; envelopes: string[] }> {
  const { store, walletId } = context;
  const session = requireSession(context, sessionId);
  const { epoch, deviceIdentity, state: before } = session;
  const lastRound = lastRoundOf(CEREMONIES[session.protocol]);
  const place = {
    ...{ walletId, identity: deviceIdentity, session: { sessionId, epoch, lastRound } },
    mayReceive: (party: PartyId) => before.parties.includes(party),
  };
  const admitted: AdmittedEnvelope[] = [];
  for (const envelope of envelopes) admitted.push(await admitFromDevice(envelope, place));
  admit(context, deviceIdentity, 'exchange');
  for (const envelope of admitted) take(context, sessionId, envelope);
  try {
    await carry(context, session);
  } catch (thrown) {
    throw await abortCeremony(context, sessionId, TrefoilError.from(thrown, 'relayCeremony'));
  }
  const carried = requireSession(context, sessionId);
  if (carried.state.phase === 'AGG') {
    store.setDeviceIdentity(deviceIdentity);
    moveTo(context, carried, { type: 'finished' });
  }
  return {
    phase: phaseOf(requireSession(context, sessionId).state),
    envelopes: store.envelopesFor(sessionId, DEVICE, 'all').map(({ envelope }) => toBase64(toBinary(EnvelopeSchema, envelope))),
  };
}

/** Stores an envelope; once a party has written to everybody it speaks to, its message of the round counts. */
function take(context: RelayContext, sessionId: SessionId, admitted: AdmittedEnvelope): void {
  const { store, clock } = context;
  const { round, from } = admitted.header;
  const session = requireSession(context, sessionId);
  if (!store.addEnvelope(admitted)) return;
  const receivers = flowOf(CEREMONIES[session.protocol], session.state.parties)[round - 1]?.get(from) ?? [];
  if (store.sentInRound(sessionId, round, from) === receivers.length) {
    moveTo(context, session, { type: 'message', round, party: from, now: clock() });
  }
}

/** Delivers to the nodes, and takes what they answer, until nothing is left to deliver. */
async function carry(context: RelayContext, session: StoredSession): Promise<void> {
  const { store } = context;
  const nodes = session.state.parties.filter((party) => party !== DEVICE);
  for (;;) {
    const batches = nodes.map((party) => ({ party, due: store.envelopesFor(session.sessionId, party, 'undelivered') }));
    const due = batches.filter((batch) => batch.due.length > 0);
    if (due.length === 0) return;
    const answers = await Promise.all(due.map((batch) => deliver(context, session, batch.party, batch.due)));
    for (const batch of due) store.markDelivered(batch.due);
    for (const admitted of answers.flat()) take(context, session.sessionId, admitted);
  }
}

async function deliver(
  context: RelayContext,
  session: StoredSession,
  party: PartyId,
  due: readonly StoredEnvelope[],
): Promise<AdmittedEnvelope[]> {
  const client = context.parties.get(party);
  if (client === undefined) throw new TrefoilError('session/party-unreachable', { operation: 'deliver', culprits: [party] });
  const { all } = JSON.parse(session.answer) as { all: string[] };
  const hellos = all.map((text) => decode(SignedHelloSchema, fromBase64(text), HELLO_MAX_BYTES));
  const request = create(ExchangeRequestSchema, {
    walletId: idBytes(context.walletId),
    sessionId: idBytes(session.sessionId),
    hellos,
    envelopes: due.map(({ envelope }) => envelope),
  });
  const answer = await client.exchange(request, { timeoutMs: client.deadlineMs() });
  return answer.envelopes.flatMap((envelope) => admitFromNode(envelope, { sessionId: session.sessionId, party }) ?? []);
}

/** Ends the session here and at every node; returns the error to tell. */
export async function abortCeremony(context: RelayContext, sessionId: SessionId, error: TrefoilError): Promise<TrefoilError> {
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
export async function expireCeremonies(context: RelayContext): Promise<void> {
  for (const session of context.store.runningSessions()) {
    const state = reduceSession(session.state, { type: 'tick', now: context.clock() });
    if (state.phase !== 'ABORT') continue;
    moveTo(context, session, { type: 'aborted', reason: state.reason });
    await tellNodes(context, session, state.reason);
  }
}

function requireSession(context: RelayContext, sessionId: SessionId): StoredSession {
  const session = context.store.session(sessionId);
  if (session === undefined) throw new TrefoilError('session/unknown', { operation: 'relayCeremony' });
  if (session.state.phase === 'ABORT') throw errorOf(session.state.reason, 'relayCeremony');
  return session;
}

/** Applies an event and writes the transition down, if there was one. */
function moveTo(context: RelayContext, session: Pick<StoredSession, 'sessionId' | 'protocol' | 'state'>, event: SessionEvent): void {
  const { store, clock } = context;
  const { sessionId } = session;
  const state = reduceSession(session.state, event);
  if (state === session.state) return;
  store.setState(sessionId, state, clock());
  if (phaseOf(state) !== phaseOf(session.state)) recordTransition(context, CEREMONIES[session.protocol], sessionId, state);
}
