/** Every failure leaves as RFC 9457 problem details with the request's id: rich inside, deliberately plain outside. */
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { TrefoilError } from '#shared/errors.ts';
import { log } from '../log.ts';
import type { App } from './request-id.ts';

export function answerProblem(thrown: unknown, context: Context<App>): Response {
  const error = TrefoilError.from(refusedByFramework(thrown), 'gateway');
  const request = context.get('requestId');
  log('request.refused', { request, code: error.code, blame: error.blame, operation: error.operation, culprits: error.culprits });
  if (error.blame === 'bug' && error.cause instanceof Error)
    log('bug', { request, kind: error.cause.name, at: error.cause.stack?.split('\n')[1]?.trim() });
  return context.body(JSON.stringify(error.toProblem(request)), error.status, { 'content-type': 'application/problem+json' });
}

/** What hono itself refuses before a handler runs: a body that is not JSON. */
const refusedByFramework = (thrown: unknown): unknown =>
  thrown instanceof HTTPException && thrown.status < 500
    ? new TrefoilError('input/malformed', { operation: 'parseRequest', detail: 'the body is not JSON', cause: thrown })
    : thrown;
