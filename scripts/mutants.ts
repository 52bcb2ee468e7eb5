/**
 * `npm run mutants`: plants one defect at a time in a copy of the project and requires that the test named in the patch
 * notices it. A patch begins with two lines:
 *
 *     Rule: the rule that the defect breaks
 *     Test: cargo FILTER | vitest PROJECT FILE NAME-PATTERN
 *
 * The named test must pass without the patch. `npm run mutants -- PART` runs the patches whose name contains PART.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providePrerequisites } from './prerequisites.ts';

const ROOT = join(import.meta.dirname, '..');
const PATCHES = join(ROOT, 'test/mutants');
/** Not copied: what is large and the same in every copy, or made anew. */
const LEFT_OUT = ['node_modules', '.git', '.trefoil', '.wrangler', 'target'];
const TEST_TIMEOUT_MS = 10 * 60 * 1000;

interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly rule: string;
  readonly test: string;
}

function readMutant(name: string): Mutant {
  const file = join(PATCHES, name);
  const text = readFileSync(file, 'utf8');
  const rule = /^Rule: (.+)$/m.exec(text)?.[1];
  const test = /^Test: (.+)$/m.exec(text)?.[1];
  if (rule === undefined || test === undefined) throw new Error(`${name} does not begin with Rule: and Test: lines`);
  return { name, file, rule, test };
}

/** A copy of the project that shares the installed packages; compiled Rust stays in one target folder for all copies. */
function copyProject(folder: string): void {
  cpSync(ROOT, folder, { recursive: true, filter: (source) => !LEFT_OUT.some((name) => source.endsWith(`/${name}`)) });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}

/** Runs a named test: true when it passed, and at least one test ran. */
function passes(folder: string, test: string): { passed: boolean; ran: boolean } {
  const [kind, ...words] = test.split(' ');
  if (kind === 'cargo') return cargoPasses(folder, words.join(' '));
  const [project = '', file = '', ...pattern] = words;
  const args = ['run', '--project', project, file, ...(pattern.length > 0 ? ['-t', pattern.join(' ')] : [])];
  const { status, stdout } = spawnSync('vitest', args, { cwd: folder, encoding: 'utf8', timeout: TEST_TIMEOUT_MS });
  return { passed: status === 0, ran: / (passed|failed)/.test(stdout) };
}

function cargoPasses(folder: string, filter: string): { passed: boolean; ran: boolean } {
  const env = { ...process.env, PATH: `/usr/bin:${process.env['PATH'] ?? ''}`, CARGO_TARGET_DIR: join(ROOT, 'wasm/target/mutants') };
  const args = ['test', '--locked', '--package', 'trefoil-core', ...targetOf(folder, filter), filter];
  const { status, stdout } = spawnSync('/usr/bin/cargo', args, {
    cwd: join(folder, 'wasm'),
    encoding: 'utf8',
    env,
    timeout: TEST_TIMEOUT_MS,
  });
  return { passed: status === 0, ran: /^test .+ \.\.\. /m.test(stdout) };
}

/** The one test program that has the function: building all of them takes most of a run. */
function targetOf(folder: string, filter: string): string[] {
  const tests = join(folder, 'wasm/crates/core/tests');
  const files = readdirSync(tests).filter((name) => name.endsWith('.rs'));
  const [file, ...more] = files.filter((name) => readFileSync(join(tests, name), 'utf8').includes(`fn ${filter}(`));
  return file !== undefined && more.length === 0 ? ['--test', file.slice(0, -'.rs'.length)] : [];
}

function main(): void {
  const part = process.argv[2] ?? '';
  const mutants = readdirSync(PATCHES)
    .filter((name) => name.endsWith('.patch') && name.includes(part))
    .sort()
    .map(readMutant);
  if (mutants.length === 0) throw new Error(`no patch in test/mutants has ${part} in its name`);
  providePrerequisites();
  const folder = join(mkdtempSync(join(tmpdir(), 'trefoil-mutants-')), 'trefoil');
  copyProject(folder);
  const verdicts = mutants.map((mutant) => ({ mutant, verdict: judge(folder, mutant) }));
  rmSync(join(folder, '..'), { recursive: true, force: true });
  const missed = verdicts.filter(({ verdict }) => verdict !== 'caught');
  process.stdout.write(`\n${verdicts.length - missed.length} passed, ${missed.length} failed\n`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

const soundTests = new Map<string, boolean>();

function judge(folder: string, mutant: Mutant): string {
  const sound = soundTests.get(mutant.test) ?? isSound(folder, mutant.test);
  soundTests.set(mutant.test, sound);
  const verdict = sound ? plant(folder, mutant) : 'the named test does not pass without the patch, or does not exist';
  process.stdout.write(
    `${verdict === 'caught' ? 'caught ' : 'MISSED '} ${mutant.name.padEnd(44)} ${mutant.rule}${verdict === 'caught' ? '' : ` — ${verdict}`}\n`,
  );
  return verdict;
}

function isSound(folder: string, test: string): boolean {
  const { passed, ran } = passes(folder, test);
  return passed && ran;
}

function plant(folder: string, mutant: Mutant): string {
  const patch = (...args: string[]): number | null =>
    spawnSync('patch', ['--batch', '--silent', '-p1', ...args, '-i', mutant.file], { cwd: folder }).status;
  if (patch('--dry-run') !== 0) return 'the patch does not apply';
  patch();
  try {
    const { passed, ran } = passes(folder, mutant.test);
    // A defect that does not even build says nothing about the test.
    if (!passed && !ran) return 'the planted defect does not build';
    return passed ? `survived ${mutant.test}` : 'caught';
  } finally {
    patch('--reverse');
  }
}

main();
