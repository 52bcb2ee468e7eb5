/** Sessions of a wallet: opening, exchanging envelopes, status, cancelling. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import {
  EnvelopesAnswer,
  EnvelopesBody,
  OpenSessionAnswer,
  OpenSessionBody,
  SessionAnswer,
  SessionPath,
  WalletPath,
} from '../../shared/api/gateway-api.ts';
import { parseSessionId } from '../../shared/ids.ts';
import type { App } from '../middleware/request-id.ts';
import { unwrap } from '../wallet-room/result.ts';
import { answers, jsonBody, roomOf } from './route.ts';

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
