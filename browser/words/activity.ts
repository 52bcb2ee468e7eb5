/** What was received and paid. */
import type { Activity } from '../worker/api.ts';
import { sayList } from './phrases.ts';

const states: Readonly<Record<Activity['state'], string>> = { pending: 'Pending', confirmed: 'Confirmed', failed: 'Failed' };
const directions: Readonly<Record<Activity['direction'], string>> = { in: 'Received', out: 'Sent', self: 'Moved' };

export const activityWords = {
  heading: 'Activity',
  reading: 'Reading your history…',
  empty: 'Nothing yet. What you receive and pay appears here.',
  missing: (networks: readonly string[]) => `${sayList(networks)}: the history cannot be read at the moment.`,
  states,
  directions,
  /** On the line of an entry. */
  fromOrTo: {
    in: (shortened: string) => `from ${shortened}`,
    out: (shortened: string) => `to ${shortened}`,
  },
  withinWallet: 'within your wallet',
  /** Above the whole address. */
  from: 'From',
  to: 'To',
  contract: 'Contract of the token',
  fee: 'Fee',
  transactionOn: (network: string) => `Transaction on ${network}`,
  transactionId: 'transaction id',
};
