/**
 * The device's side of the gateway's REST API: bytes in, bytes out, typed errors. Every call is safe to repeat with the same
 * bytes, so one that the network lost is sent again.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import type { z } from 'zod';
import { fromBase64, toBase64 } from '#shared/api/base64.ts';
import { EnvelopesAnswer, OpenSessionAnswer, PROTOBUF, SignatureAnswer } from '#shared/api/gateway-api.ts';
import { decodeEnvelope } from '#shared/channel/envelope.ts';
import { TrefoilError } from '#shared/errors.ts';
import { type PartyId, parsePartyId, type SessionId, type WalletId } from '#shared/ids.ts';
import { RELAYED_MAX_BYTES } from '#shared/limits.ts';
import { decode } from '#shared/proto/decode.ts';
import {
  type Envelope,
  EnvelopeSchema,
  EnvelopesSchema,
  type SignedHello,
  SignedHelloSchema,
} from '#shared/proto/gen/trefoil/v1/channel_pb.js';

const HELLO_MAX_BYTES = 8192;
/** Longer than the gateway's own deadline for a round, so that its typed answer arrives first. */
const TIMEOUT_MS = 40_000;
/** Waits before a call that the network lost is sent again. */
const RETRY_AFTER_MS = [300, 1200];

/** What opening a session brings: the other parties' hellos, and what they say first. */
export interface OpeningAnswer {
  readonly hellos: SignedHello[];
  readonly envelopes: Envelope[];
}

export class GatewayClient {
  readonly #wallet: string;

  /** @param gateway base URL from the release */
  constructor(gateway: string, walletId: WalletId) {
    this.#wallet = new URL(`/v1/wallets/${walletId}`, gateway).href;
  }

  async openSession(hello: SignedHello, signal?: AbortSignal): Promise<OpeningAnswer> {
    const answer = await post(
      `${this.#wallet}/sessions`,
      { hello: toBase64(toBinary(SignedHelloSchema, hello)) },
      OpenSessionAnswer,
      signal,
    );
    return {
      hellos: answer.hellos.map((text) => decode(SignedHelloSchema, fromBase64(text), HELLO_MAX_BYTES)),
      envelopes: answer.envelopes.map(readEnvelope),
    };
  }

  /** Sends envelopes of this device and brings every envelope for it so far. */
  async exchange(sessionId: SessionId, envelopes: readonly Envelope[], signal?: AbortSignal): Promise<Envelope[]> {
    const body = { envelopes: envelopes.map(writeEnvelope) };
    const answer = await post(`${this.#wallet}/sessions/${sessionId}/envelopes`, body, EnvelopesAnswer, signal);
    return answer.envelopes.map(readEnvelope);
  }

  /** Ends a session for every party; a failure to do so is left to the session's deadline. */
  async cancel(sessionId: SessionId): Promise<void> {
    await fetch(`${this.#wallet}/sessions/${sessionId}`, { method: 'DELETE', keepalive: true }).catch(() => undefined);
  }

  /** Hands one message of a signing session, in all its parts, to its node and brings the node's answer. */
  async relay(sessionId: SessionId, envelopes: readonly Envelope[]): Promise<Envelope[]> {
    const body = toBinary(EnvelopesSchema, create(EnvelopesSchema, { envelopes: [...envelopes] }));
    const response = await send(`${this.#wallet}/sessions/${sessionId}/messages`, body.slice().buffer, PROTOBUF);
    return decode(EnvelopesSchema, new Uint8Array(await response.arrayBuffer()), RELAYED_MAX_BYTES).envelopes;
  }

  /** Has one of the candidates answer. */
  async sign(envelopes: readonly Envelope[]): Promise<{ envelope: Envelope; servedBy: PartyId }> {
    const answer = await post(`${this.#wallet}/signatures`, { envelopes: envelopes.map(writeEnvelope) }, SignatureAnswer);
    return { envelope: readEnvelope(answer.envelope), servedBy: parsePartyId(answer.servedBy) };
  }
}

const writeEnvelope = (envelope: Envelope): string => toBase64(toBinary(EnvelopeSchema, envelope));
const readEnvelope = (text: string): Envelope => decodeEnvelope(fromBase64(text));

async function post<T>(url: string, body: unknown, answer: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
  const response = await send(url, JSON.stringify(body), 'application/json', signal);
  const parsed = answer.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) {
    const detail = 'the gateway answered in a form that this version does not know';
    throw new TrefoilError('service/bug', { operation: 'gateway', detail });
  }
  return parsed.data;
}

/** @throws TrefoilError the problem that the gateway answered with */
async function send(url: string, body: BodyInit, contentType: string, signal?: AbortSignal): Promise<Response> {
  const request: RequestInit = {
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
  };
  const response = await fetchAgain(url, request, signal);
  if (!response.ok) throw TrefoilError.fromProblem(await response.json().catch(() => undefined), 'gateway');
  return response;
}

async function fetchAgain(url: string, request: RequestInit, signal?: AbortSignal): Promise<Response> {
  for (let attempt = 0; ; attempt += 1) {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await fetch(url, { ...request, signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]) });
    } catch (cause) {
      if (signal?.aborted) throw new TrefoilError('session/aborted', { operation: 'gateway', blame: 'caller', cause });
      if (timeout.aborted) throw new TrefoilError('session/timeout', { operation: 'gateway', cause });
      const wait = RETRY_AFTER_MS[attempt];
      if (wait === undefined) throw new TrefoilError('service/offline', { operation: 'gateway', cause });
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
