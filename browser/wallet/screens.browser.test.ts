/** The screens of an open wallet in a real browser, with a scripted Worker: also in the states that a real network seldom shows. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { look, tabTo } from '#test/e2e/look.ts';
import type { Script } from '#test/support/page/scripted-worker.ts';
import { type ServedPage, servePage } from '#test/support/page/serve-page.ts';

const RECEIVER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const OTHER = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';

let served: ServedPage;
let page: Page;
let script: Script;
let complaints: string[];
/** What the Worker was told about the page. */
const visible: boolean[] = [];

const scripted = {
  name: 'scripted-worker',
  enforce: 'pre' as const,
  resolveId: (id: string) =>
    id.endsWith('worker/main.ts?worker&url') ? `${import.meta.dirname}/../../test/support/page/scripted-worker.ts?worker&url` : undefined,
};
const noteVisible = (state: boolean) => () => {
  visible.push(state);
  return '{}';
};

beforeAll(async () => {
  served = await servePage([scripted], {
    '/script.json': () => JSON.stringify(script),
    '/visible-true.json': noteVisible(true),
    '/visible-false.json': noteVisible(false),
  });
}, 120_000);
afterAll(() => served?.stop());
beforeEach(async () => {
  script = {};
  complaints = [];
  page = await (await served.browser.newContext({ viewport: { width: 1000, height: 900 } })).newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
});
afterEach(async () => {
  await page.context().close();
  expect(complaints).toEqual([]);
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
const choose = (label: string, option: string) => page.getByLabel(label, { exact: true }).selectOption({ label: option });

async function openHome(says: Script = {}): Promise<void> {
  script = says;
  await page.goto(served.url);
  await heading('Your wallet');
}

/** On the send screen: fills the row of a recipient, from 0. */
async function pay(row: number, to: string, amount: string): Promise<void> {
  await page.getByLabel('To').nth(row).fill(to);
  await page.getByLabel('Amount').nth(row).fill(amount);
}

async function reviewThree(asset: string): Promise<void> {
  await button('Send').click();
  await choose('Asset', asset);
  await pay(0, RECEIVER, '1');
  await button('Add another recipient').click();
  await pay(1, OTHER, '2.5');
  await button('Add another recipient').click();
  await pay(2, RECEIVER, '3');
  await button('Review').click();
  await heading('Check before you approve');
}

describe('accounts', () => {
  it('are added and chosen with the keyboard alone; Solana is only in the first', async () => {
    await openHome();
    expect(await page.getByRole('combobox', { name: 'Account' }).count()).toBe(0);
    await look(page, '30-home-one-account');
    await tabTo(page, 'button', 'Add account');
    await page.keyboard.press('Enter');
    await page.getByText('Account 2 was added.').waitFor();
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['Bitcoin', 'Ethereum', 'Activity']);
    await look(page, '31-home-second-account');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ArrowUp');
    await page.getByRole('heading', { name: 'Solana' }).waitFor();
    await button('Add account').click();
    await button('No more accounts can be added').waitFor();
  });

  it('say that another could not be added, and stay', async () => {
    await openHome({ failing: { addAccount: 'service/unavailable' } });
    await button('Add account').click();
    await page.getByRole('alert').getByText('The service cannot answer now.').waitFor();
    expect(await page.locator('.accounts > li').count()).toBe(3);
  });

  it('show tokens beside the money of their chain, in the history too', async () => {
    await openHome();
    const ethereum = page.locator('.accounts > li').filter({ hasText: 'ETH' });
    await ethereum.locator('.balance').filter({ hasText: '5 ETH' }).waitFor();
    await ethereum.locator('.tokens').filter({ hasText: 'Test dollar5000000000000 USDX' }).waitFor();
    const lines = page.locator('.entries > li');
    await expect.poll(() => lines.count()).toBe(2);
    expect(await lines.locator('.money').allTextContents()).toEqual(['−12.5 USDX', '0.000021 ETH', '−1.000001 USDX', '0.000021 ETH']);
  });

  it('have extended public keys, which are read when somebody wants to see them', async () => {
    await openHome({ failing: { extendedKeys: 'service/bug' } });
    await page.getByText('Watch-only keys').click();
    await page.getByRole('alert').getByText('should not be possible').waitFor();
    script = {};
    await page.getByText('Watch-only keys').click();
    await page.getByText('Watch-only keys').click();
    await button('Copy extended key for Taproot').waitFor();
    await page.getByText(`tpub${'E'.repeat(107)}`).waitFor();
    await look(page, '32-watch-only-keys');
  });

  it('tell the Worker whether the page is seen', async () => {
    visible.length = 0;
    await openHome();
    await expect.poll(() => visible).toEqual([true]);
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await expect.poll(() => visible).toEqual([true, false]);
  });
});

describe('receiving', () => {
  it('shows both addresses of Bitcoin, Taproot first, and one for a token', async () => {
    await openHome({ accounts: 2 });
    await button('Receive').click();
    await heading('Receive');
    await choose('Asset', 'BTC · Bitcoin');
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['Taproot', 'SegWit']);
    await button('Copy SegWit BTC address').waitFor();
    expect(await page.locator('.whole-address').first().textContent()).toMatch(/^bcrt1p/);
    await look(page, '33-receive-bitcoin');
    await choose('Asset', 'USDX · Ethereum');
    await page.getByText('For ETH and USDX on Ethereum only').waitFor();
    await button('Back').click();
    await heading('Your wallet');
  });
});

describe('several payments', () => {
  it('say in each row what is wrong, and take rows away', async () => {
    await openHome({ accounts: 2 });
    await button('Send').click();
    await page.getByLabel('To').fill(RECEIVER);
    await page.getByText('Changed to ETH').waitFor();
    await button('Add another recipient').click();
    await page.keyboard.type('bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080');
    await button('Review').click();
    const second = page.getByRole('group', { name: 'Recipient 2' });
    await second.getByRole('alert').getByText('This is an address on Bitcoin.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(3);
    await look(page, '34-send-rows-wrong');
    await button('Remove recipient 2').click();
    expect(await page.getByLabel('To').inputValue()).toBe(RECEIVER);
    await choose('From', 'Account 2');
    await choose('Asset', 'USDX · Ethereum');
    await page.getByText('The fee is paid in ETH').waitFor();
  });

  it('are told one by one, then the fee, then what could go wrong; one that looks forged makes Cancel stand out', async () => {
    await openHome({ warnings: [['new-recipient'], ['look-alike'], ['new-recipient']] });
    await reviewThree('USDX · Ethereum');
    const text = (await page.locator('main').textContent()) ?? '';
    const order = ['You send 3 payments', '1 USDX', '2.5 USDX', 'sent as 3 transactions', '0.000123456789012345 ETH', '6.5 USDX'];
    const found = [...order, 'Payment 2: This address looks like', 'Payments 1 and 3: You have not paid'].map((part) => text.indexOf(part));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found[0]).toBeGreaterThan(-1);
    expect(await button('Cancel').getAttribute('class')).toContain('primary');
    await look(page, '35-review-three');
  });

  it('say what they wait for, also when nothing was prepared, and what became of each', async () => {
    const [failed, pending] = [{ state: 'failed', reason: 'reverted' }, { state: 'pending' }] as const;
    const statuses = [{ state: 'confirmed', confirmations: 1 }, failed, pending] as const;
    const says: Script = { steps: ['signing', 'preparing', 'broadcasting'], statuses };
    await openHome({ ...says, heldAt: 'signing' });
    await reviewThree('ETH · Ethereum');
    await button('Approve').click();
    await page.getByText('are signing').waitFor();
    script = { ...says, heldAt: 'preparing' };
    await page.getByText('No prepared signature was left: this one takes one more exchange').waitFor();
    await look(page, '36-approving-without-prepared');
    script = { ...says, heldAt: 'broadcasting' };
    await page.getByText('Handing the 3 transactions to Ethereum').waitFor();
    script = says;
    await heading('Sent');
    await page.getByText('1 of 3 did not go through.').waitFor();
    await page.getByText('Ethereum refused it: reverted').waitFor();
    await button('Copy transaction id 3').waitFor();
    await page.getByText('in 2 exchanges, one approval for 3 transactions').waitFor();
    await look(page, '37-sent-in-part');
    script = {};
    await page.getByText('The others are complete.').waitFor();
  });

  it('that stopped half-way do not claim that nothing was sent', async () => {
    await openHome({ steps: ['signing', 'broadcasting'], failsAfter: 'broadcasting' });
    await reviewThree('ETH · Ethereum');
    await button('Approve').click();
    await page.getByText('Look at your history before you send again').waitFor();
    expect(await page.getByText(/nothing was sent/i).count()).toBe(0);
    await look(page, '38-stopped-half-way');
    await button('See your history').click();
    await heading('Your wallet');
  });
});

describe('messages', () => {
  it('are shown in full, with what cannot be seen named, and signed', async () => {
    await openHome();
    await button('Sign a message').click();
    await heading('Sign a message');
    await button('Review').click();
    await page.getByRole('alert').getByText('Enter the message to sign.').waitFor();
    await page.getByLabel('Message').fill('pay \u202e001\n\nzero\u200bwidth');
    await button('Review').click();
    await heading('Check before you sign');
    expect(await page.locator('.message-text').textContent()).toBe(
      'pay U+202E right-to-left override001\n\nzeroU+200B zero-width spacewidth',
    );
    await page.getByText('It has characters that cannot be seen.').waitFor();
    await page.getByText('Account 1 on Ethereum').waitFor();
    await button('Copy digest').waitFor();
    await look(page, '39-review-message');
    await button('Approve').click();
    await heading('Signed');
    await page.getByText(`0x${'c3'.repeat(65)}`).waitFor();
    await button('Copy signature').waitFor();
    await look(page, '40-signed');
  });

  it('of typed data are refused beside the field, and shown field by field, the domain first', async () => {
    const fields = [
      {
        name: 'to',
        type: 'Person[]',
        value: [{ name: '0', type: 'Person', value: [{ name: 'wallet', type: 'address', value: RECEIVER }] }],
      },
      { name: 'contents', type: 'string', value: '' },
    ];
    await openHome({
      failing: { prepareTypedData: 'input/malformed' },
      domain: [{ name: 'name', type: 'string', value: 'Ether Mail' }],
      fields,
    });
    await button('Sign a message').click();
    await tabTo(page, 'textbox', 'Message');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ArrowRight');
    const field = page.getByRole('textbox', { name: 'Typed data' });
    await field.fill('{');
    await button('Review').click();
    await page.getByRole('alert').getByText('This is no typed data that can be signed.').waitFor();
    await look(page, '41-typed-data-wrong');
    script = { ...script, failing: {} };
    await field.fill('{}');
    await button('Review').click();
    await heading('Check before you sign');
    const said = await page.locator('.parts').first().textContent();
    expect(said).toMatch(
      /name string\s*Ether Mail.*names no network.*You sign this Mail.*to Person\[\].*wallet address\s*0x7099.*contents string\s*empty/,
    );
    await look(page, '42-review-typed-data');
    await button('Cancel').click();
    expect(await field.inputValue()).toBe('{}');
  });

  it('whose prepared signature was used already can be tried again', async () => {
    await openHome({ failing: { approveMessage: 'engine/presignature-spent' } });
    await button('Sign a message').click();
    await page.getByLabel('Message').fill('hello');
    await button('Review').click();
    await button('Approve').click();
    await page.getByRole('alert').getByText('Nothing was signed.').waitFor();
    await button('Back').click();
    await heading('Sign a message');
    expect(await page.getByLabel('Message').inputValue()).toBe('hello');
  });
});
