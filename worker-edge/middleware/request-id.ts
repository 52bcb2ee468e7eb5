/** Gives every request an id: the caller's, when it is a plain one, or a fresh one. It comes back in the answer and in every log line. */
import { createMiddleware } from 'hono/factory';
import type { Bindings } from '../env.ts';

/** What handlers of the gateway find in their context. */
export interface App {
  Bindings: Bindings;
  Variables: { requestId: string };
}

const PLAIN = /^[A-Za-z0-9_-]{8,64}$/;

export const requestId = createMiddleware<App>(async (context, next) => {
  const given = context.req.header('x-request-id') ?? '';
  const id = PLAIN.test(given) ? given : crypto.randomUUID();
  context.set('requestId', id);
  await next();
  context.header('x-request-id', id);
});
