/**
 * Wrong passphrases are counted durably, and each further one makes the next try wait longer. The wait slows a
 * person at this keyboard; against a copied disk only Argon2id and the passphrase help.
 */
import type { UnixMs } from '#shared/ids.ts';

/** Typing errors are common: the first ones cost nothing. */
const FREE_ATTEMPTS = 3;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;

/** When the next try is allowed after `failed` wrong ones in a row. */
export function retryAt(failed: number, now: UnixMs): UnixMs {
  if (failed < FREE_ATTEMPTS) {
    return now;
  }
  return (now + Math.min(FIRST_DELAY_MS * 2 ** (failed - FREE_ATTEMPTS), LONGEST_DELAY_MS)) as UnixMs;
}

/** How long to wait before the next try. A clock that was set back must not turn a short wait into a long one. */
export const waitMs = (allowedAt: UnixMs, now: UnixMs): number => Math.min(Math.max(0, allowedAt - now), LONGEST_DELAY_MS);
