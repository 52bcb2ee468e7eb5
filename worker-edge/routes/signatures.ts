/** Signatures: the hot path, one request, one hop to the wallet's room. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { SignatureAnswer, SignatureBody, WalletPath } from '#shared/api/gateway-api.ts';
import type { App } from '../middleware/request-id.ts';
import { unwrap } from '../wallet-room/result.ts';
import { answers, jsonBody, roomOf } from './route.ts';

const sign = createRoute({
  method: 'post',
  path: '/v1/wallets/{walletId}/signatures',
  summary: 'Ask for a signature',
  description:
    'Takes one sealed request for each candidate node, best first. The first that can serve answers; a node that refuses is not passed over. Safe to repeat.',
  request: { params: WalletPath, body: jsonBody(SignatureBody) },
  responses: answers(200, SignatureAnswer, 'A node has answered.'),
});

export function routeSignatures(app: OpenAPIHono<App>): void {
  app.openapi(sign, async (context) => {
    const { room, caller } = roomOf(context);
    return context.json(unwrap(await room.sign(caller, context.req.valid('json').envelopes), 'sign'), 200);
  });
}
