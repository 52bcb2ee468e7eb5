/** Every screen that a person can reach, in the real world: no barrier, nothing cut off, nothing reported, the keyboard enough. */
import { base58 } from '@scure/base';
import type { BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bitcoinRegtest } from '#shared/chains/bitcoin/plugin.ts';
import { joinStory } from './join-story.ts';
import { complaintsOf, hold, look, tabTo } from './look.ts';
import { createWallet, fund, PASSPHRASE, type Story, unlock } from './topology.ts';

let story: Story;
let context: BrowserContext;
let page: Page;
let complaints: string[];
/** Addresses of the wallet, as its page shows them. */
let addresses: { SOL: string; BTC: string };
/** Exchanges with the gateway that a creation takes. */
let exchanges = 0;

const EXCHANGES = /\/envelopes$/;
const SIGNATURES = /\/signatures$/;
const isExchange = (request: Request): boolean => request.method() === 'POST' && EXCHANGES.test(request.url());
const newSolanaAddress = (): string => base58.encode(crypto.getRandomValues(new Uint8Array(32)));

/** A fresh profile, or another tab of one, on its first screen. */
async function open(into?: BrowserContext): Promise<void> {
  context = into ?? (await story.newContext());
  page = await context.newPage();
  page.setDefaultTimeout(30_000);
  complaints = await complaintsOf(page, story.world.page);
  await page.goto(story.world.page);
}

const button = (name: string) => page.getByRole('button', { name });
const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor({ timeout: 60_000 });
const alert = (text: string | RegExp) => page.getByRole('alert').filter({ hasText: text }).waitFor({ timeout: 60_000 });

async function addressOf(symbol: 'SOL' | 'BTC'): Promise<string> {
  await button(`Show whole ${symbol} address`).click();
  const shown = await page.locator('.accounts > li').filter({ hasText: symbol }).locator('.whole-address').textContent();
  await button(`Show less ${symbol} address`).click();
  return shown ?? '';
}

async function toReview(to: string, amount: string): Promise<void> {
  await button('Send').click();
  await page.getByLabel('To').fill(to);
  await page.getByLabel('Amount').fill(amount);
  await button('Review').click();
  await heading('Check before you approve');
}

async function backHome(): Promise<void> {
  await button('Cancel').click();
  await button('Back').click();
  await heading('Your wallet');
}

beforeAll(async () => {
  story = await joinStory();
}, 15 * 60_000);
afterAll(() => story?.close());

describe('with the keyboard alone', () => {
  beforeAll(() => open());

  it('says what the wallet is, and what is wrong with a passphrase', async () => {
    await button('Create wallet').waitFor();
    await look(page, '01-first');
    await tabTo(page, 'textbox', 'Passphrase');
    await page.keyboard.type('too short');
    await page.keyboard.press('Enter');
    await alert('too short');
    await look(page, '02-first-weak');
  });

  it('makes a wallet, and says what it waits for', async () => {
    page.on('request', (request) => {
      if (isExchange(request)) exchanges += 1;
    });
    const letGo = await hold(page, EXCHANGES, 1);
    await tabTo(page, 'textbox', 'Passphrase');
    await page.keyboard.type(PASSPHRASE);
    await page.keyboard.press('Enter');
    await page.getByText('are making the key: 2 of 3').waitFor();
    await look(page, '03-creating');
    await letGo();
    await heading('Your wallet');
    await page.locator('.balance').filter({ hasText: '0 BTC' }).waitFor();
    await look(page, '04-home-empty');
    page.removeAllListeners('request');
  });

  it('gets test money', async () => {
    await tabTo(page, 'button', 'Get test SOL');
    await page.keyboard.press('Enter');
    await fund(page, 'BTC', /^0\.5/);
    await page.locator('.balance').filter({ hasText: '5 SOL' }).waitFor();
    addresses = { SOL: await addressOf('SOL'), BTC: await addressOf('BTC') };
  });

  it('sends', async () => {
    await tabTo(page, 'button', 'Send');
    await page.keyboard.press('Enter');
    await heading('Send money');
    await look(page, '06-send');
    await tabTo(page, 'textbox', 'To');
    await page.keyboard.type(newSolanaAddress());
    await tabTo(page, 'textbox', 'Amount');
    await page.keyboard.type('1.25');
    await page.keyboard.press('Enter');
    await heading('Check before you approve');
    await look(page, '08-review-new-recipient');
    const sign = await hold(page, SIGNATURES);
    await tabTo(page, 'button', 'Approve');
    await page.keyboard.press('Enter');
    await page.getByText('are signing').waitFor();
    await look(page, '12-approving');
    const status = await hold(page, `${story.world.solana}/**`);
    await sign();
    await page.getByText('Handing the payment to').waitFor();
    await status();
    await heading('Sent');
    await page.getByText('Confirmed', { exact: true }).waitFor();
    await look(page, '14-sent-confirmed');
    await tabTo(page, 'button', 'Done');
    await page.keyboard.press('Enter');
    await heading('Your wallet');
  });

  it('locks', async () => {
    await page.locator('.entries').getByText('Sent').waitFor();
    await look(page, '05-home-funded');
    await page.locator('.entries summary').first().click();
    await look(page, '05-home-history-open');
    await tabTo(page, 'button', 'Lock');
    await page.keyboard.press('Enter');
    await heading('Your wallet is locked');
    await look(page, '15-locked');
    await page.keyboard.type(PASSPHRASE);
    await page.keyboard.press('Enter');
    await heading('Your wallet');
    expect(complaints).toEqual([]);
  });
});

describe('a person who makes mistakes', () => {
  it('reads beside each field what is wrong', async () => {
    await button('Send').click();
    await button('Review').click();
    await alert('Enter the address');
    await alert('Enter how much');
    await look(page, '07-send-empty');
    await page.getByLabel('To').fill(newSolanaAddress());
    await page.getByLabel('Amount').fill('999');
    await button('Review').click();
    await alert('does not cover');
    await look(page, '07-send-too-much');
    await page.getByLabel('To').fill(addresses.BTC);
    await page.getByText('Changed to BTC').waitFor();
    await page.getByLabel('Amount').fill('1,5,0');
    await button('Review').click();
    await alert('not an amount');
    await look(page, '07-send-no-amount');
    await button('Back').click();
  });

  it('is warned before approving', async () => {
    await toReview(addresses.BTC, '0.00001');
    await page.getByText('This is your own address').waitFor();
    await page.getByText('The fee is high').waitFor();
    await look(page, '09-review-own-address-high-fee');
    await backHome();
    const at = addresses.SOL.length / 2;
    const other = addresses.SOL.charAt(at) === '2' ? '3' : '2';
    await toReview(`${addresses.SOL.slice(0, at)}${other}${addresses.SOL.slice(at + 1)}`, '3.7');
    await page.getByText('looks like one you know').waitFor();
    await page.getByText('Almost no SOL').waitFor();
    await look(page, '10-review-look-alike-almost-everything');
    await backHome();
  });

  it('follows a payment that takes its time', async () => {
    await toReview(addresses.BTC, '0.1');
    const letGo = await hold(page, /\/tx\/[0-9a-f]{64}/);
    await button('Approve').click();
    await heading('Sent');
    await look(page, '13-sent-pending');
    await letGo();
    await page.getByText('Confirmed', { exact: true }).waitFor({ timeout: 60_000 });
    await button('Done').click();
  });

  it('has wrong passphrases counted', async () => {
    await button('Lock').click();
    const wrong = async (count: string): Promise<void> => {
      await page.getByLabel('Passphrase').fill('not the passphrase');
      await button('Unlock').click();
      await page.getByText(count).waitFor({ timeout: 30_000 });
    };
    await wrong('One wrong passphrase');
    await look(page, '16-locked-wrong');
    await wrong('2 wrong');
    await wrong('3 wrong');
    await wrong('4 wrong');
    await wrong('5 wrong');
    await look(page, '16-locked-wait');
    await expect.poll(() => button('Unlock').getAttribute('aria-disabled'), { timeout: 30_000 }).toBe('false');
    await unlock(page);
    expect(complaints).toEqual([]);
  });
});

describe('two tabs', () => {
  it('says that the wallet is open in the other one, and takes it over', async () => {
    const [first, ofFirst] = [page, complaints];
    await open(context);
    await heading('Your wallet is open in another tab');
    await look(page, '17-in-use');
    await button('Use here instead').click();
    await heading('Your wallet is locked');
    await unlock(page);
    await first.getByRole('heading', { name: 'Your wallet is open in another tab' }).waitFor();
    await first.close();
    expect([...complaints, ...ofFirst]).toEqual([]);
  });
});

describe('when a part is away', () => {
  beforeEach(async () => {
    await heading('Your wallet');
    await page
      .locator('.balance')
      .filter({ hasText: /[0-9] BTC/ })
      .waitFor();
  });

  it('says that the browser is offline', async () => {
    await context.setOffline(true);
    await page.getByText('You are offline').waitFor();
    await look(page, '18-offline');
    await context.setOffline(false);
  });

  it('shows the last known balance of a chain that does not answer', async () => {
    if ('unavailable' in story.world.bitcoin) return;
    const everything = `${story.world.bitcoin.url}/**`;
    await page.route(everything, (route) => route.abort());
    await page.getByText('This is the last known balance').waitFor({ timeout: 30_000 });
    await look(page, '19-chain-silent');
    await page.unroute(everything);
  });

  it('says which chain this release cannot reach', async () => {
    const { chains } = story.world.release;
    const without = chains.map((chain) =>
      chain.id === bitcoinRegtest.id ? { id: chain.id, unavailable: 'btcd could not be had' } : chain,
    );
    await page.route('**/release.json', (route) => route.fulfill({ json: { ...story.world.release, chains: without } }));
    await page.reload();
    await unlock(page);
    await page.getByText('cannot be reached').waitFor();
    await look(page, '20-chain-unavailable');
    await page.unroute('**/release.json');
    await page.reload();
    await unlock(page);
  });

  it('says that no node answered, and that nothing was sent', async () => {
    await toReview(newSolanaAddress(), '0.5');
    for (const node of story.world.nodes) await node.kill();
    await button('Approve').click();
    await alert('did not answer');
    await page.getByText('Nothing was sent').waitFor();
    await look(page, '21-nodes-away');
    for (const node of story.world.nodes) await node.start();
    await button('Back').click();
    await button('Back').click();
  });

  it('says that the service is away', async () => {
    await toReview(newSolanaAddress(), '0.5');
    await story.world.gateway.kill();
    await button('Approve').click();
    await alert('no connection');
    await look(page, '22-gateway-away');
    await story.world.gateway.start();
    await button('Back').click();
    await button('Back').click();
    expect(complaints).toEqual([]);
  });
});

describe('a wallet that cannot be opened', () => {
  it('says that its data is damaged', async () => {
    await button('Lock').click();
    await heading('Your wallet is locked');
    await page.evaluate(async () => {
      const asked = indexedDB.open('trefoil-vault');
      await new Promise((resolve) => asked.addEventListener('success', resolve));
      const transaction = asked.result.transaction('unlocks', 'readwrite');
      transaction.objectStore('unlocks').clear();
      await new Promise((resolve) => transaction.addEventListener('complete', resolve));
      asked.result.close();
    });
    await page.getByLabel('Passphrase').fill(PASSPHRASE);
    await button('Unlock').click();
    await heading('Your wallet cannot be opened here');
    await look(page, '23-broken');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('says that the browser deleted it', async () => {
    context = await story.newContext();
    await context.addInitScript(() => localStorage.setItem('trefoil.wallet-since', '2026-11-03T10:00:00Z'));
    await open(context);
    await heading('Your wallet’s data was deleted here');
    await look(page, '24-evicted');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('says that its creation was interrupted, and makes another', async () => {
    await open();
    let seen = 0;
    page.on('request', (request) => {
      if (isExchange(request)) seen += 1;
    });
    // Everything but the last answer: this browser has its part, and does not know that the others have theirs.
    const letGo = await hold(page, EXCHANGES, exchanges - 1);
    await page.getByLabel('Passphrase').fill(PASSPHRASE);
    await button('Create wallet').click();
    await expect.poll(() => seen, { timeout: 30_000 }).toBe(exchanges);
    await page.reload();
    await page.getByText('The last attempt was interrupted').waitFor();
    await look(page, '25-interrupted');
    await letGo();
    await createWallet(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('a wallet that this device opens by itself', () => {
  it('says that a creation without the service has failed, and can be repeated', async () => {
    await open();
    await page.getByLabel('Open with this device alone').check();
    await look(page, '26-first-device');
    await story.world.gateway.kill();
    await button('Create wallet').click();
    await alert('no connection');
    await look(page, '26-first-gateway-away');
    await story.world.gateway.start();
  });

  it('locks and opens without a passphrase', async () => {
    await page.getByLabel('Open with this device alone').check();
    await button('Create wallet').click();
    await heading('Your wallet');
    await look(page, '27-home-device');
    await button('Lock').click();
    await heading('Your wallet is locked');
    await look(page, '28-locked-device');
    await button('Unlock').click();
    await heading('Your wallet');
    expect(complaints).toEqual([]);
    await context.close();
  });
});
