/** Sessions of a wallet: opening, exchanging envelopes, status, cancelling. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  EnvelopesAnswer,
  EnvelopesBody,
  OpenSessionAnswer,
  OpenSessionBody,
  PROTOBUF,
  ProblemAnswer,
  SessionAnswer,
  SessionPath,
  WalletPath,
} from '#shared/api/gateway-api.ts';
import { TrefoilError } from '#shared/errors.ts';
import { parseSessionId } from '#shared/ids.ts';
import type { App } from '../middleware/request-id.ts';
import { unwrap } from '../wallet-room/result.ts';
import { answers, jsonBody, roomOf } from './route.ts';

const Binary = z.any().openapi({ type: 'string', format: 'binary' });

const open = createRoute({
  method: 'post',
  path: '/v1/wallets/{walletId}/sessions',
  summary: 'Open a session',
  description:
    "Takes the device's signed hello; answers with the other parties' hellos and what they say first. The same hello gets the same answer.",
  request: { params: WalletPath, body: jsonBody(OpenSessionBody) },
  responses: answers(201, OpenSessionAnswer, 'The session is open.'),
});

const exchange = createRoute({
  method: 'post',
  path: '/v1/wallets/{walletId}/sessions/{sessionId}/envelopes',
  summary: 'Exchange envelopes',
  description: 'Takes sealed envelopes of the device, carries them, and answers with every envelope for the device so far. Safe to repeat.',
  request: { params: SessionPath, body: jsonBody(EnvelopesBody) },
  responses: answers(200, EnvelopesAnswer, 'The envelopes were taken.'),
});

const relay = createRoute({
  method: 'post',
  path: '/v1/wallets/{walletId}/sessions/{sessionId}/messages',
  summary: 'Relay one message of a signing session',
  description:
    'Takes the parts of one message of the device as a serialised `trefoil.v1.Envelopes`, hands them to their node and answers with the node’s, in the same form. Safe to repeat.',
  request: { params: SessionPath, body: { content: { [PROTOBUF]: { schema: Binary } }, required: true } },
  responses: {
    200: { description: 'The node has answered.', content: { [PROTOBUF]: { schema: Binary } } },
    default: { description: 'A problem (RFC 9457).', content: { 'application/problem+json': { schema: ProblemAnswer } } },
  },
});

const status = createRoute({
  method: 'get',
  path: '/v1/wallets/{walletId}/sessions/{sessionId}',
  summary: 'Where a session stands',
  request: { params: SessionPath },
  responses: answers(200, SessionAnswer, 'The phase of the session.'),
});

const cancel = createRoute({
  method: 'delete',
  path: '/v1/wallets/{walletId}/sessions/{sessionId}',
  summary: 'End a session',
  description: 'Ends it for every party. An ended session stays ended.',
  request: { params: SessionPath },
  responses: { 204: { description: 'The session is over.' } },
});

export function routeSessions(app: OpenAPIHono<App>): void {
  app.openapi(open, async (context) => {
    const { room, caller } = roomOf(context);
    const opened = unwrap(await room.openSession(caller, context.req.valid('json').hello), 'openSession');
    return context.json({ sessionId: opened.sessionId, hellos: [...opened.hellos], envelopes: [...opened.envelopes] }, 201);
  });
  app.openapi(exchange, async (context) => {
    const { room, caller } = roomOf(context);
    const { sessionId } = context.req.valid('param');
    return context.json(
      unwrap(await room.exchange(caller, parseSessionId(sessionId), context.req.valid('json').envelopes), 'exchange'),
      200,
    );
  });
  app.openapi(relay, async (context) => {
    const { room, caller } = roomOf(context);
    if (context.req.header('content-type') !== PROTOBUF) {
      throw new TrefoilError('input/malformed', { operation: 'relay', detail: `the body is ${PROTOBUF}` });
    }
    const body = new Uint8Array(await context.req.arrayBuffer());
    const answer = unwrap(await room.relay(caller, parseSessionId(context.req.valid('param').sessionId), body), 'relay');
    return context.body(answer.slice().buffer, 200, { 'content-type': PROTOBUF });
  });
  app.openapi(status, async (context) => {
    const { room } = roomOf(context);
    return context.json(unwrap(await room.sessionStatus(parseSessionId(context.req.valid('param').sessionId)), 'sessionStatus'), 200);
  });
  app.openapi(cancel, async (context) => {
    const { room, caller } = roomOf(context);
    unwrap(await room.cancel(caller, parseSessionId(context.req.valid('param').sessionId)), 'cancel');
    return context.body(null, 204);
  });
}
