/** The accounts of the open wallet, what each of them holds, and the one that the person looks at. */
import { computed, signal } from '@preact/signals';
import type { ChainId } from '#shared/ids.ts';
import { type Names, namesOf } from '../consent/names.ts';
import type { Account, WalletView } from '../worker/api.ts';
import { forgetMoney, watch } from './money.ts';
import { worker } from './worker.ts';

/** One chain of an account: its own money, and the tokens beside it. */
export interface Network {
  readonly money: Account;
  readonly tokens: readonly Account[];
}

export const view = signal<WalletView | undefined>(undefined);
/** From 0. */
export const chosen = signal(0);
/** What the chosen account holds. A chain without derived accounts is only in the first. */
export const holdings = computed<readonly Account[]>(() => view.value?.accounts.filter(({ account }) => account === chosen.value) ?? []);
export const networks = computed<readonly Network[]>(() =>
  holdings.value
    .filter(({ token }) => token === undefined)
    .map((money) => ({ money, tokens: holdings.value.filter(({ chain, token }) => chain === money.chain && token !== undefined) })),
);
/** What an account can pay with now. */
export const usableOf = (account: number): readonly Account[] =>
  view.value?.accounts.filter((held) => held.account === account && held.unavailable === undefined) ?? [];
export const usable = computed(() => usableOf(chosen.value));
/** What things of the open wallet are called. */
export const names = computed<Names>(() => namesOf(view.value));

export const holdingOf = (chain: ChainId, account: number, token: string | undefined): Account | undefined =>
  view.value?.accounts.find((held) => held.chain === chain && held.account === account && held.token === token);

export function openAccounts(wallet: WalletView): void {
  view.value = wallet;
  if (chosen.value >= wallet.accountCount) chosen.value = 0;
  watch(holdings.value);
}

export function closeAccounts(): void {
  view.value = undefined;
  chosen.value = 0;
  forgetMoney();
}

export function chooseAccount(account: number): void {
  chosen.value = account;
  watch(holdings.value);
}

/** Adds the next account and goes to it. @throws TrefoilError what the Worker reports */
export async function addAccount(): Promise<void> {
  const wallet = await worker.addAccount();
  // Locked in the meantime: nothing of the wallet may come back to the page.
  if (view.value === undefined) return;
  view.value = wallet;
  chooseAccount(wallet.accountCount - 1);
}
