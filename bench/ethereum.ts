/** Ethereum signatures as a person waits for them, in real Chromium over the local gateway and nodes. No peer offers the same. */

import type { Page } from 'playwright-core';
import { bytesToHex } from 'viem';
import { publicKeyToAddress } from 'viem/utils';
import { createWallet, fund, goHome, type Story, startStory, unlock } from '#test/e2e/topology.ts';
import { type BenchRow, median } from './row.ts';

const ASSET = 'ETH · Ethereum on this machine';
const SINGLE_RUNS = 20;
const BATCH_RUNS = 4;
const BATCH_COUNT = 10;
const COLD_RUNS = 5;
/** No batch was made for this long: the pools are full. */
const QUIET_MS = 1_500;

interface Sign {
  readonly ms: number;
  readonly roundTrips: number;
}

/** Medians of the Worker's own User Timing measures: from approval to verified signatures. */
export async function benchEthereum(): Promise<BenchRow[]> {
  const story = await startStory();
  try {
    const page = await (await story.newContext()).newPage();
    await page.goto(story.world.page);
    await createWallet(page);
    await fund(page, 'ETH', /^5/);
    const warm = await benchWarm(page);
    const cold = await benchCold(story, page);
    return [
      alone('sign.ethereum.endToEnd', warm.single),
      alone('sign.ethereum.cold', cold),
      {
        ...alone('batch.sign10', warm.batch),
        peer: median(warm.single) * BATCH_COUNT,
        peerName: 'ten single signatures',
        ratio: median(warm.batch) / (median(warm.single) * BATCH_COUNT),
      },
    ];
  } finally {
    await story.close();
  }
}

async function benchWarm(page: Page): Promise<{ single: number[]; batch: number[] }> {
  const [single, batch]: [number[], number[]] = [[], []];
  for (let run = 0; run < SINGLE_RUNS; run += 1) {
    await poolsFilled(page);
    single.push(only(await pay(page, 1), 1));
    if (run % (SINGLE_RUNS / BATCH_RUNS) !== 0) continue;
    await poolsFilled(page);
    batch.push(only(await pay(page, BATCH_COUNT), 1));
  }
  return { single, batch };
}

/** The pools are kept empty by a connection that does not let batches through until somebody signs. */
async function benchCold(story: Story, page: Page): Promise<number[]> {
  const cold: number[] = [];
  const messages = '**/messages';
  for (let run = 0; run < COLD_RUNS; run += 1) {
    await page.context().route(messages, (route) => route.abort());
    // The lock of the page before is given back a moment after it is gone.
    await page.goto('about:blank');
    await page.waitForTimeout(500);
    await page.goto(story.world.page);
    await unlock(page);
    await fillForm(page, 1);
    await page.context().unroute(messages);
    cold.push(only(await approve(page), 2));
  }
  return cold;
}

async function pay(page: Page, count: number): Promise<Sign> {
  await fillForm(page, count);
  return approve(page);
}

async function fillForm(page: Page, count: number): Promise<void> {
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByLabel('Asset').selectOption({ label: ASSET });
  for (let i = 0; i < count; i += 1) {
    if (i > 0) await page.getByRole('button', { name: 'Add another recipient' }).click();
    await page
      .getByLabel('To')
      .nth(i)
      .fill(publicKeyToAddress(bytesToHex(crypto.getRandomValues(new Uint8Array(65)))));
    await page.getByLabel('Amount').nth(i).fill('0.001');
  }
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('heading', { name: 'Check before you approve' }).waitFor();
}

async function approve(page: Page): Promise<Sign> {
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('heading', { name: 'Sent', exact: true }).waitFor({ timeout: 60_000 });
  await goHome(page);
  const [last] = (await measures(page, 'trefoil.sign')).slice(-1);
  if (last === undefined) throw new Error('no signature was measured');
  return { ms: last.duration, roundTrips: Number(last.detail['roundTrips']) };
}

function only({ ms, roundTrips }: Sign, expected: number): number {
  if (roundTrips !== expected) throw new Error(`${roundTrips} round trips instead of ${expected}`);
  return ms;
}

async function poolsFilled(page: Page): Promise<void> {
  for (let before = -1, now = 0; before !== now; ) {
    before = now;
    await page.waitForTimeout(QUIET_MS);
    now = (await measures(page, 'trefoil.presign')).length;
  }
}

const measures = async (page: Page, name: string): Promise<{ duration: number; detail: Record<string, unknown> }[]> =>
  (await page
    .workers()[0]
    ?.evaluate(
      (wanted) =>
        performance
          .getEntriesByName(wanted)
          .map((entry) => ({ duration: entry.duration, detail: (entry as unknown as { detail: Record<string, unknown> }).detail })),
      name,
    )) ?? [];

const alone = (id: string, ours: readonly number[]): BenchRow => ({
  id,
  unit: 'ms',
  ours: median(ours),
  peer: null,
  peerName: null,
  ratio: null,
  runs: ours.length,
});
