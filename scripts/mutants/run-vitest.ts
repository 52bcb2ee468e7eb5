/** Runs tests of one vitest file in a copy of the project. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProcess } from '../run-process.ts';
import type { Outcome } from './outcome.ts';

const TIMEOUT_MS = 10 * 60 * 1000;

export interface VitestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export async function runVitest(
  copy: string,
  project: string,
  file: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Outcome>> {
  const folder = mkdtempSync(join(tmpdir(), 'trefoil-mutant-'));
  const report = join(folder, 'report.json');
  const pattern = names.map((name) => RegExp.escape(name)).join('|');
  const args = ['run', '--project', project, file, '-t', pattern, '--reporter=json', `--outputFile=${report}`];
  try {
    const { status, timedOut } = await runProcess('vitest', args, { cwd: copy, timeoutMs: TIMEOUT_MS });
    const read = timedOut ? undefined : (JSON.parse(readFileSync(report, 'utf8')) as VitestReport);
    return new Map(names.map((name) => [name, read === undefined ? 'did not end' : vitestOutcome(read, status, name)]));
  } catch {
    return new Map(names.map((name) => [name, 'did not run']));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a report says of the tests whose full name contains the name: all of them pass, or one fails. */
export function vitestOutcome({ testResults }: VitestReport, status: number | null, name: string): Outcome {
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  const statuses = results.filter(({ fullName }) => fullName.includes(name)).map((result) => result.status);
  if (statuses.includes('failed')) return 'failed';
  // An error outside every test, as of a promise that nobody waits for, fails the run without failing a test.
  const isStray = status !== 0 && !results.some((result) => result.status === 'failed');
  if (statuses.includes('passed')) return isStray ? 'failed' : 'passed';
  // A file that could not be loaded fails without having a test.
  return results.length === 0 && testResults.some((file) => file.status === 'failed') ? 'did not build' : 'did not run';
}
