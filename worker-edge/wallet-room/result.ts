/** What a room answers: a value or a problem. Exceptions lose their type between a Durable Object and its caller, so they don't cross. */
import { type Problem, TrefoilError } from '#shared/errors.ts';

export type Result<T> = { readonly value: T } | { readonly problem: Problem };

/** Runs `step` and turns what it throws into a problem. */
export async function asResult<T>(operation: string, step: () => Promise<T>): Promise<Result<T>> {
  try {
    return { value: await step() };
  } catch (thrown) {
    return { problem: TrefoilError.from(thrown, operation).toProblem() };
  }
}

/** The value again, or the error. @throws TrefoilError */
export function unwrap<T>(result: Result<T>, operation: string): T {
  if ('value' in result) return result.value;
  throw TrefoilError.fromProblem(result.problem, operation);
}
