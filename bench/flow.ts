/** What a person waits for: creating a wallet and signing, in real Chromium over the local gateway and nodes. No peer offers the same. */
import { base58 } from '@scure/base';
import type { Page } from 'playwright-core';
import { createWallet, fund, send, startStory } from '#test/e2e/topology.ts';
import { type BenchRow, median } from './row.ts';

const CREATE_RUNS = 5;
const SIGN_RUNS = 15;
/** Nobody's address. */
const RECEIVER = base58.encode(crypto.getRandomValues(new Uint8Array(32)));

/** Medians of the Worker's own User Timing measures: from approval to verified signature, and from hello to committed. */
export async function benchFlow(): Promise<BenchRow[]> {
  const story = await startStory();
  try {
    const created: number[] = [];
    for (let run = 0; run < CREATE_RUNS; run += 1) {
      const context = await story.newContext();
      const page = await context.newPage();
      await page.goto(story.world.page);
      await createWallet(page);
      created.push(...(await durations(page, 'trefoil.create')));
      if (run < CREATE_RUNS - 1) await context.close();
      else return [row('create.endToEnd', 'ms', created), ...(await benchSign(page))];
    }
    return [];
  } finally {
    await story.close();
  }
}

async function benchSign(page: Page): Promise<BenchRow[]> {
  await fund(page, 'SOL', /^5/);
  for (let run = 0; run < SIGN_RUNS; run += 1) {
    await send(page, RECEIVER, '0.01');
    await page
      .getByRole('button', { name: /done|back|home/i })
      .first()
      .click();
  }
  const trips = await page
    .workers()[0]
    ?.evaluate(() =>
      performance
        .getEntriesByName('trefoil.sign')
        .map((entry) => (entry as unknown as { detail: { roundTrips: number } }).detail.roundTrips),
    );
  return [row('sign.solana.endToEnd', 'ms', await durations(page, 'trefoil.sign')), row('sign.roundTrips', 'round trips', trips ?? [])];
}

const durations = async (page: Page, measure: string): Promise<number[]> =>
  (await page.workers()[0]?.evaluate((name) => performance.getEntriesByName(name).map(({ duration }) => duration), measure)) ?? [];

const row = (id: string, unit: string, ours: readonly number[]): BenchRow => ({
  id,
  unit,
  ours: median(ours),
  peer: null,
  peerName: null,
  ratio: null,
  runs: ours.length,
});
