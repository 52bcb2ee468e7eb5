/** Failing over: which node is asked next, and when nobody else is. */
import { type ErrorCode, TrefoilError } from '#shared/errors.ts';

/** Failures after which another node may serve: this one signed nothing, and never will with that envelope. */
const FAILOVER_CODES: readonly ErrorCode[] = [
  'session/party-unreachable',
  'session/unknown',
  'session/ended',
  'intent/commitment-spent',
  'service/unavailable',
  'service/bug',
];

/**
 * The first answer that one of the candidates gives, best first.
 * @throws TrefoilError the refusal of the one that judged the request, or the last failure
 */
export async function tryInTurn<Candidate, T>(candidates: readonly Candidate[], ask: (candidate: Candidate) => Promise<T>): Promise<T> {
  let failure: TrefoilError | undefined;
  for (const candidate of candidates) {
    try {
      return await ask(candidate);
    } catch (thrown) {
      failure = TrefoilError.from(thrown, 'tryInTurn');
      if (!FAILOVER_CODES.includes(failure.code)) throw failure;
    }
  }
  throw failure ?? new TrefoilError('service/unavailable', { operation: 'tryInTurn' });
}
