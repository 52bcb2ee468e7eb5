/** Asks a faucet for test money: `POST /faucet` with `{ chain, address }` as JSON; any 2xx means that money is on its way. */
import { TrefoilError } from '#shared/errors.ts';
import type { ChainId } from '#shared/ids.ts';

/** A faucet may wait for the network to take its transaction. */
const TIMEOUT_MS = 20_000;

/** @param faucet its base URL @throws TrefoilError what the faucet answered, or `service/unavailable` when it did not */
export async function requestTestMoney(faucet: string, chain: ChainId, address: string): Promise<void> {
  const operation = 'requestTestMoney';
  let response: Response;
  try {
    response = await fetch(`${faucet.replace(/\/$/, '')}/faucet`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chain, address }),
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new TrefoilError('service/unavailable', { operation, detail: 'the source of test money did not answer', cause });
  }
  if (!response.ok) {
    const problem: unknown = await response.json().catch(() => undefined);
    if (typeof problem === 'object' && problem !== null && 'code' in problem) {
      throw TrefoilError.fromProblem(problem, operation);
    }
    throw new TrefoilError('service/unavailable', { operation, detail: `the source of test money answered ${response.status}` });
  }
}
