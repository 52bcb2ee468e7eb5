/** What the gateway answers with when it refuses. */
import { expect } from 'vitest';
import { ProblemAnswer } from '#shared/api/gateway-api.ts';
import { CATALOGUE, type ErrorCode } from '#shared/errors.ts';

export const JSON_TYPE = { 'content-type': 'application/json' };

/** Requires a whole RFC 9457 problem whose members are those of the catalogue, and returns its code. */
export async function problemOf(response: Response): Promise<{ code: ErrorCode; blame: string; culprits: readonly number[] }> {
  const text = await response.text();
  expect(response.headers.get('content-type'), text).toBe('application/problem+json');
  const problem = ProblemAnswer.parse(JSON.parse(text));
  const code = problem.code as ErrorCode;
  expect(CATALOGUE).toHaveProperty([code]);
  expect(problem).toMatchObject({ status: response.status, title: CATALOGUE[code].title, fix: CATALOGUE[code].fix });
  expect(problem.status).toBe(CATALOGUE[code].status);
  expect(problem.instance).toBe(response.headers.get('x-request-id'));
  return { code, blame: problem.blame, culprits: problem.culprits ?? [] };
}
