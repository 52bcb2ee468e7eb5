/** The program that has a named test: one vitest file, or one test target of the engine. */
import type { NamedTest } from '../../test/rules/rule.ts';
import { cargoFilesOf } from '../rules/cargo-tests.ts';
import type { Outcome } from './outcome.ts';
import { buildFolderOf, runCargo } from './run-cargo.ts';
import { runVitest } from './run-vitest.ts';

export interface TestProgram {
  /** Tests with the same key run in one go. */
  readonly key: string;
  /** The engine's tests need a compiler and little else, some others a browser or whole processes with the machine to themselves. */
  readonly kind: 'cargo' | 'vitest' | 'alone';
  /** From the root of the repository. */
  readonly file: string;
  run(copy: string, names: readonly string[]): Promise<ReadonlyMap<string, Outcome>>;
}

export const testNameOf = (test: NamedTest): string => ('cargo' in test ? test.cargo : test.name);

/** @throws Error for a Rust function that is not in exactly one file */
export function testProgramOf(root: string, test: NamedTest): TestProgram {
  if ('vitest' in test) {
    const { vitest: project, file } = test;
    const kind = project === 'chromium' || project === 'e2e' ? 'alone' : 'vitest';
    return { key: `${project} ${file}`, kind, file, run: (copy, names) => runVitest(copy, project, file, names) };
  }
  const [file, ...more] = cargoFilesOf(root, test.cargo);
  if (file === undefined || more.length > 0) throw new Error(`${test.cargo} is not in exactly one file of the engine`);
  const target = /\/tests\/(\w+)\.rs$/.exec(file)?.[1];
  const targetArgs = target === undefined ? ['--lib'] : ['--test', target];
  return { key: targetArgs.join(' '), kind: 'cargo', file, run: (copy, names) => runCargo(copy, buildFolderOf(root), targetArgs, names) };
}
