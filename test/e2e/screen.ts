/** One tab on the pages of a story, read as a person reads it. */
import { base58 } from '@scure/base';
import type { BrowserContext, Locator, Page, Request } from 'playwright-core';
import { complaintsOf } from './look.ts';
import type { Story } from './topology.ts';

/** What a screen may take on a busy machine. */
const PATIENCE_MS = 60_000;

/** The device's calls that carry envelopes of a creation. */
export const EXCHANGES = /\/envelopes$/;
export const isExchange = (request: Request): boolean => request.method() === 'POST' && EXCHANGES.test(request.url());
/** Of a stranger. */
export const newSolanaAddress = (): string => base58.encode(crypto.getRandomValues(new Uint8Array(32)));

export interface Screen {
  readonly context: BrowserContext;
  readonly page: Page;
  /** See {@link complaintsOf}. */
  readonly complaints: readonly string[];
  button(name: string): Locator;
  /** Waits for the screen of this name. */
  heading(name: string): Promise<void>;
  /** Waits until the screen says so. */
  alert(text: string | RegExp): Promise<void>;
  /** From the home screen to what is approved. */
  toReview(to: string, amount: string): Promise<void>;
}

/** A fresh profile, or another tab of one, on its first screen. */
export async function openScreen(story: Story, into?: BrowserContext): Promise<Screen> {
  const context = into ?? (await story.newContext());
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints = await complaintsOf(page, story.world.page);
  await page.goto(story.world.page);
  const button = (name: string): Locator => page.getByRole('button', { name });
  const heading = (name: string): Promise<void> =>
    page.getByRole('heading', { level: 1, name, exact: true }).waitFor({ timeout: PATIENCE_MS });
  return {
    ...{ context, page, complaints, button, heading },
    alert: (text) => page.getByRole('alert').filter({ hasText: text }).waitFor({ timeout: PATIENCE_MS }),
    async toReview(to, amount) {
      await button('Send').click();
      await page.getByLabel('To').fill(to);
      await page.getByLabel('Amount').fill(amount);
      await button('Review').click();
      await heading('Check before you approve');
    },
  };
}
