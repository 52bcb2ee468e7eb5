/** What the person has typed into the form that sends money; survives going back from the review. */
import { signal } from '@preact/signals';
import { REQUESTS_MAX_COUNT } from '#shared/limits.ts';
import type { Holding } from '../worker/api.ts';
import { chooseAccount, chosen, holdingOf, usable, usableOf } from './accounts.ts';
import { keyOf } from './money.ts';
import { worker } from './worker.ts';

export interface Recipient {
  /** Only to tell the rows of the form apart. */
  readonly id: number;
  readonly to: string;
  readonly amount: string;
}

export interface Draft {
  readonly holding: Holding;
  /** All of them get the same asset. */
  readonly recipients: readonly Recipient[];
}

/** The asset was changed for the person: said once, beside the asset. */
export interface Switched {
  readonly key: string;
  readonly because: 'address' | 'account';
}

export const RECIPIENTS_MAX_COUNT = REQUESTS_MAX_COUNT;

export const draft = signal<Draft | undefined>(undefined);
export const switched = signal<Switched | undefined>(undefined);

let lastId = 0;
let recognition: Promise<void> = Promise.resolve();

/** When the addresses that were typed have been looked at. */
export const recognised = (): Promise<void> => recognition;

function emptyRecipient(): Recipient {
  lastId += 1;
  return { id: lastId, to: '', amount: '' };
}

/** Goes on with what was typed for the chosen account, or begins anew. @returns false when nothing can be sent now */
export function beginDraft(): boolean {
  const [first] = usable.value;
  if (draft.value?.holding.account === chosen.value) return true;
  if (first === undefined) return false;
  switched.value = undefined;
  draft.value = { holding: first, recipients: [emptyRecipient()] };
  return true;
}

export function forgetDraft(): void {
  draft.value = undefined;
  switched.value = undefined;
}

export function payWith(holding: Holding): void {
  change({ holding });
  switched.value = undefined;
}

/** Pays from another account: with the same asset where that account has it. */
export function payFrom(account: number): void {
  const [first] = usableOf(account);
  if (draft.value === undefined || first === undefined) return;
  const { chain, token } = draft.value.holding;
  const same = holdingOf(chain, account, token);
  const holding = same ?? first;
  chooseAccount(account);
  change({ holding });
  switched.value = same === undefined ? { key: keyOf(holding), because: 'account' } : undefined;
}

/** @returns the id of the new row */
export function addRecipient(): number {
  const added = emptyRecipient();
  change({ recipients: [...(draft.value?.recipients ?? []), added] });
  return added.id;
}

export function removeRecipient(id: number): void {
  change({ recipients: draft.value?.recipients.filter((recipient) => recipient.id !== id) ?? [] });
}

export function typeAmount(id: number, amount: string): void {
  changeRecipient(id, { amount });
}

/** Follows the address: when the only one belongs to another chain of the account, the asset changes with it. */
export function typeTo(id: number, to: string): void {
  changeRecipient(id, { to });
  recognition = worker.chainsOf(to.trim()).then(
    (chains) => {
      const now = draft.value;
      if (now === undefined || now.recipients.length > 1 || now.recipients[0]?.to !== to || chains.includes(now.holding.chain)) return;
      const other = usable.value.find(({ chain, token }) => chains.includes(chain) && token === undefined);
      if (other !== undefined) {
        change({ holding: other });
        switched.value = { key: keyOf(other), because: 'address' };
      }
    },
    () => {
      // The check of the whole form says what is wrong with the address.
    },
  );
}

function change(part: Partial<Draft>): void {
  if (draft.value !== undefined) draft.value = { ...draft.value, ...part };
}

function changeRecipient(id: number, part: Partial<Recipient>): void {
  change({ recipients: draft.value?.recipients.map((each) => (each.id === id ? { ...each, ...part } : each)) ?? [] });
}
