import { join } from 'node:path';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

/** Nodes and gateways are started a hundred times over: what Node has compiled of them once, it need not compile again. */
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules', '.cache', 'trefoil', 'compiled');

/** Tests that drive real Chromium or whole processes share two cores: one file at a time. */
const ALONE = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{shared,wasm,party-nodes,browser,local-world,scripts,test/support}/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', '**/node_modules/**'],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { bindings: inject<Record<string, string>>('gatewaySettings') },
          })),
        ],
        test: { name: 'workerd', include: ['worker-edge/**/*.test.ts'], globalSetup: ['test/support/nodes-for-workerd.ts'] },
      },
      { test: { name: 'chromium', include: ['browser/**/*.browser.test.ts'], ...ALONE } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], globalSetup: ['test/support/shared-parts/keep-parts.ts'], ...ALONE } },
    ],
  },
});
