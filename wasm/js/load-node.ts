/** Loads the engine in Node from the file beside the package. */
import { readFile } from 'node:fs/promises';
import type { Engine } from '#shared/ports/engine.ts';
import { initSync } from '../pkg/trefoil.js';
import { engine } from './engine.ts';

let loading: Promise<Engine> | undefined;

/** The engine; the module is compiled once for each process. */
export function loadEngine(): Promise<Engine> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Engine> {
  initSync({ module: await readFile(new URL('../pkg/trefoil_bg.wasm', import.meta.url)) });
  return engine;
}
