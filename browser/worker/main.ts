/** The Worker's entry: constructs the adapters and gives the page its API. */
import './no-eval.ts';
import { expose } from 'comlink';
import { TrefoilError } from '#shared/errors.ts';
import type { UnixMs } from '#shared/ids.ts';
import { platformRandom } from '#shared/ports/random-bytes.ts';
import { parseRelease, type Release } from '#shared/release.ts';
import { loadEngine } from '#wasm/js/load-browser.ts';
import { keepErrorCodes } from '../worker-link/keep-error-codes.ts';
import { networkOf } from './network.ts';
import { WalletWorker } from './wallet-worker.ts';

/** Same origin, part of the release: it names the nodes' identity keys. */
const RELEASE_PATH = '/release.json';

async function fetchRelease(): Promise<Release> {
  const operation = 'fetchRelease';
  let response: Response;
  try {
    response = await fetch(RELEASE_PATH, { redirect: 'error', credentials: 'omit' });
  } catch (cause) {
    throw new TrefoilError('service/offline', { operation, cause });
  }
  if (!response.ok) {
    throw new TrefoilError('service/configuration', { operation, detail: `${RELEASE_PATH} answered ${response.status}` });
  }
  return parseRelease(await response.json().catch(() => undefined));
}

/** Starts at once, and again after a failure, because the connection may have come back. */
function retried<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  const ask = () => {
    loading ??= load().catch((failure: unknown) => {
      loading = undefined;
      throw failure;
    });
    return loading;
  };
  void ask().catch(() => {});
  return ask;
}

keepErrorCodes();
expose(
  new WalletWorker({
    engine: retried(loadEngine),
    release: retried(fetchRelease),
    network: networkOf,
    clock: () => Date.now() as UnixMs,
    random: platformRandom,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  }),
);
