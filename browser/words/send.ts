/** The form that sends money, and what is wrong with its fields. */
import type { ComponentChildren } from 'preact';
import { sayAccount, sayList } from './phrases.ts';
import { sentence } from './sentence.ts';

export const sendWords = {
  heading: 'Send money',
  from: 'From',
  /** Said when the page chose another asset than the person. */
  switched: {
    address: (symbol: string, network: string) => `Changed to ${symbol}, because the address is one of ${network}.`,
    account: (symbol: string, account: number) => `Changed to ${symbol}, because ${sayAccount(account)} does not have the other asset.`,
  },
  addRecipient: 'Add another recipient',
  atMost: (recipients: number) => `One approval pays ${recipients} recipients at most.`,
  askingFee: (network: string) => `Asking ${network} for the current fee…`,
  /** Beside the sum of all amounts. */
  together: (payments: number) => `All ${payments} payments`,
};

/** One recipient, and what there is to send. */
export const recipientWords = {
  /** @param position from 1 */
  legend: (position: number) => `Recipient ${position}`,
  remove: 'Remove',
  /** After it, for those who cannot see which one. */
  removed: (position: number) => `recipient ${position}`,
  to: 'To',
  toHint: (network: string) => `An address on ${network}, as you were given it`,
  amount: 'Amount',
  inUnit: (symbol: string) => `In ${symbol}`,
  available: (money: ComponentChildren) => sentence`You have ${money}, before the fee`,
  /** Followed by what the fee is paid in. */
  availableToken: (money: ComponentChildren) => sentence`You have ${money}`,
  feeIn: (symbol: string) => `. The fee is paid in ${symbol}.`,
  feeInOf: (symbol: string, money: ComponentChildren) => sentence`. The fee is paid in ${symbol}, of which you have ${money}.`,
};

/** What is wrong with a recipient's fields, for beside them. */
export const recipientProblems = {
  noAmount: (symbol: string) => `Enter how much ${symbol} to send.`,
  noAddress: 'Enter the address that gets the money.',
  otherNetwork: (networks: readonly string[], network: string) =>
    `This is an address on ${sayList(networks)}. This payment goes over ${network}.`,
};
