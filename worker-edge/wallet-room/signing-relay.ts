/**
 * The room's part in signing: one device, one node, one round trip. A signature carries an envelope for each candidate node; when
 * the first can't serve, the next is released within the same request. Longer messages (presigning, and a signature that waits for it) are
 * for one node. What is released for a signature, to whom and with what answer is written before it leaves; of longer messages only place,
 * length and hash are kept, never the body.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { toBase64 } from '#shared/api/base64.ts';
import { sessionIdOf, type VerifiedHello, verifyHello } from '#shared/channel/hello.ts';
import { TrefoilError } from '#shared/errors.ts';
import { DEVICE, idBytes, type PartyId, type SessionId } from '#shared/ids.ts';
import { SIGN_DEADLINE_CEILING_MS } from '#shared/limits.ts';
import { type Envelope, EnvelopeSchema, Protocol, SignedHelloSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { ExchangeRequestSchema, OpenSessionRequestSchema } from '#shared/proto/gen/trefoil/v1/node_pb.js';
import { CEREMONIES, flowOf, speakersOf } from '#shared/session/ceremonies.ts';
import { openSession, reasonOf, reduceSession, type SessionState } from '#shared/session/reducer.ts';
import { tryInTurn } from '../routing/try-in-turn.ts';
import type { PartyClient } from '../upstream/party-client.ts';
import { type AdmittedEnvelope, admitFromDevice, admitFromNode } from './admit-envelope.ts';
import { admit, type Operation } from './admit-operation.ts';
import { type OpeningAnswer, type RelayContext, recordTransition } from './relay-context.ts';

const SIGNING = CEREMONIES[Protocol.SIGNING];

/** A step of a batch is megabytes, and nobody waits for it. */
const PRESIGN_DEADLINE_MS = 15_000;

/** A person waits, and another node may serve: a signature's round is given up sooner than one of a ceremony. */
const signDeadlineMs = (client: PartyClient): number => Math.min(SIGN_DEADLINE_CEILING_MS, client.deadlineMs());

/** Passes a device's hello to its node and brings the node's hello and first commitments back. */
export async function openSigning(context: RelayContext, device: VerifiedHello): Promise<OpeningAnswer> {
  const operation = 'openSigning';
  const [party, ...others] = [...device.roster.keys()].filter((id) => id !== DEVICE);
  const client = party === undefined ? undefined : context.parties.get(party);
  if (party === undefined || client === undefined || others.length > 0) {
    throw new TrefoilError('channel/roster-mismatch', {
      operation,
      detail: 'a signing session is between the device and one node of this gateway',
    });
  }
  const answer = await client.openSession(create(OpenSessionRequestSchema, { hello: device.signed }), {
    timeoutMs: signDeadlineMs(client),
  });
  if (answer.hello === undefined) throw new TrefoilError('input/malformed', { operation, blame: 'peer', culprits: [party] });
  const node = await verifyHello(answer.hello);
  const sessionId = sessionIdOf([device, node], device);
  context.store.setDeviceIdentity(device.identity);
  return {
    sessionId,
    hellos: [toBase64(toBinary(SignedHelloSchema, answer.hello))],
    envelopes: answer.envelopes.map((envelope) => toBase64(toBinary(EnvelopeSchema, envelope))),
  };
}

/**
 * Has one of the candidates answer.
 * @throws TrefoilError what is wrong with a request, the refusal of the node that judged it, or the last failure
 */
export async function relaySignature(
  context: RelayContext,
  envelopes: readonly Envelope[],
): Promise<{ envelope: string; servedBy: PartyId }> {
  const candidates = await admitAll(context, envelopes, 'sign');
  if (new Set(candidates.map(({ header }) => header.to)).size !== candidates.length) {
    throw new TrefoilError('input/malformed', { operation: 'relaySignature', detail: 'one envelope for each candidate node' });
  }
  return tryInTurn(candidates, async (candidate) => {
    const envelope = context.store.releaseAnswer(candidate) ?? (await release(context, candidate));
    return { envelope: toBase64(toBinary(EnvelopeSchema, envelope)), servedBy: candidate.header.to };
  });
}

async function release(context: RelayContext, candidate: AdmittedEnvelope): Promise<Envelope> {
  const { store, clock } = context;
  const reply = await ask(context, [candidate], signDeadlineMs, {
    asking: () => store.addRelease(candidate, clock()),
    answered: ([answer, ...more]) => answer !== undefined && more.length === 0 && store.setReleaseAnswer(candidate, answer),
  });
  const [answer, ...more] = reply;
  if (answer === undefined || more.length > 0) throw malformedAnswer(candidate.header.to);
  return answer.envelope;
}

/**
 * Hands one message of the device, in all its parts, to its node and brings the answer back.
 * @throws TrefoilError what is wrong with the message, or the node's refusal
 */
export async function relayMessage(context: RelayContext, sessionId: SessionId, envelopes: readonly Envelope[]): Promise<Envelope[]> {
  const parts = await admitAll(context, envelopes, 'relay');
  const [first] = parts;
  const isOneMessage = parts.every(
    ({ header }, part) =>
      header.sessionId === sessionId &&
      header.to === first?.header.to &&
      header.round === first.header.round &&
      header.part === part &&
      header.parts === parts.length,
  );
  if (first === undefined || !isOneMessage) {
    throw new TrefoilError('input/malformed', {
      operation: 'relayMessage',
      detail: 'the envelopes are not the parts of one message, in order',
    });
  }
  const { store } = context;
  const reply = await ask(context, parts, () => PRESIGN_DEADLINE_MS, {
    asking: () => store.addRelayed(parts),
    answered: (answer) => store.addRelayed(answer),
  });
  return reply.map(({ envelope }) => envelope);
}

async function admitAll(context: RelayContext, envelopes: readonly Envelope[], operation: Operation): Promise<AdmittedEnvelope[]> {
  const identity = context.store.deviceIdentity();
  if (identity === undefined) throw new TrefoilError('wallet/unknown', { operation });
  const { walletId, parties } = context;
  const place = { walletId, identity, mayReceive: (party: PartyId) => parties.has(party) };
  const admitted = await Promise.all(envelopes.map((envelope) => admitFromDevice(envelope, place)));
  admit(context, identity, operation);
  return admitted;
}

/** What is written before a message leaves for its node, and before the answer leaves for the device. */
interface Records {
  asking(): void;
  answered(reply: readonly AdmittedEnvelope[]): void;
}

/** One node: the state machine with one round, written down before the message leaves. */
async function ask(
  context: RelayContext,
  message: readonly AdmittedEnvelope[],
  deadlineMs: (client: PartyClient) => number,
  records: Records,
): Promise<AdmittedEnvelope[]> {
  const { clock, walletId } = context;
  const [first] = message;
  if (first === undefined) throw new TrefoilError('input/malformed', { operation: 'ask' });
  const { sessionId, round, to } = first.header;
  const record = (state: SessionState): void => recordTransition(context, SIGNING, `${sessionId}/${round}`, state);
  const client = context.parties.get(to);
  if (client === undefined) throw new TrefoilError('session/party-unreachable', { operation: 'ask', culprits: [to] });
  const roundMs = deadlineMs(client);
  const asked = askedState([DEVICE, to], roundMs, context);
  record(asked);
  records.asking();
  try {
    const request = create(ExchangeRequestSchema, {
      walletId: idBytes(walletId),
      sessionId: idBytes(sessionId),
      envelopes: message.map(({ envelope }) => envelope),
    });
    const { envelopes } = await client.exchange(request, { timeoutMs: roundMs });
    const reply = envelopes.flatMap((envelope) => admitFromNode(envelope, { sessionId, party: to }) ?? []);
    if (reply.length === 0 || reply.length < envelopes.length) throw malformedAnswer(to);
    records.answered(reply);
    const answered = reduceSession(asked, { type: 'message', round: 1, party: to, now: clock() });
    record(reduceSession(answered, { type: 'finished' }));
    return reply;
  } catch (thrown) {
    const error = TrefoilError.from(thrown, 'ask');
    record(reduceSession(asked, { type: 'aborted', reason: reasonOf(error) }));
    throw error;
  }
}

/** A request is a session of one round: the device has spoken, and its node is to answer. */
function askedState(parties: readonly PartyId[], roundMs: number, { clock }: RelayContext): SessionState {
  const opened = openSession({ parties, speakers: speakersOf(flowOf(SIGNING, parties)), roundMs, now: clock() });
  const started = reduceSession(opened, { type: 'started', now: clock() });
  return reduceSession(started, { type: 'message', round: 1, party: DEVICE, now: clock() });
}

const malformedAnswer = (party: PartyId): TrefoilError =>
  new TrefoilError('input/malformed', { operation: 'ask', blame: 'peer', culprits: [party] });
