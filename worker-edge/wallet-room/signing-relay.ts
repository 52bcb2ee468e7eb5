/**
 * The room's part in signing: one device, one node, one round trip. A signature carries an envelope for each candidate node; when
 * the first can't serve, the next is released within the same request. Longer messages (presigning, and a signature that waits for it) are
 * for one node. Bodies are relayed and never stored: their place, length and hash are.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { toBase64 } from '#shared/api/base64.ts';
import { type Header, verifyEnvelope } from '#shared/channel/envelope.ts';
import { sessionIdOf, type VerifiedHello, verifyHello } from '#shared/channel/hello.ts';
import { type ErrorCode, TrefoilError } from '#shared/errors.ts';
import { DEVICE, idBytes, type PartyId, type SessionId } from '#shared/ids.ts';
import { SIGN_DEADLINE_CEILING_MS } from '#shared/limits.ts';
import { type Envelope, EnvelopeSchema, SignedHelloSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { ExchangeRequestSchema, OpenSessionRequestSchema } from '#shared/proto/gen/trefoil/v1/node_pb.js';
import { openSession, reasonOf, reduceSession, type SessionState } from '#shared/session/reducer.ts';
import { log } from '../log.ts';
import type { PartyClient } from '../upstream/party-client.ts';
import { type OpenedSession, phaseOf, type RelayContext } from './epoch-relay.ts';

/** Failures after which another node may serve: this one signed nothing, and never will with that envelope. */
const FAILOVER_CODES: readonly ErrorCode[] = [
  'session/party-unreachable',
  'session/unknown',
  'session/ended',
  'intent/commitment-spent',
  'service/unavailable',
  'service/bug',
];

/** A step of a batch is megabytes, and nobody waits for it. */
const PRESIGN_DEADLINE_MS = 15_000;

/** A person waits, and another node may serve: a signature's round is given up sooner than one of a ceremony. */
const signDeadlineMs = (client: PartyClient): number => Math.min(SIGN_DEADLINE_CEILING_MS, client.deadlineMs());

/** Passes a device's hello to its node and brings the node's hello and first commitments back. */
export async function openSigning(context: RelayContext, device: VerifiedHello): Promise<OpenedSession> {
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
  context.store.setDeviceIdentity(device.roster.get(DEVICE) ?? new Uint8Array());
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
  const headers = await Promise.all(envelopes.map((envelope) => requireFromDevice(context, envelope)));
  if (new Set(headers.map(({ to }) => to)).size !== headers.length) {
    throw new TrefoilError('input/malformed', { operation: 'relaySignature', detail: 'one envelope for each candidate node' });
  }
  let failure: TrefoilError | undefined;
  for (const [i, envelope] of envelopes.entries()) {
    const header = headers[i];
    if (header === undefined) break;
    try {
      const [reply, ...more] = await attempt(context, header, [envelope], signDeadlineMs);
      if (reply === undefined || more.length > 0)
        throw new TrefoilError('input/malformed', { operation: 'relaySignature', blame: 'peer', culprits: [header.to] });
      return { envelope: toBase64(toBinary(EnvelopeSchema, reply)), servedBy: header.to };
    } catch (thrown) {
      failure = TrefoilError.from(thrown, 'relaySignature');
      if (!FAILOVER_CODES.includes(failure.code)) throw failure;
    }
  }
  throw failure ?? new TrefoilError('service/unavailable', { operation: 'relaySignature' });
}

/**
 * Hands one message of the device, in all its parts, to its node and brings the answer back.
 * @throws TrefoilError what is wrong with the message, or the node's refusal
 */
export async function relayMessage(context: RelayContext, sessionId: SessionId, envelopes: readonly Envelope[]): Promise<Envelope[]> {
  const headers = await Promise.all(envelopes.map((envelope) => requireFromDevice(context, envelope)));
  const [first] = headers;
  const isOneMessage = headers.every(
    (header, part) =>
      header.sessionId === sessionId &&
      header.to === first?.to &&
      header.round === first.round &&
      header.part === part &&
      header.parts === headers.length,
  );
  if (first === undefined || !isOneMessage) {
    throw new TrefoilError('input/malformed', {
      operation: 'relayMessage',
      detail: 'the envelopes are not the parts of one message, in order',
    });
  }
  return attempt(context, first, envelopes, () => PRESIGN_DEADLINE_MS);
}

async function requireFromDevice(context: RelayContext, envelope: Envelope): Promise<Header> {
  const operation = 'relaySignature';
  const identity = context.store.deviceIdentity();
  if (identity === undefined) throw new TrefoilError('wallet/unknown', { operation });
  const header = await verifyEnvelope(envelope, identity);
  if (header.walletId !== context.walletId) throw new TrefoilError('channel/wrong-wallet', { operation });
  if (header.from !== DEVICE) throw new TrefoilError('channel/bad-signature', { operation, detail: 'only the device asks for signatures' });
  if (!context.parties.has(header.to)) throw new TrefoilError('channel/wrong-receiver', { operation });
  return header;
}

/** One node: the state machine with one round, written down before the message leaves. */
async function attempt(
  context: RelayContext,
  header: Header,
  envelopes: readonly Envelope[],
  deadlineMs: (client: PartyClient) => number,
): Promise<Envelope[]> {
  const { now, store } = context;
  const name = `${header.sessionId}/${header.round}`;
  const client = context.parties.get(header.to);
  if (client === undefined) throw new TrefoilError('session/party-unreachable', { operation: 'attempt', culprits: [header.to] });
  const roundMs = deadlineMs(client);
  const opened = openSession({ parties: [DEVICE, header.to], rounds: 1, roundMs, now: now() });
  const asked = reduceSession(reduceSession(opened, { type: 'started', now: now() }), {
    type: 'message',
    round: 1,
    party: DEVICE,
    now: now(),
  });
  note(context, name, asked);
  store.addRelayed(envelopes);
  try {
    const request = create(ExchangeRequestSchema, {
      walletId: idBytes(header.walletId),
      sessionId: idBytes(header.sessionId),
      envelopes: [...envelopes],
    });
    const reply = (await client.exchange(request, { timeoutMs: roundMs })).envelopes;
    if (reply.length === 0) throw new TrefoilError('input/malformed', { operation: 'attempt', blame: 'peer', culprits: [header.to] });
    store.addRelayed(reply);
    const answered = reduceSession(asked, { type: 'message', round: 1, party: header.to, now: now() });
    note(context, name, reduceSession(answered, { type: 'finished' }));
    return reply;
  } catch (thrown) {
    const error = TrefoilError.from(thrown, 'attempt');
    note(context, name, reduceSession(asked, { type: 'aborted', reason: reasonOf(error) }));
    throw error;
  }
}

function note(context: RelayContext, name: string, state: SessionState): void {
  const { store, now, requestId, walletId } = context;
  const phase = phaseOf(state);
  store.addEvent({ sessionId: name, phase, now: now(), requestId });
  log('session.transition', { protocol: 'signing', wallet: walletId, session: name, phase, request: requestId });
}
