/** Serves the built vault on a free port and opens Chromium on it, for the tests of this folder. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { launchChromium } from '../launch-chromium.ts';

export interface VaultLab {
  /** A fresh browser profile. */
  newProfile(): Promise<BrowserContext>;
  /** A tab of a profile, with the global `lab`. */
  openTab(profile: BrowserContext): Promise<Page>;
  stop(): Promise<void>;
}

export async function startVaultLab(): Promise<VaultLab> {
  const script = await bundle();
  const server = createServer((request, response) => {
    const isScript = request.url === '/lab.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? script : '<!doctype html><title>Vault lab</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchChromium();
  return {
    newProfile: () => browser.newContext(),
    async openTab(profile) {
      const page = await profile.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.addScriptTag({ type: 'module', content: "globalThis.lab = await import('/lab.js');" });
      await page.waitForFunction(() => 'lab' in globalThis);
      return page;
    },
    async stop() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bundle(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, target: 'es2022', lib: { entry: `${import.meta.dirname}/vault-lab.ts`, formats: ['es'] } },
  });
  const [first] = [output].flat();
  const chunk = first !== undefined && 'output' in first ? first.output[0] : undefined;
  if (chunk === undefined) throw new Error('the vault did not build');
  return chunk.code;
}
