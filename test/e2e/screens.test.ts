/** Every screen that a person meets who makes a wallet and uses it, in the real world: no barrier, nothing cut off, the keyboard enough. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinStory } from './join-story.ts';
import { hold, look, tabTo } from './look.ts';
import { EXCHANGES, newSolanaAddress, openScreen, type Screen } from './screen.ts';
import { fund, PASSPHRASE, type Story, unlock } from './topology.ts';

let story: Story;
let screen: Screen;
/** Addresses of the wallet, as its page shows them. */
let addresses: { SOL: string; BTC: string };

const SIGNATURES = /\/signatures$/;

async function addressOf(symbol: 'SOL' | 'BTC'): Promise<string> {
  await screen.button(`Show whole ${symbol} address`).click();
  const shown = await screen.page.locator('.accounts > li').filter({ hasText: symbol }).locator('.whole-address').textContent();
  await screen.button(`Show less ${symbol} address`).click();
  return shown ?? '';
}

async function backHome(): Promise<void> {
  await screen.button('Cancel').click();
  await screen.button('Back').click();
  await screen.heading('Your wallet');
}

beforeAll(async () => {
  story = await joinStory();
}, 15 * 60_000);
afterAll(() => story?.close());

describe('with the keyboard alone', () => {
  beforeAll(async () => {
    screen = await openScreen(story);
  });

  it('says what the wallet is, and what is wrong with a passphrase', async () => {
    await screen.button('Create wallet').waitFor();
    await look(screen.page, '01-first');
    await tabTo(screen.page, 'textbox', 'Passphrase');
    await screen.page.keyboard.type('too short');
    await screen.page.keyboard.press('Enter');
    await screen.alert('too short');
    await look(screen.page, '02-first-weak');
  });

  it('makes a wallet, and says what it waits for', async () => {
    const letGo = await hold(screen.page, EXCHANGES, 1);
    await tabTo(screen.page, 'textbox', 'Passphrase');
    await screen.page.keyboard.type(PASSPHRASE);
    await screen.page.keyboard.press('Enter');
    await screen.page.getByText('are making the key: 2 of 3').waitFor();
    await look(screen.page, '03-creating');
    await letGo();
    await screen.heading('Your wallet');
    await screen.page.locator('.balance').filter({ hasText: '0 BTC' }).waitFor();
    await look(screen.page, '04-home-empty');
  });

  it('gets test money', async () => {
    await tabTo(screen.page, 'button', 'Get test SOL');
    await screen.page.keyboard.press('Enter');
    await fund(screen.page, 'BTC', /^0\.5/);
    await screen.page.locator('.balance').filter({ hasText: '5 SOL' }).waitFor();
    addresses = { SOL: await addressOf('SOL'), BTC: await addressOf('BTC') };
  });

  it('sends', async () => {
    await tabTo(screen.page, 'button', 'Send');
    await screen.page.keyboard.press('Enter');
    await screen.heading('Send money');
    await look(screen.page, '06-send');
    await tabTo(screen.page, 'textbox', 'To');
    await screen.page.keyboard.type(newSolanaAddress());
    await tabTo(screen.page, 'textbox', 'Amount');
    await screen.page.keyboard.type('1.25');
    await screen.page.keyboard.press('Enter');
    await screen.heading('Check before you approve');
    await look(screen.page, '08-review-new-recipient');
    const sign = await hold(screen.page, SIGNATURES);
    await tabTo(screen.page, 'button', 'Approve');
    await screen.page.keyboard.press('Enter');
    await screen.page.getByText('are signing').waitFor();
    await look(screen.page, '12-approving');
    const status = await hold(screen.page, `${story.world.solana}/**`);
    await sign();
    await screen.page.getByText('Handing the payment to').waitFor();
    await status();
    await screen.heading('Sent');
    await screen.page.getByText('Confirmed', { exact: true }).waitFor();
    await look(screen.page, '14-sent-confirmed');
    await tabTo(screen.page, 'button', 'Done');
    await screen.page.keyboard.press('Enter');
    await screen.heading('Your wallet');
  });

  it('locks', async () => {
    await screen.page.locator('.entries').getByText('Sent').waitFor();
    await look(screen.page, '05-home-funded');
    await screen.page.locator('.entries summary').first().click();
    await look(screen.page, '05-home-history-open');
    await tabTo(screen.page, 'button', 'Lock');
    await screen.page.keyboard.press('Enter');
    await screen.heading('Your wallet is locked');
    await look(screen.page, '15-locked');
    await screen.page.keyboard.type(PASSPHRASE);
    await screen.page.keyboard.press('Enter');
    await screen.heading('Your wallet');
    expect(screen.complaints).toEqual([]);
  });
});

describe('a person who makes mistakes', () => {
  it('reads beside each field what is wrong', async () => {
    await screen.button('Send').click();
    await screen.button('Review').click();
    await screen.alert('Enter the address');
    await screen.alert('Enter how much');
    await look(screen.page, '07-send-empty');
    await screen.page.getByLabel('To').fill(newSolanaAddress());
    await screen.page.getByLabel('Amount').fill('999');
    await screen.button('Review').click();
    await screen.alert('does not cover');
    await look(screen.page, '07-send-too-much');
    await screen.page.getByLabel('To').fill(addresses.BTC);
    await screen.page.getByText('Changed to BTC').waitFor();
    await screen.page.getByLabel('Amount').fill('1,5,0');
    await screen.button('Review').click();
    await screen.alert('not an amount');
    await look(screen.page, '07-send-no-amount');
    await screen.button('Back').click();
  });

  it('is warned before approving', async () => {
    await screen.toReview(addresses.BTC, '0.00001');
    await screen.page.getByText('This is your own address').waitFor();
    await screen.page.getByText('The fee is high').waitFor();
    await look(screen.page, '09-review-own-address-high-fee');
    await backHome();
    const at = addresses.SOL.length / 2;
    const other = addresses.SOL.charAt(at) === '2' ? '3' : '2';
    await screen.toReview(`${addresses.SOL.slice(0, at)}${other}${addresses.SOL.slice(at + 1)}`, '3.7');
    await screen.page.getByText('looks like one you know').waitFor();
    await screen.page.getByText('Almost no SOL').waitFor();
    await look(screen.page, '10-review-look-alike-almost-everything');
    await backHome();
  });

  it('follows a payment that takes its time', async () => {
    await screen.toReview(addresses.BTC, '0.1');
    const letGo = await hold(screen.page, /\/tx\/[0-9a-f]{64}/);
    await screen.button('Approve').click();
    await screen.heading('Sent');
    await look(screen.page, '13-sent-pending');
    await letGo();
    await screen.page.getByText('Confirmed', { exact: true }).waitFor({ timeout: 60_000 });
    await screen.button('Done').click();
  });

  it('has wrong passphrases counted', async () => {
    await screen.button('Lock').click();
    const wrong = async (count: string): Promise<void> => {
      await screen.page.getByLabel('Passphrase').fill('not the passphrase');
      await screen.button('Unlock').click();
      await screen.page.getByText(count).waitFor({ timeout: 30_000 });
    };
    await wrong('One wrong passphrase');
    await look(screen.page, '16-locked-wrong');
    await wrong('2 wrong');
    await wrong('3 wrong');
    await wrong('4 wrong');
    await wrong('5 wrong');
    await look(screen.page, '16-locked-wait');
    await expect.poll(() => screen.button('Unlock').getAttribute('aria-disabled'), { timeout: 30_000 }).toBe('false');
    await unlock(screen.page);
    expect(screen.complaints).toEqual([]);
  });
});

describe('two tabs', () => {
  it('says that the wallet is open in the other one, and takes it over', async () => {
    const [first, ofFirst] = [screen.page, screen.complaints];
    screen = await openScreen(story, screen.context);
    await screen.heading('Your wallet is open in another tab');
    await look(screen.page, '17-in-use');
    await screen.button('Use here instead').click();
    await screen.heading('Your wallet is locked');
    await unlock(screen.page);
    await first.getByRole('heading', { name: 'Your wallet is open in another tab' }).waitFor();
    await first.close();
    expect([...screen.complaints, ...ofFirst]).toEqual([]);
  });
});
