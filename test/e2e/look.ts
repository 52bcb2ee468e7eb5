/** Looking at one screen as different people meet it: wide, phone, zoomed, light, dark, with assistive technology, with keys only. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page, Route } from 'playwright-core';
import { expect } from 'vitest';

/** Folder for a picture of every screen; without it none is written. */
const PICTURES = process.env['SCREENSHOTS'];
const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Axe looks at each scheme and each width once. */
const VIEWS = [
  { name: 'wide-light', width: 1000, height: 900, colorScheme: 'light', axe: true },
  { name: 'wide-dark', width: 1000, height: 900, colorScheme: 'dark', axe: false },
  { name: 'phone-light', width: 320, height: 640, colorScheme: 'light', axe: false },
  { name: 'phone-dark', width: 320, height: 640, colorScheme: 'dark', axe: true },
  // What a window of 1000 pixels shows at 200 %.
  { name: 'zoomed', width: 500, height: 450, colorScheme: 'light', axe: false },
] as const;

/** Axe for a page without frames: its other mode opens a second page to put frames' results together, which takes three times as long. */
export function barriersOf(page: Page): AxeBuilder {
  expect(page.frames(), 'frames').toHaveLength(1);
  return new AxeBuilder({ page }).setLegacyMode(true);
}

/** Requires that the screen has no barrier in any view, and that the focus is somewhere inside it. */
export async function look(page: Page, name: string): Promise<void> {
  const focused = page.locator('main :focus, header :focus');
  await expect.poll(() => focused.count(), { message: `${name}: the focus is on the screen` }).toBe(1);
  for (const { name: view, width, height, colorScheme, axe } of VIEWS) {
    const where = `${name}, ${view}`;
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth), `${where}: overflow`).toBeLessThanOrEqual(0);
    if (PICTURES !== undefined) {
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `${name}.${view}.png`), fullPage: true });
    }
    if (!axe) continue;
    const { violations } = await barriersOf(page).withTags(WCAG_22_AA).analyze();
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(
      grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      where,
    ).toEqual([]);
  }
  await page.setViewportSize({ width: 1000, height: 900 });
}

/**
 * What the page and its Worker report as errors, violations of the policy with them. That a service does not answer is
 * reported by the browser as well; the screens have to say it, so it is no complaint.
 * @param origin of the page
 */
export async function complaintsOf(page: Page, origin: string): Promise<string[]> {
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    const ofService = message.text().startsWith('Failed to load resource') && !message.location().url.startsWith(`${origin}/`);
    if (message.type() === 'error' && !ofService) complaints.push(message.text());
  });
  // A Worker's violations reach no console. It waits until somebody listens, so none of its first lines is missed.
  const session = await page.context().newCDPSession(page);
  session.on('Target.attachedToTarget', ({ sessionId }) => {
    ['Audits.enable', 'Runtime.runIfWaitingForDebugger'].forEach((method, id) => {
      void session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
    });
  });
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    if (message.includes('"ContentSecurityPolicyIssue"')) complaints.push(message);
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: false });
  return complaints;
}

/** Holds requests back, so that a screen that waits for their answer stays. @returns lets them go */
export async function hold(page: Page, url: string | RegExp, after = 0): Promise<() => Promise<void>> {
  const gate = Promise.withResolvers<void>();
  let seen = 0;
  const wait = async (route: Route): Promise<void> => {
    seen += 1;
    if (seen > after) await gate.promise;
    await route.continue().catch(() => undefined);
  };
  await page.route(url, wait);
  return async () => {
    gate.resolve();
    await page.unroute(url, wait);
  };
}

/** Presses Tab until the control of this role and name has the focus. */
export async function tabTo(page: Page, role: 'button' | 'textbox', name: string): Promise<void> {
  const control = page.getByRole(role, { name });
  for (let presses = 0; presses < 30; presses += 1) {
    if (await control.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${name}`);
}
