/** How checks run: commands, and projects of vitest.config.ts counted test by test. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProcess } from '../run-process.ts';
import type { Check, CheckRun, Counts } from './check.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** Longer than any check takes on a slow machine: one that hangs must not hang the run. */
const TIMEOUT_MS = 30 * 60 * 1000;

interface CommandOptions {
  /** From the root of the repository. */
  readonly cwd?: string;
  /** What a run counts, out of its output; without it the command passes or fails as a whole. */
  readonly count?: (output: string) => Counts;
}

export const command = (name: string, concerns: RegExp, file: string, args: readonly string[], options: CommandOptions = {}): Check => ({
  name,
  concerns,
  run: async ({ say }) => {
    const { status, output } = await start(file, args, say, options.cwd);
    const { passed, failed } = options.count?.(output) ?? { passed: 1, failed: 0 };
    // A run that broke off has failed, whatever it counted.
    return status === 0 ? { passed, failed } : { passed: options.count === undefined ? 0 : passed, failed: Math.max(1, failed) };
  },
});

interface VitestOptions {
  readonly name?: string;
  readonly page?: 'needs';
  readonly files?: readonly string[];
  /** Of a change, only the tests run that import what changed, and these, which read what they judge from the disk. */
  readonly related?: readonly string[];
}

export const vitest = (project: string, concerns: RegExp, { name = project, page, files = [], related }: VitestOptions = {}): Check => ({
  name,
  concerns,
  ...(page && { page }),
  run: async ({ say, changed }: CheckRun) => {
    const folder = mkdtempSync(join(tmpdir(), 'trefoil-test-'));
    const report = join(folder, 'report.json');
    const mode =
      related !== undefined && changed !== undefined
        ? ['related', '--run', '--passWithNoTests', ...changed, ...related]
        : ['run', ...files];
    try {
      const args = [...mode, '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      const { status } = await start('vitest', args, say);
      const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as {
        numPassedTests: number;
        numFailedTests: number;
      };
      // A file that could not be loaded, or an error outside every test, fails the run without failing a test.
      return { passed: numPassedTests, failed: status === 0 ? numFailedTests : Math.max(1, numFailedTests) };
    } catch {
      return { passed: 0, failed: 1 };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

/** Debian's Rust is in /usr/bin and comes before any other. */
function start(file: string, args: readonly string[], say: (text: string) => void, cwd = '.') {
  const env = file.startsWith('/usr/bin/') ? { ...process.env, PATH: `/usr/bin:${process.env['PATH'] ?? ''}` } : process.env;
  return runProcess(file, args, { cwd: join(ROOT, cwd), env, timeoutMs: TIMEOUT_MS, onOutput: say });
}
