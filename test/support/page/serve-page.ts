/** For tests of the page: builds it, serves it under the policy of its host, and opens a browser. There is no service behind it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import type { Browser } from 'playwright-core';
import { build, type PluginOption } from 'vite';
import { contentSecurityPolicy } from '#browser/release/compose-page.ts';
import { buildPage } from '#local-world/build-page.ts';
import type { Release } from '#shared/release.ts';
import { launchChromium } from '../launch-chromium.ts';

const TYPES: Record<string, string> = {
  ...{ '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' },
  ...{ '.svg': 'image/svg+xml', '.wasm': 'application/wasm', '.json': 'application/json' },
};
/** Port 9 answers nothing. */
const release: Release = {
  ...{ version: 1, name: 'nowhere', gateway: 'http://127.0.0.1:9', threshold: 2, faucet: null },
  nodes: [
    { party: 2, name: 'Frankfurt', region: 'eu', identity: '11'.repeat(32) },
    { party: 3, name: 'Virginia', region: 'us', identity: '22'.repeat(32) },
  ],
  chains: [{ id: 'solana:localnet', kind: 'solana', url: 'http://127.0.0.1:9' }],
};

export interface ServedPage {
  readonly url: string;
  readonly browser: Browser;
  stop(): Promise<void>;
}

/** @param plugins of a build of its own; without any, the page is the one of `npm start` @param answers what the host serves besides the built files, by path */
export async function servePage(plugins: PluginOption[] = [], answers: Readonly<Record<string, () => string>> = {}): Promise<ServedPage> {
  const changed = plugins.length === 0 ? undefined : await buildWith(plugins);
  const dist = changed ?? (await buildPage(() => undefined));
  const said: Readonly<Record<string, () => string>> = { '/release.json': () => JSON.stringify(release), ...answers };
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : normalize(request.url ?? '/');
    const answer = said[path];
    const content = answer === undefined ? readFile(join(dist, path)) : Promise.resolve(answer());
    content.then(
      (body) =>
        response
          .writeHead(200, { 'content-type': TYPES[extname(path)], 'content-security-policy': contentSecurityPolicy(release) })
          .end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchChromium();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    browser,
    stop: async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
      if (changed !== undefined) await rm(changed, { recursive: true, force: true });
    },
  };
}

async function buildWith(plugins: PluginOption[]): Promise<string> {
  const dist = await mkdtemp(join(tmpdir(), 'wallet-page-'));
  const configFile = `${import.meta.dirname}/../../../browser/vite.config.ts`;
  await build({ configFile, logLevel: 'silent', plugins, build: { outDir: dist } });
  return dist;
}
