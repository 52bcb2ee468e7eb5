/** Each import rule refuses what it is about: a small tree of made-up files, with one import that breaks each rule. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const CONFIG = '.dependency-cruiser.cjs';
const { forbidden } = createRequire(import.meta.url)(join(ROOT, CONFIG)) as { forbidden: readonly { name: string }[] };

/** By rule: who imports what it must not. */
const BROKEN: Readonly<Record<string, readonly [from: string, to: string]>> = {
  'no-cycles': ['shared/one.ts', 'shared/two.ts'],
  'shared-is-alone': ['shared/a.ts', 'party-nodes/part.ts'],
  'wasm-knows-shared-only': ['wasm/js/a.ts', 'browser/part.ts'],
  'edge-alone': ['worker-edge/a.ts', 'wasm/js/part.ts'],
  'nodes-alone': ['party-nodes/a.ts', 'worker-edge/part.ts'],
  'browser-alone': ['browser/a.ts', 'party-nodes/part.ts'],
  'only-the-worker-computes': ['browser/wallet/a.ts', 'wasm/js/part.ts'],
  'pages-take-only-the-type': ['browser/wallet/b.ts', 'browser/worker/part.ts'],
  'no-tests-in-the-product': ['shared/b.ts', 'test/support/part.ts'],
  'whole-keys-only-in-tests': ['shared/c.ts', '@noble/curves/ed25519.js'],
  'wallet-and-frame-apart': ['browser/wallet/c.ts', 'browser/frame/part.ts'],
  'frame-and-wallet-apart': ['browser/frame/a.ts', 'browser/wallet/part.ts'],
  'sdk-alone': ['browser/sdk/a.ts', 'browser/worker/part.ts'],
  'consent-stands-alone': ['browser/consent/a.ts', 'browser/wallet/part.ts'],
  'words-stand-alone': ['browser/words/a.ts', 'browser/consent/part.ts'],
  'chains-apart': ['shared/chains/evm/a.ts', 'shared/chains/solana/part.ts'],
  'device-end-alone': ['shared/session/signing/device/a.ts', 'shared/session/signing/node/part.ts'],
  'node-end-alone': ['shared/session/signing/node/a.ts', 'shared/session/signing/device/part.ts'],
  'storage-behind-its-port': ['party-nodes/session/a.ts', 'party-nodes/storage/sqlite/part.ts'],
  'memory-is-for-tests': ['party-nodes/main.ts', 'party-nodes/storage/memory/part.ts'],
  'storage-below-sessions': ['party-nodes/at-rest/a.ts', 'party-nodes/session/part.ts'],
  'routing-alone': ['worker-edge/routing/a.ts', 'worker-edge/wallet-room/part.ts'],
  'rooms-below-routes': ['worker-edge/wallet-room/a.ts', 'worker-edge/routes/part.ts'],
  'digests-come-from-readers': ['shared/f.ts', 'shared/chains/signing-task.ts'],
  'no-unlisted-packages': ['shared/d.ts', 'acorn'],
  'no-unresolved': ['shared/e.ts', './nowhere.ts'],
};

const folder = mkdtempSync(join(tmpdir(), 'trefoil-imports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** The tree, and the names of the rules that the cruiser finds broken in it, with the file that breaks each. */
function brokenRules(): Set<string> {
  for (const file of ['package.json', 'tsconfig.json', CONFIG]) cpSync(join(ROOT, file), join(folder, file));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [from, to] of Object.values(BROKEN)) {
    const isFile = to.endsWith('.ts') && !to.startsWith('.');
    // Through the package's own names, as the product imports.
    write(from, `import '${isFile ? `#${to}` : to}';\n`);
    if (isFile && !Object.values(BROKEN).some(([other]) => other === to)) write(to, 'export const part = 1;\n');
  }
  write('shared/two.ts', "import './one.ts';\n");
  const cruised = spawnSync('depcruise', ['--output-type', 'json', '.'], { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const { summary } = JSON.parse(cruised.stdout) as { summary: { violations: { rule: { name: string }; from: string }[] } };
  return new Set(summary.violations.map(({ rule, from }) => `${rule.name} by ${from}`));
}

describe('import rules', () => {
  it('each refuse an import that breaks them', () => {
    expect(Object.keys(BROKEN).sort()).toEqual(forbidden.map(({ name }) => name).sort());
    const found = brokenRules();
    for (const [name, [from]] of Object.entries(BROKEN)) expect([...found]).toContain(`${name} by ${from}`);
  });
});
