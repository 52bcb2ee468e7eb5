/** The edge gateway: routes in, one wallet's room behind each. It relays ciphertext and holds no secret of a wallet. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import { TrefoilError } from '#shared/errors.ts';
import { RELAYED_MAX_BYTES, REQUEST_MAX_BYTES } from '#shared/limits.ts';
import { answerProblem } from './middleware/problems.ts';
import { type App, requestId } from './middleware/request-id.ts';
import { routeHealth } from './routes/health.ts';
import { routeSessions } from './routes/sessions.ts';
import { routeSignatures } from './routes/signatures.ts';
import { settingsOf } from './settings.ts';

export { WalletRoom } from './wallet-room/wallet-room.ts';

/** Browsers may keep a preflight answer this long, in seconds. */
const PREFLIGHT_SECONDS = 3600;

const app = new OpenAPIHono<App>({
  defaultHook: (result) => {
    if (result.success) return;
    const { issues } = result.error;
    const detail = issues.map(({ path, message }) => `${path.join('.') || result.target}: ${message}`).join('; ');
    const tooLarge = issues.every(({ code }) => code === 'too_big');
    throw new TrefoilError(tooLarge ? 'input/too-large' : 'input/malformed', { operation: 'parseRequest', detail });
  },
});

app.use(requestId);
app.use(secureHeaders({ crossOriginResourcePolicy: 'cross-origin' }));
app.use(
  cors({
    origin: (origin, context) => (settingsOf(context.env).allowedOrigins.includes(origin) ? origin : null),
    allowMethods: ['GET', 'POST', 'DELETE'],
    allowHeaders: ['content-type', 'x-request-id'],
    exposeHeaders: ['x-request-id'],
    maxAge: PREFLIGHT_SECONDS,
  }),
);
/** Presigning sends megabytes; everything else is small. */
app.use('/v1/wallets/:walletId/sessions/:sessionId/messages', limitTo(RELAYED_MAX_BYTES));
app.use(async (context, next) => (context.req.path.endsWith('/messages') ? next() : limitTo(REQUEST_MAX_BYTES)(context, next)));

function limitTo(maxSize: number): MiddlewareHandler<App> {
  const detail = `a request here has at most ${maxSize} bytes`;
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new TrefoilError('input/too-large', { operation: 'parseRequest', detail });
    },
  });
}

routeHealth(app);
routeSessions(app);
routeSignatures(app);
app.doc31('/v1/openapi.json', {
  openapi: '3.1.0',
  info: { title: 'Trefoil gateway', version: '1', description: 'Relays sealed envelopes between a wallet’s device and its party nodes.' },
});

app.notFound((context) => answerProblem(new TrefoilError('route/not-found', { operation: 'route' }), context));
app.onError(answerProblem);

export default app;
