/** The screens of accounts, tokens, several recipients and messages, in the real world: no barrier, nothing cut off, nothing reported. */
import type { Page } from 'playwright-core';
import { bytesToHex } from 'viem';
import { publicKeyToAddress } from 'viem/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinStory } from './join-story.ts';
import { complaintsOf, hold, look } from './look.ts';
import { createWallet, fund, goHome, type Story, unlock } from './topology.ts';

const ETH = 'ETH · Ethereum on this machine';
const newAddress = (): string => publicKeyToAddress(bytesToHex(crypto.getRandomValues(new Uint8Array(65))));
const TYPED = JSON.stringify({
  types: {
    EIP712Domain: [
      { name: 'name', type: 'string' },
      { name: 'chainId', type: 'uint256' },
    ],
    Mail: [
      { name: 'from', type: 'Person' },
      { name: 'to', type: 'Person[]' },
      { name: 'contents', type: 'string' },
    ],
    Person: [
      { name: 'name', type: 'string' },
      { name: 'wallet', type: 'address' },
    ],
  },
  primaryType: 'Mail',
  domain: { name: 'Clover Mail', chainId: 31337 },
  message: {
    from: { name: 'A', wallet: '0x0000000000000000000000000000000000000001' },
    to: [{ name: 'B', wallet: '0x0000000000000000000000000000000000000002' }],
    contents: 'Hello',
  },
});

let story: Story;
let page: Page;
let complaints: string[];
beforeAll(async () => {
  story = await joinStory();
  page = await (await story.newContext()).newPage();
  page.setDefaultTimeout(20_000);
  complaints = await complaintsOf(page, story.world.page);
  await page.goto(story.world.page);
  await createWallet(page);
  await fund(page, 'ETH', /^5/);
}, 15 * 60_000);
afterAll(() => story?.close());

const button = (name: string) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

describe('a person with Ethereum', () => {
  it('reads how one approval pays two recipients', async () => {
    await button('Send').click();
    await page.getByLabel('Asset').selectOption({ label: ETH });
    await button('Add another recipient').click();
    for (const i of [0, 1]) {
      await page.getByLabel('To').nth(i).fill(newAddress());
      await page.getByLabel('Amount').nth(i).fill('0.25');
    }
    await look(page, '40-send-two');
    await button('Review').click();
    await heading('Check before you approve');
    await page.getByText(/Signed with one approval, sent as 2 transactions/).waitFor();
    await look(page, '41-review-two');
    await button('Approve').click();
    await heading('Sent');
    await page.getByText('Both are confirmed.').waitFor({ timeout: 30_000 });
    await look(page, '42-sent-two');
    await goHome(page);
  });

  it('reads a message and typed data field by field before signing', async () => {
    await button('Sign a message').click();
    await look(page, '43-message');
    await button('Review').click();
    await page.getByText('Enter the message to sign.').waitFor();
    await page.getByRole('tab', { name: 'Typed data' }).click();
    const field = page.getByRole('textbox', { name: 'Typed data' });
    await field.fill('{"types": 1}');
    await button('Review').click();
    await page.getByText('This is no typed data that can be signed.').first().waitFor();
    await look(page, '44-typed-data-wrong');
    await field.fill(TYPED.replace('31337', '1'));
    await button('Review').click();
    await page.getByText('This account does not sign this typed data.').first().waitFor();
    await field.fill(TYPED);
    await button('Review').click();
    await heading('Check before you sign');
    const fields = await page.locator('.typed-fields').allTextContents();
    expect(fields.join()).toMatch(/Clover Mail[\s\S]*contents[\s\S]*Hello/);
    await look(page, '45-review-typed-data');
    await button('Approve').click();
    await heading('Signed');
    await look(page, '46-signed');
    await goHome(page);
  });

  it('sees where to receive, adds an account, and finds the keys for watching', async () => {
    await button('Receive').click();
    await page.getByLabel('Asset').selectOption({ label: 'BTC · Bitcoin on this machine' });
    await look(page, '47-receive');
    await goHome(page);
    await button('Add account').click();
    await page.getByText('Account 2 was added.').waitFor();
    await page.getByText('Watch-only keys').click();
    await page.getByText(/^tpub/).nth(1).waitFor();
    await look(page, '48-home-second-account');
    await page.getByLabel('Account').selectOption({ label: 'Account 1' });
  });

  it('is told when no presignature is left, and what the page does about it', async () => {
    const letGo = await hold(page, /\/messages$/);
    await page.reload();
    await unlock(page);
    await button('Send').click();
    await page.getByLabel('Asset').selectOption({ label: ETH });
    await page.getByLabel('To').fill(newAddress());
    await page.getByLabel('Amount').fill('0.1');
    await button('Review').click();
    await heading('Check before you approve');
    await button('Approve').click();
    await page.getByText(/No prepared signature was left/).waitFor();
    await look(page, '49-preparing');
    await letGo();
    await heading('Sent');
    const trips = await page
      .workers()[0]
      ?.evaluate(() =>
        performance
          .getEntriesByName('trefoil.sign')
          .map((entry) => (entry as unknown as { detail: { roundTrips: number } }).detail.roundTrips),
      );
    expect(trips).toEqual([2]);
    await goHome(page);
  });

  it('finds nothing reported by page or Worker', () => {
    expect(complaints).toEqual([]);
  });
});
