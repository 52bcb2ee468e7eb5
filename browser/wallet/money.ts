/** Balances and history as the page knows them, read again every few seconds while somebody can see them. */
import { computed, signal } from '@preact/signals';
import { TrefoilError } from '../../shared/errors.ts';
import type { ChainId } from '../../shared/ids.ts';
import type { Activity, ChainActivity } from '../worker/api.ts';
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
/** By chain; a chain that is not in it has not answered yet. */
export const activity = signal<ReadonlyMap<ChainId, ChainActivity>>(new Map());
/** All chains together, newest first; what has no time yet is the newest. */
export const entries = computed<readonly Activity[]>(() =>
  [...activity.value.values()].flatMap((each) => each.entries).sort((a, b) => (b.time ?? Number.MAX_VALUE) - (a.time ?? Number.MAX_VALUE)),
);
export const testMoney = signal<ReadonlyMap<ChainId, TestMoney>>(new Map());

const REFRESH_MS = 4_000;

let timer: ReturnType<typeof setInterval> | undefined;
let chains: readonly ChainId[] = [];
/** One reading of a chain at a time; a chain that does not answer holds up no other. */
const running = new Map<ChainId, Promise<void>>();

export function startRefreshing(ofWallet: readonly ChainId[]): void {
  chains = ofWallet;
  clearInterval(timer);
  timer = setInterval(refreshWhenVisible, REFRESH_MS);
  document.addEventListener('visibilitychange', refreshWhenVisible);
  refresh();
}

export function forgetMoney(): void {
  chains = [];
  clearInterval(timer);
  document.removeEventListener('visibilitychange', refreshWhenVisible);
  balances.value = new Map();
  activity.value = new Map();
  testMoney.value = new Map();
}

/** Reads every chain anew, after a reading that is under way: that one may have missed what just happened. */
export function refresh(): void {
  chains.forEach(readNext);
}

export async function getTestMoney(chain: ChainId): Promise<void> {
  const above = balances.value.get(chain)?.units ?? 0n;
  note(chain, { state: 'asking', above });
  try {
    await worker.faucet(chain);
    note(chain, { state: 'arriving', above });
    refresh();
  } catch (thrown) {
    note(chain, { state: 'refused', problem: TrefoilError.from(thrown, 'faucet') });
  }
}

function refreshWhenVisible(): void {
  if (document.visibilityState === 'visible') {
    chains.filter((chain) => !running.has(chain)).forEach(readNext);
  }
}

function readNext(chain: ChainId): void {
  const reading: Promise<void> = (running.get(chain) ?? Promise.resolve())
    .then(() => read(chain))
    .finally(() => {
      if (running.get(chain) === reading) running.delete(chain);
    });
  running.set(chain, reading);
}

async function read(chain: ChainId): Promise<void> {
  await Promise.all([readBalance(chain), readActivity(chain)]);
}

async function readBalance(chain: ChainId): Promise<void> {
  const units = await worker.balance(chain).catch(() => undefined);
  // Locked in the meantime: nothing of the wallet may come back to the page.
  if (!chains.includes(chain)) return;
  const asked = testMoney.value.get(chain);
  if (units !== undefined && asked?.state === 'arriving' && units > asked.above) {
    note(chain, undefined);
  }
  balances.value = new Map(balances.value).set(chain, { units: units ?? balances.value.get(chain)?.units, stale: units === undefined });
}

async function readActivity(chain: ChainId): Promise<void> {
  const read = await worker.activity(chain).catch(() => undefined);
  if (read !== undefined && chains.includes(chain)) {
    activity.value = new Map(activity.value).set(chain, read);
  }
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
