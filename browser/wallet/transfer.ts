/** One transfer, from the form to its confirmation. */
import { signal } from '@preact/signals';
import { proxy } from 'comlink';
import { parseAmount } from '../../shared/chains/amount.ts';
import { type ErrorCode, TrefoilError } from '../../shared/errors.ts';
import type { ChainId } from '../../shared/ids.ts';
import type { Asset, TransactionStatus } from '../../shared/ports/chain.ts';
import type { ApproveStep, PreparedTransfer } from '../worker/api.ts';
import { refresh } from './money.ts';
import { screen, show } from './screen.ts';
import { sayInline } from './words.ts';
import { worker } from './worker.ts';

export interface Draft {
  readonly chain: ChainId;
  readonly to: string;
  readonly amount: string;
}

export type DraftField = 'to' | 'amount';

/** What the person has typed; survives going back from the review. */
export const draft = signal<Draft | undefined>(undefined);
/** The asset was changed for the person: said once, beside the asset. */
export const switchedTo = signal<ChainId | undefined>(undefined);

/** What is wrong with single fields, in words for beside them. */
export type Wrong = Partial<Record<DraftField, string>>;

/** Codes that belong to one field; everything else belongs to the whole form. */
const FIELD_OF: Partial<Record<ErrorCode, DraftField>> = {
  'chain/bad-address': 'to',
  'chain/bad-amount': 'amount',
  'chain/insufficient-funds': 'amount',
  'chain/dust': 'amount',
};

let recognition: Promise<void> = Promise.resolve();

export function forgetDraft(): void {
  draft.value = undefined;
  switchedTo.value = undefined;
}

/** Follows the address: when it belongs to another chain of the wallet, the asset changes with it. */
export function typeTo(to: string): void {
  if (draft.value === undefined) return;
  draft.value = { ...draft.value, to };
  recognition = worker.chainsOf(to.trim()).then(
    (chains) => {
      const now = draft.value;
      const [first] = chains;
      if (now !== undefined && now.to === to && first !== undefined && !chains.includes(now.chain)) {
        draft.value = { ...now, chain: first };
        switchedTo.value = first;
      }
    },
    () => {
      // The check of the whole form says what is wrong with the address.
    },
  );
}

/**
 * Asks the Worker to build the transaction, and shows it for review.
 * @returns what is wrong with the fields; empty when the review is shown
 * @throws TrefoilError what is wrong with the whole
 */
export async function review(assetOf: (chain: ChainId) => Asset): Promise<Wrong> {
  await recognition;
  const now = draft.value;
  if (now === undefined) return {};
  const { chain } = now;
  const to = now.to.trim();
  const amount = readAmount(now.amount, assetOf(chain));
  const wrongTo = to === '' ? 'Enter the address that gets the money.' : await checkAddress(to);
  if (wrongTo !== undefined || typeof amount === 'string') {
    return { ...(wrongTo === undefined ? {} : { to: wrongTo }), ...(typeof amount === 'string' ? { amount } : {}) };
  }
  try {
    const transfer = await worker.prepareTransfer({ chain, to, amount });
    // Gone back or locked in the meantime: the person is elsewhere.
    if (screen.value.at === 'send') show({ at: 'review', transfer });
    return {};
  } catch (thrown) {
    const problem = TrefoilError.from(thrown, 'review');
    const field = FIELD_OF[problem.code];
    if (field === undefined) throw problem;
    return { [field]: sayInline(problem) };
  }
}

/** Base units, or what is wrong with the text. People of many countries write a comma for the point. */
function readAmount(text: string, { decimals, symbol }: Asset): bigint | string {
  if (text.trim() === '') return `Enter how much ${symbol} to send.`;
  try {
    return parseAmount(text.trim().replace(',', '.'), decimals);
  } catch (thrown) {
    return sayInline(TrefoilError.from(thrown, 'review'));
  }
}

/** What is wrong with an address that no chain of the wallet knows. */
async function checkAddress(to: string): Promise<string | undefined> {
  const chains = await worker.chainsOf(to);
  return chains.length > 0 ? undefined : sayInline(new TrefoilError('chain/bad-address', { operation: 'review' }));
}

export async function approve(transfer: PreparedTransfer, onStep: (step: ApproveStep) => void): Promise<void> {
  const sent = await worker.approve(transfer.id, proxy(onStep));
  forgetDraft();
  refresh();
  // Locked in the meantime: the history tells the rest.
  if (screen.value.at === 'review') show({ at: 'sent', transfer, sent });
}

const POLL_MS = 2_000;

/** Follows a transaction until it has ended; ends early when `signal` aborts. */
export async function follow(
  chain: ChainId,
  id: string,
  onStatus: (status: TransactionStatus) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const status = await worker.transactionStatus(chain, id).catch((): TransactionStatus => ({ state: 'pending' }));
    if (signal.aborted) return;
    onStatus(status);
    if (status.state !== 'pending') {
      refresh();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
