/** The whole product for a story, and a real browser; what a person does on its pages again and again. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { World } from '#local-world/topology.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { type OwnWorld, startOwnWorld } from '../support/own-world.ts';

export const PASSPHRASE = 'correct horse battery staple';

export interface Story {
  readonly world: Omit<World, 'close'>;
  readonly dataDir: string;
  readonly browser: Browser;
  /** A fresh browser profile. */
  newContext(): Promise<BrowserContext>;
  /** Everything that nodes, gateway and chains have written to their logs. */
  logs(): string;
  close(): Promise<void>;
}

/** A story in a world of its own, for one that changes what its page serves, and for measurements. */
export const startStory = async (): Promise<Story> => storyIn(await startOwnWorld());

/** A browser beside a world; `close` ends both. */
export async function storyIn({ world, dataDir, close }: Omit<OwnWorld, 'world'> & Pick<Story, 'world'>): Promise<Story> {
  const browser = await launchChromium();
  return {
    world,
    dataDir,
    browser,
    newContext: () => browser.newContext({ viewport: { width: 1000, height: 900 } }),
    logs: () =>
      readdirSync(join(dataDir, 'logs'))
        .map((name) => readFileSync(join(dataDir, 'logs', name), 'utf8'))
        .join('\n'),
    close: async () => {
      await browser.close();
      await close();
    },
  };
}

/** Creates a wallet on the first screen, as a person does. */
export async function createWallet(page: Page, passphrase = PASSPHRASE): Promise<void> {
  await page.getByLabel('Passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Create wallet' }).click();
  await page.getByRole('heading', { name: 'Your wallet', exact: true }).waitFor({ timeout: 30_000 });
}

/** Unlocks on the locked screen. */
export async function unlock(page: Page, passphrase = PASSPHRASE): Promise<void> {
  await page.getByLabel('Passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('heading', { name: 'Your wallet', exact: true }).waitFor({ timeout: 30_000 });
}

/** Asks for test money and waits until the page shows it. */
export async function fund(page: Page, symbol: 'SOL' | 'ETH' | 'BTC', shown: RegExp): Promise<void> {
  await page.getByRole('button', { name: `Get test ${symbol}` }).click();
  await page
    .locator('.accounts > li')
    .filter({ hasText: symbol })
    .locator('.balance')
    .filter({ hasText: shown })
    .waitFor({ timeout: 60_000 });
}

/** Sends from the home screen to the end; returns the transaction id that the page shows. */
export async function send(page: Page, to: string, amount: string): Promise<void> {
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByLabel('To').fill(to);
  await page.getByLabel('Amount').fill(amount);
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('heading', { name: /sent/i }).waitFor({ timeout: 60_000 });
}

/** Lamports of an address, from the chain itself. */
export async function solanaBalance(world: Story['world'], address: string): Promise<number> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getBalance', params: [address] });
  const answer = await fetch(world.solana, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return ((await answer.json()) as { result: { value: number } }).result.value;
}

/** Satoshis that an address has received in blocks, from the chain itself. */
export async function bitcoinReceived(world: Story['world'], address: string): Promise<number> {
  if ('unavailable' in world.bitcoin) throw new Error(world.bitcoin.unavailable);
  const answer = await fetch(`${world.bitcoin.url}/address/${address}`);
  return ((await answer.json()) as { chain_stats: { funded_txo_sum: number } }).chain_stats.funded_txo_sum;
}

/** Where Ethereum of this world answers. */
export function evmUrl({ evm }: Story['world']): string {
  if ('unavailable' in evm) throw new Error(evm.unavailable);
  return evm.url;
}

/** Goes back to the home screen from the end of a flow. */
export const goHome = (page: Page): Promise<void> =>
  page
    .getByRole('button', { name: /done|back|home/i })
    .first()
    .click();
