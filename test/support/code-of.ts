import { TrefoilError } from '#shared/errors.ts';

/** The error code that a step fails with: for assertions on typed errors. */
export async function codeOf(step: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof step === 'function' ? step() : step);
  } catch (error) {
    return error instanceof TrefoilError ? error.code : `not typed: ${String(error)}`;
  }
  return 'no error';
}
