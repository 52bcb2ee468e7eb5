/** The story that everything hangs on: with nothing but the page, a wallet is created, funded, and sends SOL and BTC. */

import { secp256k1 } from '@noble/curves/secp256k1.js';
import { base58 } from '@scure/base';
import { p2tr, TEST_NETWORK } from '@scure/btc-signer';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinStory } from './join-story.ts';
import { bitcoinReceived, createWallet, fund, type Story, send, solanaBalance, unlock } from './topology.ts';

let story: Story;
let context: BrowserContext;
let page: Page;

/** Addresses of strangers, whose balances nobody else changes. */
const newSolanaAddress = (): string => base58.encode(crypto.getRandomValues(new Uint8Array(32)));
const newBitcoinAddress = (): string => {
  const internal = secp256k1.getPublicKey(secp256k1.utils.randomSecretKey(), true).slice(1);
  return p2tr(internal, undefined, { ...TEST_NETWORK, bech32: 'bcrt' }).address ?? '';
};

beforeAll(async () => {
  story = await joinStory();
  context = await story.newContext();
  page = await context.newPage();
  await page.goto(story.world.page);
}, 15 * 60_000);
afterAll(() => story?.close());

const home = () =>
  page
    .getByRole('button', { name: /done|back|home/i })
    .first()
    .click();

describe('a person with a browser', () => {
  it('creates a wallet and gets test money', async () => {
    await createWallet(page);
    await fund(page, 'SOL', /^5/);
    await fund(page, 'BTC', /^0\.5/);
  });

  it('sends SOL, and the receiver has it', async () => {
    const to = newSolanaAddress();
    await send(page, to, '1.25');
    await expect.poll(() => solanaBalance(story.world, to), { timeout: 30_000 }).toBe(1_250_000_000);
    await home();
  });

  it('sends BTC, and the receiver has it in a block', async () => {
    const to = newBitcoinAddress();
    await send(page, to, '0.1');
    await expect.poll(() => bitcoinReceived(story.world, to), { timeout: 60_000 }).toBe(10_000_000);
    await home();
  });

  it('signed in one round trip', async () => {
    const measures = await page
      .workers()[0]
      ?.evaluate(() => performance.getEntriesByName('trefoil.sign').map((entry) => (entry as unknown as { detail: unknown }).detail));
    expect(measures).toHaveLength(2);
    for (const detail of measures ?? []) expect(detail).toMatchObject({ roundTrips: 1 });
  });

  it('comes back after a reload with the passphrase, and sends again', async () => {
    await page.reload();
    await unlock(page);
    const [sol, btc] = [newSolanaAddress(), newBitcoinAddress()];
    await send(page, sol, '0.5');
    await expect.poll(() => solanaBalance(story.world, sol), { timeout: 30_000 }).toBe(500_000_000);
    await home();
    await send(page, btc, '0.05');
    await expect.poll(() => bitcoinReceived(story.world, btc), { timeout: 60_000 }).toBe(5_000_000);
    await home();
  });

  it('sends with the first node down: the second serves', async () => {
    await story.world.nodes[0]?.kill();
    const [sol, btc] = [newSolanaAddress(), newBitcoinAddress()];
    await send(page, sol, '0.25');
    await page.getByText('Virginia').first().waitFor();
    await expect.poll(() => solanaBalance(story.world, sol), { timeout: 30_000 }).toBe(250_000_000);
    await home();
    await send(page, btc, '0.02');
    await expect.poll(() => bitcoinReceived(story.world, btc), { timeout: 60_000 }).toBe(2_000_000);
    await story.world.nodes[0]?.start();
    await home();
  });

  it('sends with both nodes restarted: their old commitments are gone', async () => {
    for (const node of story.world.nodes) await node.kill();
    for (const node of story.world.nodes) await node.start();
    const sol = newSolanaAddress();
    await send(page, sol, '0.1');
    await expect.poll(() => solanaBalance(story.world, sol), { timeout: 30_000 }).toBe(100_000_000);
    await home();
  });

  it('locks, and shows nothing but the way back in', async () => {
    await page.getByRole('button', { name: 'Lock' }).click();
    await page.getByRole('button', { name: 'Unlock' }).waitFor();
    expect(await page.locator('.balance').count()).toBe(0);
  });
});
