/** After the approval: what became of each transaction. */
import type { TransactionStatus } from '#shared/ports/chain.ts';

const states: Readonly<Record<TransactionStatus['state'], string>> = {
  pending: 'Pending',
  confirmed: 'Confirmed',
  failed: 'Failed',
  dropped: 'Failed',
};

export const sentWords = {
  heading: 'Sent',
  youSent: 'You sent',
  youSentSeveral: (payments: number) => `You sent ${payments} payments`,
  toAddress: 'To this address',
  state: 'State',
  states,
  transactionId: 'Transaction id',
  transactionIds: 'Transactions, in their order',
  /** What is copied. */
  copyId: 'transaction id',
  copyIdOf: (position: number) => `transaction id ${position}`,
  someFailed: (failed: number, all: number) => `${failed} of ${all} did not go through.`,
  othersComplete: 'The others are complete. You can send what failed again.',
  othersPending: 'The others are on their way. Wait for them before you send anything again.',
  allConfirmed: (all: number) => `${all === 2 ? 'Both' : `All ${all}`} are confirmed. The payments are complete.`,
  someConfirmed: (confirmed: number, all: number, network: string) =>
    `${confirmed} of ${all} are confirmed. Waiting for ${network}. You need not stay here.`,
};

/** What the state of one transaction means for the person. */
export function sayStatus(status: TransactionStatus, network: string): string {
  switch (status.state) {
    case 'pending':
      return `Waiting for ${network}. You need not stay here.`;
    case 'confirmed':
      return 'The payment is complete.';
    case 'failed':
      return `${network} refused it: ${status.reason}`;
    case 'dropped':
      return `${network} no longer knows it, and it can no longer be paid out. You can send it again.`;
  }
}
