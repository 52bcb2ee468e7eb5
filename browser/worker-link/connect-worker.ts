/**
 * Starts the one Worker that holds the wallet. The page's policy forbids script URLs that no named Trusted Types policy made;
 * this one makes exactly one.
 */
import { type Remote, wrap } from 'comlink';
import type { WalletApi } from '../worker/api.ts';
import workerUrl from '../worker/main.ts?worker&url';
import { keepErrorCodes } from './keep-error-codes.ts';

/** Named in the `trusted-types` directive of the page's Content-Security-Policy. */
const POLICY = 'trefoil-worker';

/** The part of the Trusted Types API that is used here; browsers without it accept the plain string. */
interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

function trustedWorkerUrl(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypesFactory };
  const createScriptURL = (url: string): string => {
    if (url !== workerUrl) {
      throw new TypeError('only the wallet Worker may be started');
    }
    return url;
  };
  return trustedTypes === undefined ? workerUrl : trustedTypes.createPolicy(POLICY, { createScriptURL }).createScriptURL(workerUrl);
}

/** @param failed called when the Worker's code did not load or did not run */
export function connectWorker(failed: () => void): Remote<WalletApi> {
  keepErrorCodes();
  const worker = new Worker(trustedWorkerUrl(), { type: 'module', name: 'trefoil' });
  worker.addEventListener('error', failed, { once: true });
  return wrap<WalletApi>(worker);
}
