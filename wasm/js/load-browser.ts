/**
 * Loads the engine in a page or in a Web Worker. The module is an asset of its own beside the script and is compiled
 * while it downloads; a content security policy needs `wasm-unsafe-eval` and nothing more.
 */
import { TrefoilError } from '#shared/errors.ts';
import type { Engine } from '#shared/ports/engine.ts';
import init from '../pkg/trefoil.js';
import { engine } from './engine.ts';

const MODULE = new URL('../pkg/trefoil_bg.wasm', import.meta.url);

let loading: Promise<Engine> | undefined;

/**
 * The engine; the module is compiled once for each page or Worker. After a failure the next call tries again.
 * @throws TrefoilError `service/offline` or `service/unavailable` when the module cannot be fetched
 */
export function loadEngine(): Promise<Engine> {
  loading ??= load().catch((thrown: unknown) => {
    loading = undefined;
    throw thrown;
  });
  return loading;
}

async function load(): Promise<Engine> {
  const response = await fetch(MODULE).catch((cause: unknown) => {
    throw new TrefoilError('service/offline', { operation: 'loadEngine', cause });
  });
  if (!response.ok) {
    throw new TrefoilError('service/unavailable', { operation: 'loadEngine', detail: `status ${response.status}` });
  }
  await init({ module_or_path: response });
  return engine;
}
