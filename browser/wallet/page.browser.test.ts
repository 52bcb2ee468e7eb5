/** The built page in a real browser, under the policy that its host sends, with no service behind it: what a person can see and do then. */

import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { barriersOf } from '#test/e2e/look.ts';
import { type ServedPage, servePage } from '#test/support/page/serve-page.ts';

let served: ServedPage;
let page: Page;

beforeAll(async () => {
  served = await servePage();
}, 120_000);
afterAll(() => served?.stop());
afterEach(() => page.context().close());

/** A fresh profile on the first screen. `since`: the page remembers a wallet. Collects what the policy forbade. */
async function openPage(options: BrowserContextOptions = {}, since?: string): Promise<string[]> {
  const context = await served.browser.newContext(options);
  page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (failure) => complaints.push(failure.message));
  if (since !== undefined) await page.addInitScript((date) => localStorage.setItem('trefoil.wallet-since', date), since);
  await page.goto(served.url);
  return complaints;
}

const button = (name: string) => page.getByRole('button', { name });

describe('the first screen', () => {
  it.each([
    ['wide and light', { viewport: { width: 1000, height: 800 }, colorScheme: 'light' }],
    ['wide and dark', { viewport: { width: 1000, height: 800 }, colorScheme: 'dark' }],
    ['320 pixels wide', { viewport: { width: 320, height: 640 }, colorScheme: 'light' }],
  ] as const)('has no barrier when %s, and does nothing that the policy forbids', async (_, options) => {
    const complaints = await openPage(options);
    await button('Create wallet').waitFor();
    const { violations } = await barriersOf(page).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('works with the keyboard alone, and says beside the field what is wrong', async () => {
    await openPage();
    await button('Create wallet').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.getByLabel('Passphrase').evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type('too short');
    await page.keyboard.press('Enter');
    const field = page.getByLabel('Passphrase');
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('alert').textContent()).toContain('at least 12 characters');
    expect(await field.inputValue()).toBe('');
  });

  it('says that the service is away, stores nothing, and can be tried again', async () => {
    await openPage();
    await page.getByLabel('Open with this device alone').check();
    expect(await page.getByLabel('Passphrase').count()).toBe(0);
    await button('Create wallet').click();
    await page.getByRole('alert').getByText('There is no connection to the wallet service.').waitFor();
    await page.reload();
    await button('Create wallet').waitFor();
  });
});

describe('a browser that lost its wallet', () => {
  it('says so with the date, and starts again only when the person says that it was empty', async () => {
    await openPage({}, '2026-11-03T10:00:00Z');
    await page.getByRole('heading', { name: 'Your wallet’s data was deleted here' }).waitFor();
    expect(await page.locator('main').textContent()).toContain('November 3, 2026');
    expect((await barriersOf(page).analyze()).violations).toEqual([]);
    expect(await button('Create wallet').count()).toBe(0);
    await button('It was empty: start again').click();
    await button('Create wallet').waitFor();
  });
});

describe('the policy', () => {
  it('lets nothing but the wallet’s Worker start from a string, and nothing evaluate text', async () => {
    await openPage();
    await button('Create wallet').waitFor();
    const seen = await page.evaluate(async () => {
      // What a debugger evaluates is exempt from the policy until it yields.
      await new Promise((resolve) => setTimeout(resolve));
      const attempt = (work: () => unknown): string => {
        try {
          work();
          return 'allowed';
        } catch (failure) {
          return (failure as Error).name;
        }
      };
      const factory = (globalThis as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } }).trustedTypes;
      return [
        attempt(() => new Worker('/assets/other.js')),
        attempt(() => document.body.insertAdjacentHTML('beforeend', '<b>x</b>')),
        attempt(() => factory.createPolicy('another', {})),
        attempt(() => factory.createPolicy('trefoil-worker', {})),
        attempt(() => new Function('return 1')),
      ];
    });
    expect(seen).toEqual(['TypeError', 'TypeError', 'TypeError', 'TypeError', 'EvalError']);
  });
});
