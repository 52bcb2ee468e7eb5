/** Balances and history as the page knows them, read again every few seconds while somebody can see them. */
import { signal } from '@preact/signals';
import { TrefoilError } from '../../shared/errors.ts';
import type { ChainId } from '../../shared/ids.ts';
import type { ActivityPage } from '../worker/api.ts';
import { worker } from './worker.ts';

/** What is known of one balance: the last answer, and whether the newest question went unanswered. */
export interface KnownBalance {
  readonly units: bigint | undefined;
  readonly stale: boolean;
}

/** Where a request for test money stands; `above`: the balance when it was made. */
export type TestMoney =
  | { readonly state: 'asking' | 'arriving'; readonly above: bigint }
  | { readonly state: 'refused'; readonly problem: TrefoilError };

export const balances = signal<ReadonlyMap<ChainId, KnownBalance>>(new Map());
export const activity = signal<ActivityPage | undefined>(undefined);
export const testMoney = signal<ReadonlyMap<ChainId, TestMoney>>(new Map());

const REFRESH_MS = 4_000;

let timer: ReturnType<typeof setInterval> | undefined;
let running: Promise<void> | undefined;

export function startRefreshing(): void {
  clearInterval(timer);
  timer = setInterval(refreshWhenVisible, REFRESH_MS);
  document.addEventListener('visibilitychange', refreshWhenVisible);
  void refresh();
}

export function forgetMoney(): void {
  clearInterval(timer);
  timer = undefined;
  document.removeEventListener('visibilitychange', refreshWhenVisible);
  balances.value = new Map();
  activity.value = undefined;
  testMoney.value = new Map();
}

/** Reads everything anew, after a reading that is under way: that one may have missed what just happened. */
export function refresh(): Promise<void> {
  const reading: Promise<void> = (running ?? Promise.resolve()).then(read).finally(() => {
    if (running === reading) running = undefined;
  });
  running = reading;
  return reading;
}

export async function getTestMoney(chain: ChainId): Promise<void> {
  const above = balances.value.get(chain)?.units ?? 0n;
  note(chain, { state: 'asking', above });
  try {
    await worker.faucet(chain);
    note(chain, { state: 'arriving', above });
    await refresh();
  } catch (thrown) {
    note(chain, { state: 'refused', problem: TrefoilError.from(thrown, 'faucet') });
  }
}

function refreshWhenVisible(): void {
  if (document.visibilityState === 'visible' && running === undefined) {
    void refresh();
  }
}

async function read(): Promise<void> {
  try {
    await Promise.all([readBalances(), readActivity()]);
  } catch {
    // Locked in the meantime: the screen has changed already.
  }
}

async function readBalances(): Promise<void> {
  const answers = await worker.balances();
  if (timer === undefined) return;
  const known = balances.value;
  for (const answer of answers) {
    const asked = testMoney.value.get(answer.chain);
    if ('units' in answer && asked?.state === 'arriving' && answer.units > asked.above) {
      note(answer.chain, undefined);
    }
  }
  balances.value = new Map(
    answers.map((answer) => [
      answer.chain,
      'units' in answer ? { units: answer.units, stale: false } : { units: known.get(answer.chain)?.units, stale: true },
    ]),
  );
}

async function readActivity(): Promise<void> {
  const page = await worker.activity();
  if (timer !== undefined) activity.value = page;
}

function note(chain: ChainId, state: TestMoney | undefined): void {
  const next = new Map(testMoney.value);
  if (state === undefined) {
    next.delete(chain);
  } else {
    next.set(chain, state);
  }
  testMoney.value = next;
}
