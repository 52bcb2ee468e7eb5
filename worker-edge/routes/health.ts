import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { HealthAnswer } from '#shared/api/gateway-api.ts';
import type { App } from '../middleware/request-id.ts';
import { settingsOf } from '../settings.ts';
import { answers } from './route.ts';

const health = createRoute({
  method: 'get',
  path: '/v1/health',
  summary: 'Whether the gateway is configured and serves',
  responses: answers(200, HealthAnswer, 'The gateway serves; its nodes by name.'),
});

export function routeHealth(app: OpenAPIHono<App>): void {
  app.openapi(health, (context) => {
    const nodes = [...settingsOf(context.env).nodes.values()].map(({ party, name, region }) => ({ party: Number(party), name, region }));
    return context.json({ status: 'ok' as const, nodes }, 200);
  });
}
