/** One transfer, from the form to its confirmation. */
import { signal } from '@preact/signals';
import { proxy } from 'comlink';
import { parseAmount } from '../../shared/chains/amount.ts';
import { type ErrorCode, TrefoilError } from '../../shared/errors.ts';
import type { ChainId } from '../../shared/ids.ts';
import type { Asset, TransactionStatus } from '../../shared/ports/chain.ts';
import type { ApproveStep, PreparedTransfer } from '../worker/api.ts';
import { refresh } from './money.ts';
import { show } from './screen.ts';
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

/** Codes that belong to one field; everything else belongs to the whole form. */
const FIELD_OF: Partial<Record<ErrorCode, DraftField>> = {
  'chain/bad-address': 'to',
  'chain/bad-amount': 'amount',
  'chain/insufficient-funds': 'amount',
  'chain/dust': 'amount',
};

export const fieldOf = (problem: TrefoilError): DraftField | undefined => FIELD_OF[problem.code];

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

/** Asks the Worker to build the transaction, and shows it for review. @throws TrefoilError for the form to show */
export async function review(assetOf: (chain: ChainId) => Asset): Promise<void> {
  await recognition;
  const now = draft.value;
  if (now === undefined) return;
  const { chain } = now;
  const to = now.to.trim();
  if (to === '') {
    throw new TrefoilError('chain/bad-address', { operation: 'review' });
  }
  const amount = parseAmount(now.amount.trim().replace(',', '.'), assetOf(chain).decimals);
  show({ at: 'review', transfer: await worker.prepareTransfer({ chain, to, amount }) });
}

export async function approve(transfer: PreparedTransfer, onStep: (step: ApproveStep) => void): Promise<void> {
  const sent = await worker.approve(transfer.id, proxy(onStep));
  forgetDraft();
  show({ at: 'sent', transfer, sent });
  refresh();
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
