/** One transfer of one or more payments, from the form to its confirmation. */
import { proxy } from 'comlink';
import { sayInline } from '#browser/words/problems.ts';
import { type ErrorCode, TrefoilError } from '#shared/errors.ts';
import type { ChainId } from '#shared/ids.ts';
import type { TransactionStatus } from '#shared/ports/chain.ts';
import type { ApproveStep, PreparedTransfer } from '../worker/api.ts';
import { names } from './accounts.ts';
import { draft, forgetDraft, recognised } from './draft.ts';
import { refresh } from './money.ts';
import { type RecipientField, readRecipients, type Wrong } from './read-recipients.ts';
import { screen, show } from './screen.ts';
import { worker } from './worker.ts';

/** Codes that belong to one field, where there is one recipient; everything else belongs to the whole form. */
const FIELD_OF: Partial<Record<ErrorCode, RecipientField>> = {
  'chain/bad-address': 'to',
  'chain/bad-amount': 'amount',
  'chain/insufficient-funds': 'amount',
  'chain/dust': 'amount',
};

/**
 * Asks the Worker to build the transactions, and shows them for review.
 * @returns what is wrong with the fields; empty when the review is shown
 * @throws TrefoilError what is wrong with the whole
 */
export async function review(): Promise<Wrong> {
  await recognised();
  const now = draft.value;
  const asset = now && names.value.assetOf(now.holding.chain, now.holding.token);
  if (now === undefined || asset === undefined) return new Map();
  const { payments, wrong } = await readRecipients(now, {
    asset,
    networkName: names.value.networkName,
    chainsOf: (text) => worker.chainsOf(text),
  });
  if (wrong.size > 0) return wrong;
  const { chain, account } = now.holding;
  try {
    const transfer = await worker.prepareTransfer({ chain, account, payments });
    // Gone back or locked in the meantime: the person is elsewhere.
    if (screen.value.at === 'send') show({ at: 'review', transfer });
    return new Map();
  } catch (thrown) {
    const problem = TrefoilError.from(thrown, 'review');
    const field = FIELD_OF[problem.code];
    const [only, ...others] = now.recipients;
    if (field === undefined || only === undefined || others.length > 0) throw problem;
    return new Map([[only.id, { [field]: sayInline(problem) }]]);
  }
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
