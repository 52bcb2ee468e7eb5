/**
 * Every check of `npm test`, in the order in which they are begun: quick ones first, then the longest. Two run at a time.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPage } from '#local-world/build-page.ts';
import type { Check } from './check.ts';
import { command, ROOT, vitest } from './run-checks.ts';

const TYPESCRIPT = /[.](ts|tsx|mjs|cjs|js|json)$/;
const ENGINE = /^wasm\/(crates|Cargo)/;
/** What runs when the whole product does. */
const PRODUCT = /^(shared|wasm\/(js|pkg)|browser|worker-edge|party-nodes|local-world|test|wrangler[.]toml|package)/;
const ANYTHING = /./;

const CARGO = '/usr/bin/cargo';
const CLIPPY = ['clippy', '--quiet', '--locked', '--manifest-path', 'wasm/Cargo.toml', '--package', 'trefoil-core', '--', '-D', 'warnings'];
const CRUISED = ['shared', 'wasm/js', 'browser', 'worker-edge', 'party-nodes', 'local-world', 'scripts', 'bench', 'test'];

/** Tests that read what they judge, and import nothing of it. */
const READ_FROM_DISK = [
  'scripts/import-rules.test.ts',
  'browser/words/literals.test.ts',
  'browser/words/unused.test.ts',
  'wasm/js/exports.test.ts',
];

/** Stories of a person with the page, and stories of nodes and gateway alone: each half takes about as long. */
const STORIES = 'test/e2e';
const stories = readdirSync(join(ROOT, STORIES)).filter((name) => name.endsWith('.test.ts'));
const withPage = (name: string): boolean => readFileSync(join(ROOT, STORIES, name), 'utf8').includes("'./topology.ts'");
const paths = (names: readonly string[]): string[] => names.map((name) => `${STORIES}/${name}`);

/** The built page, which the browser tests load. */
const page: Check = {
  name: 'page',
  concerns: PRODUCT,
  page: 'builds',
  run: async ({ say }) => {
    await buildPage((line) => say(`${line}\n`));
    return { passed: 1, failed: 0 };
  },
};

/** The engine's own tests, natively. */
const rust = command('rust', ENGINE, CARGO, ['test', '--locked', '--package', 'trefoil-core'], {
  cwd: 'wasm',
  count: (output) => {
    const results = [...output.matchAll(/^test result: \S+ (\d+) passed; (\d+) failed/gm)];
    const sum = (group: number): number => results.reduce((total, match) => total + Number(match[group]), 0);
    return { passed: sum(1), failed: sum(2) };
  },
});

export const CHECKS: readonly Check[] = [
  page,
  command('types', TYPESCRIPT, 'tsc', ['-p', '.']),
  command('types-edge', TYPESCRIPT, 'tsc', ['-p', 'worker-edge']),
  command('types-browser', TYPESCRIPT, 'tsc', ['-p', 'browser']),
  command('types-test', TYPESCRIPT, 'tsc', ['-p', 'test']),
  command('lint', ANYTHING, 'biome', ['ci', '--error-on-warnings']),
  command('imports', TYPESCRIPT, 'depcruise', CRUISED),
  command('dead-code', TYPESCRIPT, 'knip', []),
  command('rules', ANYTHING, 'node', ['scripts/rules.ts']),
  command('contract', /^shared\/proto/, 'node', ['scripts/contract.ts', '--check']),
  command('wasm-sources', /^wasm\//, 'node', ['scripts/build-wasm.ts', '--check-sources']),
  vitest('e2e', PRODUCT, { name: 'e2e-page', page: 'needs', files: paths(stories.filter(withPage)) }),
  command('clippy', ENGINE, CARGO, CLIPPY),
  rust,
  vitest('e2e', PRODUCT, { name: 'e2e-parts', files: paths(stories.filter((name) => !withPage(name))) }),
  vitest('chromium', PRODUCT, { page: 'needs' }),
  vitest('unit', TYPESCRIPT, { related: READ_FROM_DISK }),
  vitest('workerd', /^(shared|worker-edge|party-nodes|test\/support|wrangler[.]toml|package)/),
];
