/** What the screens say of a wallet that cannot be opened, that never came to be, or that this device opens by itself. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinStory } from './join-story.ts';
import { hold, look } from './look.ts';
import { EXCHANGES, isExchange, openScreen, type Screen } from './screen.ts';
import { createWallet, PASSPHRASE, type Story } from './topology.ts';

let story: Story;
let screen: Screen;
/** Exchanges with the gateway that a creation takes. */
let exchanges = 0;

beforeAll(async () => {
  story = await joinStory();
  screen = await openScreen(story);
  screen.page.on('request', (request) => {
    if (isExchange(request)) exchanges += 1;
  });
  await createWallet(screen.page);
  screen.page.removeAllListeners('request');
}, 15 * 60_000);
afterAll(() => story?.close());

describe('a wallet that cannot be opened', () => {
  it('says that its data is damaged', async () => {
    await screen.button('Lock').click();
    await screen.heading('Your wallet is locked');
    await screen.page.evaluate(async () => {
      const asked = indexedDB.open('trefoil-vault');
      await new Promise((resolve) => asked.addEventListener('success', resolve));
      const transaction = asked.result.transaction('unlocks', 'readwrite');
      transaction.objectStore('unlocks').clear();
      await new Promise((resolve) => transaction.addEventListener('complete', resolve));
      asked.result.close();
    });
    await screen.page.getByLabel('Passphrase').fill(PASSPHRASE);
    await screen.button('Unlock').click();
    await screen.heading('Your wallet cannot be opened here');
    await look(screen.page, '23-broken');
    expect(screen.complaints).toEqual([]);
    await screen.context.close();
  });

  it('says that the browser deleted it', async () => {
    const context = await story.newContext();
    await context.addInitScript(() => localStorage.setItem('trefoil.wallet-since', '2026-11-03T10:00:00Z'));
    screen = await openScreen(story, context);
    await screen.heading('Your wallet’s data was deleted here');
    await look(screen.page, '24-evicted');
    expect(screen.complaints).toEqual([]);
    await screen.context.close();
  });

  it('says that its creation was interrupted, and makes another', async () => {
    screen = await openScreen(story);
    let seen = 0;
    screen.page.on('request', (request) => {
      if (isExchange(request)) seen += 1;
    });
    // Everything but the last answer: this browser has its part, and does not know that the others have theirs.
    const letGo = await hold(screen.page, EXCHANGES, exchanges - 1);
    await screen.page.getByLabel('Passphrase').fill(PASSPHRASE);
    await screen.button('Create wallet').click();
    await expect.poll(() => seen, { timeout: 30_000 }).toBe(exchanges);
    await screen.page.reload();
    await screen.page.getByText('The last attempt was interrupted').waitFor();
    await look(screen.page, '25-interrupted');
    await letGo();
    await createWallet(screen.page);
    expect(screen.complaints).toEqual([]);
    await screen.context.close();
  });
});

describe('a wallet that this device opens by itself', () => {
  it('says that a creation without the service has failed, and can be repeated', async () => {
    screen = await openScreen(story);
    await screen.page.getByLabel('Open with this device alone').check();
    await look(screen.page, '26-first-device');
    await story.world.gateway.kill();
    await screen.button('Create wallet').click();
    await screen.alert('no connection');
    await look(screen.page, '26-first-gateway-away');
    await story.world.gateway.start();
  });

  it('locks and opens without a passphrase', async () => {
    await screen.page.getByLabel('Open with this device alone').check();
    await screen.button('Create wallet').click();
    await screen.heading('Your wallet');
    await look(screen.page, '27-home-device');
    await screen.button('Lock').click();
    await screen.heading('Your wallet is locked');
    await look(screen.page, '28-locked-device');
    await screen.button('Unlock').click();
    await screen.heading('Your wallet');
    expect(screen.complaints).toEqual([]);
    await screen.context.close();
  });
});
