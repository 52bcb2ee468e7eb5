/** The page's process is killed at each step of pool and signature: the wallet opens again, and the next signature works. */
import type { BrowserContext, Page, Route } from 'playwright-core';
import { type Hex, verifyMessage } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinStory } from './join-story.ts';
import { goHome, type Story } from './topology.ts';

let story: Story;
let context: BrowserContext;
/** What is done with each request of a page to the gateway. */
let watch: (route: Route) => Promise<void> = (route) => route.continue();
beforeAll(async () => {
  story = await joinStory();
  context = await story.newContext();
  await context.route('**/v1/wallets/**', (route) => watch(route));
}, 15 * 60_000);
afterAll(() => story?.close());

const isStep = (route: Route): boolean =>
  route.request().method() === 'POST' && /\/(sessions|messages|signatures)$/.test(route.request().url());
/** Which step of pool or signature a request is. */
const stepOf = (route: Route): string => /[a-z]+$/.exec(route.request().url())?.[0] ?? '';

async function openPage(): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(story.world.page);
  return page;
}

const home = (page: Page): Promise<void> => page.getByRole('heading', { name: 'Your wallet', exact: true }).waitFor({ timeout: 30_000 });

/** Without a passphrase: stretching one takes longer than everything that this story is about. */
async function createWallet(page: Page): Promise<void> {
  await page.getByLabel('Open with this device alone').check();
  await page.getByRole('button', { name: 'Create wallet' }).click();
  await home(page);
}

async function unlock(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Unlock' }).click();
  await home(page);
}

/** Kills the renderer, and with it the Worker and everything in its memory. */
async function kill(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  void devtools.send('Page.crash').catch(() => undefined);
  await crashed;
}

/** Signs a message and returns whether viem verifies it. */
async function signMessage(page: Page, message: string): Promise<boolean> {
  await page.getByRole('button', { name: 'Sign a message' }).click();
  await page.locator('#message').fill(message);
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('heading', { name: 'Signed', exact: true }).waitFor({ timeout: 30_000 });
  const textOf = async (selector: string): Promise<string> =>
    ((await page.locator(selector).first().textContent()) ?? '').replace(/\s/g, '');
  const [signature, address] = [await textOf('.signature'), await textOf('.whole-address')];
  await goHome(page);
  return verifyMessage({ address: address as Hex, message, signature: signature as Hex });
}

/** More messages than the two of a first batch: presignatures are there. */
const BATCHES_BEGUN = 4;

describe('a page that dies', () => {
  it('had written nothing of it: the browser’s database is the same before and after presigning', async () => {
    const page = await openPage();
    await createWallet(page);
    const stored = (): Promise<string> => page.evaluate(readDatabase);
    let messages = 0;
    watch = (route) => {
      if (isStep(route) && stepOf(route) === 'messages') messages += 1;
      return route.continue();
    };
    const before = await stored();
    expect(before).toContain('share');
    await expect.poll(() => messages, { timeout: 30_000 }).toBeGreaterThan(BATCHES_BEGUN);
    expect(await stored()).toBe(before);
    watch = (route) => route.continue();
    await page.close();
  });

  it('at each step of pool and signature loses nothing but what was made ahead', async () => {
    const steps: string[] = [];
    watch = (route) => {
      if (isStep(route)) steps.push(stepOf(route));
      return route.continue();
    };
    const honest = await openPage();
    await unlock(honest);
    await expect.poll(() => steps.filter((step) => step === 'messages').length, { timeout: 20_000 }).toBeGreaterThan(BATCHES_BEGUN);
    expect(await signMessage(honest, 'honest')).toBe(true);
    await honest.close();
    expect(new Set(steps)).toEqual(new Set(['sessions', 'messages', 'signatures']));

    // Both sessions, both exchanges of the first batches, and the signature; later batches repeat these steps.
    const moments: [string, number][] = [
      ['sessions', 0],
      ['sessions', 1],
      ['messages', 0],
      ['messages', 1],
      ['messages', 2],
      ['signatures', 0],
    ];
    let died = 0;
    for (const [step, nth] of moments) {
      for (const when of ['before', 'after'] as const) {
        const page = await openPage();
        const dead = Promise.withResolvers<void>();
        let seen = 0;
        let messages = 0;
        watch = async (route) => {
          if (isStep(route) && stepOf(route) === 'messages') messages += 1;
          if (!isStep(route) || stepOf(route) !== step) return route.continue();
          seen += 1;
          if (seen !== nth + 1) return route.continue();
          if (when === 'after') await route.fetch();
          await kill(page);
          dead.resolve();
        };
        const acting = unlock(page)
          .then(async () => {
            if (step !== 'signatures') return;
            await expect.poll(() => messages, { timeout: 20_000 }).toBeGreaterThan(BATCHES_BEGUN);
            await signMessage(page, 'never seen');
          })
          .catch(() => undefined);
        await dead.promise;
        died += 1;
        watch = (route) => route.continue();
        await page.close();
        await acting;
        const again = await openPage();
        await unlock(again);
        expect(await signMessage(again, `${when} ${step} ${nth}`), `${when} ${step} ${nth}`).toBe(true);
        await again.close();
      }
    }
    expect(died).toBe(2 * moments.length);
    console.log(`the page died at ${died} moments`);
  }, 300_000);
});

/** Everything that the page's origin has stored, as text. */
async function readDatabase(): Promise<string> {
  const opened = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('trefoil-vault');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const tables = await Promise.all(
    [...opened.objectStoreNames].map(
      (name) =>
        new Promise<[string, unknown[]]>((resolve, reject) => {
          const request = opened.transaction(name).objectStore(name).getAll();
          request.onsuccess = () => resolve([name, request.result]);
          request.onerror = () => reject(request.error);
        }),
    ),
  );
  opened.close();
  const databases = (await indexedDB.databases()).map(({ name }) => name);
  const text = (_key: string, value: unknown) => (value instanceof Uint8Array ? [...value].join() : value);
  return JSON.stringify([databases, tables, { ...localStorage }, { ...sessionStorage }, await caches.keys()], text);
}
