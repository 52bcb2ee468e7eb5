/** Copies of the project in which defects are planted. They go on every way out of the process. */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcesses } from '../run-process.ts';

/** Not copied: what is large and the same in every copy, or made anew. */
const LEFT_OUT = ['node_modules', '.git', '.trefoil', '.wrangler', 'target'];

/** @returns makes a copy that shares the installed packages */
export function copiesOf(root: string): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'trefoil-mutants-'));
  const leave = (): void => {
    endProcesses();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  process.on('exit', leave);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
  return (name) => {
    const copy = join(folder, name, 'trefoil');
    cpSync(root, copy, { recursive: true, filter: (source) => !LEFT_OUT.some((left) => source.endsWith(`/${left}`)) });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    return copy;
  };
}
