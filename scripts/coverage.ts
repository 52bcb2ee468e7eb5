/**
 * `npm run coverage`: line coverage of the engine's core by its own tests, file by file; fails below {@link REQUIRED_PERCENT}.
 * llvm-profdata and llvm-cov must be of the compiler's own LLVM: on Debian the package `llvm-22`, with rustup the component `llvm-tools`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const WORKSPACE = join(import.meta.dirname, '../wasm');
const SOURCES = join(WORKSPACE, 'crates/core/src');
/** Kept beside the ordinary build, so that neither makes the other compile again. */
const TARGET = join(WORKSPACE, 'target/coverage');
const CARGO = '/usr/bin/cargo';
const CARGO_TEST = ['test', '--locked', '--package', 'trefoil-core'];
const REQUIRED_PERCENT = 90;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

interface Lines {
  readonly count: number;
  readonly covered: number;
}

interface Report {
  readonly data: readonly [{ readonly files: readonly { readonly filename: string; readonly summary: { readonly lines: Lines } }[] }];
}

const output = (command: string, args: readonly string[], env?: NodeJS.ProcessEnv): string =>
  execFileSync(command, args, { encoding: 'utf8', cwd: WORKSPACE, maxBuffer: MAX_OUTPUT_BYTES, stdio: ['ignore', 'pipe', 'inherit'], env });

/** Where llvm-profdata and llvm-cov of the compiler's LLVM are. */
function findTools(): string {
  const version = output('/usr/bin/rustc', ['-vV']);
  const host = /^host: (.+)$/m.exec(version)?.[1] ?? '';
  const llvm = /^LLVM version: (\d+)/m.exec(version)?.[1] ?? '';
  const sysroot = output('/usr/bin/rustc', ['--print', 'sysroot']).trim();
  const candidates = [join(sysroot, 'lib/rustlib', host, 'bin'), `/usr/lib/llvm-${llvm}/bin`];
  const found = candidates.find((bin) => ['llvm-profdata', 'llvm-cov'].every((tool) => existsSync(join(bin, tool))));
  if (found !== undefined) return found;
  throw new Error(
    `llvm-profdata and llvm-cov of LLVM ${llvm} are missing: apt-get install llvm-${llvm}, or with rustup: rustup component add llvm-tools`,
  );
}

/** The compiler for our own crates only: counters in the curves would make the tests many times slower. */
function writeCompilerWrapper(folder: string): string {
  const wrapper = join(folder, 'rustc-with-counters');
  writeFileSync(wrapper, '#!/bin/sh\nexec "$@" -C instrument-coverage\n', { mode: 0o755 });
  return wrapper;
}

/** The test programs, as cargo names them. */
function testPrograms(env: NodeJS.ProcessEnv): string[] {
  const messages = output(CARGO, [...CARGO_TEST, '--no-run', '--message-format=json'], env).split('\n');
  return messages
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { executable?: string | null }).executable)
    .filter((executable) => typeof executable === 'string');
}

/** Lines that a test could run, of every file but the tests themselves. */
function measure(tools: string, profiles: string, programs: readonly string[]): Map<string, Lines> {
  const merged = join(profiles, 'all.profdata');
  const raw = readdirSync(profiles).filter((name) => name.endsWith('.profraw'));
  output(join(tools, 'llvm-profdata'), ['merge', '-sparse', ...raw.map((name) => join(profiles, name)), '-o', merged]);
  const [first, ...rest] = programs;
  if (first === undefined) throw new Error('cargo built no test program');
  const objects = rest.flatMap((program) => ['-object', program]);
  const report = JSON.parse(
    output(join(tools, 'llvm-cov'), ['export', '-summary-only', `-instr-profile=${merged}`, first, ...objects]),
  ) as Report;
  const files = report.data[0].files.filter(({ filename }) => filename.startsWith(SOURCES) && !/\/(fuzz|tests)\.rs$/.test(filename));
  return new Map(files.map(({ filename, summary }) => [filename.slice(SOURCES.length + 1), summary.lines]));
}

const percent = ({ count, covered }: Lines): string => `${((100 * covered) / count).toFixed(1)} %`;

function main(): void {
  const tools = findTools();
  const folder = mkdtempSync(join(tmpdir(), 'trefoil-coverage-'));
  const profiles = join(folder, 'profiles');
  mkdirSync(profiles);
  const env = {
    ...process.env,
    PATH: `/usr/bin:${process.env['PATH'] ?? ''}`,
    CARGO_TARGET_DIR: TARGET,
    RUSTC_WORKSPACE_WRAPPER: writeCompilerWrapper(folder),
    LLVM_PROFILE_FILE: join(profiles, '%p-%m.profraw'),
  };
  try {
    const { status } = spawnSync(CARGO, [...CARGO_TEST, '--quiet'], { cwd: WORKSPACE, env, stdio: ['ignore', 2, 2] });
    if (status !== 0) throw new Error('the tests do not pass');
    const files = [...measure(tools, profiles, testPrograms(env))].sort(([a], [b]) => a.localeCompare(b));
    const total = files.reduce((sum, [, { count, covered }]) => ({ count: sum.count + count, covered: sum.covered + covered }), {
      count: 0,
      covered: 0,
    });
    for (const [file, lines] of files) process.stdout.write(`${percent(lines).padStart(7)}  ${file}\n`);
    process.stdout.write(`${percent(total).padStart(7)}  of ${total.count} lines of wasm/crates/core\n`);
    process.exitCode = total.covered * 100 >= total.count * REQUIRED_PERCENT ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
