/** Balances and history as the page knows them, read again every few seconds while somebody can see them. */
import { computed, signal } from '@preact/signals';
import { TrefoilError } from '#shared/errors.ts';
import type { Activity, ChainActivity, Holding } from '../worker/api.ts';
import { worker } from './worker.ts';

/** What is known of one balance: the last answer, and whether the newest question went unanswered. */
export interface KnownBalance {
  readonly units: bigint | undefined;
  readonly stale: boolean;
}

/** One account on one chain: its money, its tokens and its history are asked for together. */
export type Place = Pick<Holding, 'chain' | 'account'>;

/** Where a request for test money stands; `above`: the balance when it was made. */
export type TestMoney =
  | { readonly state: 'asking' | 'arriving'; readonly above: bigint }
  | { readonly state: 'refused'; readonly problem: TrefoilError };

const placeKey = ({ chain, account }: Place): string => `${chain} ${account}`;
/** One text for one holding: the value of an option, the key of a list. */
export const keyOf = ({ chain, account, token }: Holding): string => `${chain} ${account} ${token ?? ''}`;

const balances = signal<ReadonlyMap<string, KnownBalance>>(new Map());
const histories = signal<ReadonlyMap<string, ChainActivity>>(new Map());
const testMoney = signal<ReadonlyMap<string, TestMoney>>(new Map());
/** What is read again and again: the account that the person looks at. What was read of others stays for when they come back. */
const watched = signal<readonly Holding[]>([]);
const places = computed<readonly Place[]>(() => watched.value.filter(({ token }) => token === undefined));

export const balanceOf = (holding: Holding): KnownBalance | undefined => balances.value.get(keyOf(holding));
export const testMoneyOf = (place: Place): TestMoney | undefined => testMoney.value.get(placeKey(place));
/** Of the account that is looked at; a chain that has not answered yet is not in it. */
export const activity = computed<readonly { place: Place; read: ChainActivity }[]>(() =>
  places.value.flatMap((place) => {
    const read = histories.value.get(placeKey(place));
    return read === undefined ? [] : [{ place, read }];
  }),
);
/** All chains together, newest first; what has no time yet is the newest. */
export const entries = computed<readonly Activity[]>(() =>
  activity.value.flatMap(({ read }) => read.entries).sort((a, b) => (b.time ?? Number.MAX_VALUE) - (a.time ?? Number.MAX_VALUE)),
);

const REFRESH_MS = 4_000;

let timer: ReturnType<typeof setInterval> | undefined;
/** One reading of a place at a time; a chain that does not answer holds up no other. */
const running = new Map<string, Promise<void>>();

export function watch(holdings: readonly Holding[]): void {
  watched.value = holdings;
  clearInterval(timer);
  timer = setInterval(refreshWhenVisible, REFRESH_MS);
  document.addEventListener('visibilitychange', refreshWhenVisible);
  refresh();
}

export function forgetMoney(): void {
  watched.value = [];
  clearInterval(timer);
  document.removeEventListener('visibilitychange', refreshWhenVisible);
  balances.value = new Map();
  histories.value = new Map();
  testMoney.value = new Map();
}

/** Reads every chain anew, after a reading that is under way: that one may have missed what just happened. */
export function refresh(): void {
  places.value.forEach(readNext);
}

export async function getTestMoney(place: Place): Promise<void> {
  const above = balanceOf({ ...place, token: undefined })?.units ?? 0n;
  setTestMoney(place, { state: 'asking', above });
  try {
    await worker.faucet(place.chain, place.account);
    setTestMoney(place, { state: 'arriving', above });
    refresh();
  } catch (thrown) {
    setTestMoney(place, { state: 'refused', problem: TrefoilError.from(thrown, 'faucet') });
  }
}

function refreshWhenVisible(): void {
  if (document.visibilityState === 'visible') {
    places.value.filter((place) => !running.has(placeKey(place))).forEach(readNext);
  }
}

function readNext(place: Place): void {
  const key = placeKey(place);
  const reading: Promise<void> = (running.get(key) ?? Promise.resolve())
    .then(() => read(place))
    .finally(() => {
      if (running.get(key) === reading) running.delete(key);
    });
  running.set(key, reading);
}

/** Somebody still looks at it. Locked in the meantime: nothing of the wallet may come back to the page. */
const isWatched = (place: Place): boolean => places.value.some((each) => placeKey(each) === placeKey(place));

async function read(place: Place): Promise<void> {
  const here = watched.value.filter((holding) => placeKey(holding) === placeKey(place));
  await Promise.all([...here.map(readBalance), readActivity(place)]);
}

async function readBalance({ chain, account, token }: Holding): Promise<void> {
  const holding: Holding = { chain, account, token };
  const units = await worker.balance(holding).catch(() => undefined);
  if (!isWatched(holding)) return;
  const asked = testMoneyOf(holding);
  if (token === undefined && units !== undefined && asked?.state === 'arriving' && units > asked.above) {
    setTestMoney(holding, undefined);
  }
  const known = { units: units ?? balanceOf(holding)?.units, stale: units === undefined };
  balances.value = new Map(balances.value).set(keyOf(holding), known);
}

async function readActivity(place: Place): Promise<void> {
  const read = await worker.activity(place.chain, place.account).catch(() => undefined);
  if (read !== undefined && isWatched(place)) {
    histories.value = new Map(histories.value).set(placeKey(place), read);
  }
}

function setTestMoney(place: Place, state: TestMoney | undefined): void {
  const next = new Map(testMoney.value);
  if (state === undefined) {
    next.delete(placeKey(place));
  } else {
    next.set(placeKey(place), state);
  }
  testMoney.value = next;
}
