/** Runs tests of the engine in a copy of the project. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '../run-process.ts';
import type { Outcome } from './outcome.ts';

const TIMEOUT_MS = 15 * 60 * 1000;

/** Where compiled Rust stays, so that only what a defect changes is compiled again. */
export const buildFolderOf = (root: string): string => join(root, 'wasm/target/mutants');

/** What a defect changes is little. */
const PROFILE = { CARGO_INCREMENTAL: '1' };

const environment = (build: string): NodeJS.ProcessEnv => ({
  ...process.env,
  ...PROFILE,
  PATH: `/usr/bin:${process.env['PATH'] ?? ''}`,
  CARGO_TARGET_DIR: build,
});

/** @param build a folder that outlives the copy */
export async function runCargo(
  copy: string,
  build: string,
  target: readonly string[],
  names: readonly string[],
): Promise<ReadonlyMap<string, Outcome>> {
  const args = ['test', '--locked', '--package', 'trefoil-core', ...target, '--', ...names];
  const { output, timedOut } = await runProcess('/usr/bin/cargo', args, {
    cwd: join(copy, 'wasm'),
    env: environment(build),
    timeoutMs: TIMEOUT_MS,
  });
  return new Map(names.map((name) => [name, timedOut ? 'did not end' : cargoOutcome(output, name)]));
}

/** What cargo's output says of a test function. */
export function cargoOutcome(output: string, name: string): Outcome {
  if (!/^running \d+ tests?$/m.test(output)) return 'did not build';
  const result = new RegExp(`^test (?:\\w+::)*${name}(?: - should panic)? \\.\\.\\. (\\w+)`, 'm').exec(output)?.[1];
  if (result === 'ok') return 'passed';
  if (result === 'FAILED') return 'failed';
  // A test that takes the whole program down with it leaves no line of its own.
  return /\(signal: \d+/.test(output) ? 'failed' : 'did not run';
}

/**
 * The compiled engine of a copy serves no other copy. `cargo clean --package` would take more: also a library that has the name of one
 * of the engine's test programs, and what depends on it.
 */
export function forgetEngine(build: string): void {
  const [units, outputs] = [join(build, 'debug/.fingerprint'), join(build, 'debug/deps')];
  if (!existsSync(units)) return;
  const engine = readdirSync(units).filter((name) => name.startsWith('trefoil-core-'));
  const hashes = engine.map((name) => name.slice('trefoil-core-'.length));
  const compiled = readdirSync(outputs).filter((name) => hashes.some((hash) => name.includes(`-${hash}`)));
  const doomed = [
    join(build, 'debug/incremental'),
    ...engine.map((name) => join(units, name)),
    ...compiled.map((name) => join(outputs, name)),
  ];
  for (const path of doomed) rmSync(path, { recursive: true, force: true });
}
