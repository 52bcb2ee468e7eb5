/**
 * `npm test`: every check of the project, one after another, and one closing line. `npm test -- NAME …` runs the named
 * checks only.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPage } from '#local-world/build-page.ts';
import { providePrerequisites } from './prerequisites.ts';

const ROOT = join(import.meta.dirname, '..');

interface Counts {
  passed: number;
  failed: number;
}

interface Check {
  readonly name: string;
  run(): Counts | Promise<Counts>;
}

/** A command that passes or fails as a whole. */
const command = (name: string, file: string, ...args: string[]): Check => ({
  name,
  run: () => (call(file, args) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
});

const call = (file: string, args: readonly string[], cwd = ROOT): number => spawnSync(file, args, { cwd, stdio: 'inherit' }).status ?? 1;

/** One project of vitest.config.ts, counted test by test. */
const vitest = (project: string): Check => ({
  name: project,
  run: () => {
    const folder = mkdtempSync(join(tmpdir(), 'trefoil-test-'));
    const report = join(folder, 'report.json');
    try {
      const status = call('vitest', ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
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

/** The engine's own tests, natively, with Debian's Rust. */
const cargoTests: Check = {
  name: 'rust',
  run: () => {
    const { status, stdout } = spawnSync('/usr/bin/cargo', ['test', '--locked', '--package', 'trefoil-core'], {
      cwd: join(ROOT, 'wasm'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PATH: `/usr/bin:${process.env['PATH'] ?? ''}` },
      maxBuffer: 64 * 1024 * 1024,
    });
    process.stdout.write(stdout);
    const results = [...stdout.matchAll(/^test result: \S+ (\d+) passed; (\d+) failed/gm)];
    const sum = (group: number): number => results.reduce((total, match) => total + Number(match[group]), 0);
    return { passed: sum(1), failed: status === 0 ? sum(2) : Math.max(1, sum(2)) };
  },
};

/** The built page, which the browser tests load. */
const page: Check = {
  name: 'page',
  run: async () => {
    await buildPage((line) => process.stdout.write(`${line}\n`));
    return { passed: 1, failed: 0 };
  },
};

const CHECKS: readonly Check[] = [
  command('types', 'tsc', '-p', '.'),
  command('types-edge', 'tsc', '-p', 'worker-edge'),
  command('types-browser', 'tsc', '-p', 'browser'),
  command('types-test', 'tsc', '-p', 'test'),
  command('lint', 'biome', 'ci', '--error-on-warnings'),
  command('imports', 'depcruise', 'shared', 'wasm/js', 'browser', 'worker-edge', 'party-nodes', 'local-world', 'scripts', 'bench', 'test'),
  command('dead-code', 'knip'),
  command('rules', 'node', 'scripts/rules.ts'),
  command('contract', 'node', 'scripts/contract.ts', '--check'),
  command('wasm-sources', 'node', 'scripts/build-wasm.ts', '--check-sources'),
  command(
    'clippy',
    '/usr/bin/cargo',
    'clippy',
    '--quiet',
    '--locked',
    '--manifest-path',
    'wasm/Cargo.toml',
    '--package',
    'trefoil-core',
    '--',
    '-D',
    'warnings',
  ),
  cargoTests,
  vitest('unit'),
  vitest('workerd'),
  page,
  vitest('chromium'),
  vitest('e2e'),
];

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !CHECKS.some((check) => check.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`unknown: ${unknown.join(', ')}\nchecks: ${CHECKS.map(({ name }) => name).join(' ')}\n`);
    process.exit(2);
  }
  providePrerequisites();
  const total: Counts = { passed: 0, failed: 0 };
  const lines: string[] = [];
  for (const check of CHECKS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    process.stdout.write(`\n— ${check.name}\n`);
    const began = performance.now();
    const { passed, failed } = await check.run();
    total.passed += passed;
    total.failed += failed;
    lines.push(
      `${failed === 0 ? 'ok    ' : 'FAILED'} ${check.name.padEnd(14)} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed  ${((performance.now() - began) / 1000).toFixed(0)} s`,
    );
  }
  process.stdout.write(`\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

await main();
