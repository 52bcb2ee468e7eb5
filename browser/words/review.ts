/** What a person approves when money leaves: the terms, the risks, and what the approval waits for. */
import type { Asset } from '#shared/ports/chain.ts';
import type { ApproveStep, Served, Warning } from '../worker/api.ts';
import { sayAccount, sayCount, sayList, sayNodes } from './phrases.ts';

export const reviewWords = {
  heading: 'Check before you approve',
  slow: 'This takes longer than usual. It cannot be stopped any more; if no node answers, it ends by itself and nothing is sent.',
  /** What is handed to the network. */
  handedOver: (transactions: number) => (transactions > 1 ? sayCount(transactions, 'transaction') : 'payment'),
  sentInPart: 'Look at your history before you send again: it shows what was sent and what was not.',
  nothingSent: 'Nothing was sent. Your money is where it was.',
  seeHistory: 'See your history',
};

/** @param account undefined where the wallet has only one */
const fromAccount = (account: number | undefined, testnet: boolean): string =>
  `${account === undefined ? '' : ` from ${sayAccount(account)}`}${testnet ? ' (test money)' : ''}`;

/** What leaves, to whom, and the fee. */
export const termsWords = {
  youSend: (account: number | undefined, testnet: boolean) => `You send${fromAccount(account, testnet)}`,
  youSendSeveral: (payments: number, account: number | undefined, testnet: boolean) =>
    `You send ${payments} payments${fromAccount(account, testnet)}`,
  toAddress: 'To this address',
  /** Before the address of one of several payments. */
  to: 'to',
  network: (network: string) => `Network: ${network}`,
  unknownToken: (units: bigint) => `${units} units of an unknown token`,
  contract: 'Contract of the token',
  contractUnknown: 'This token is not one that this wallet knows: its amount is shown without a decimal point.',
  howSent: 'How it is sent',
  sentAs: (transactions: number) => `Signed with one approval, sent as ${sayCount(transactions, 'transaction')}.`,
  fee: 'Network fee, at most',
  fees: 'Network fees together, at most',
  total: 'Total',
};

export const riskWords = {
  heading: 'What could go wrong',
  final: 'A payment cannot be called back once it is sent.',
  /** Before a warning that is not about all of them. @param positions from 1 */
  ofPayments: (positions: readonly number[]) =>
    `${positions.length > 1 ? 'Payments' : 'Payment'} ${sayList(positions.map((position) => `${position}`))}: `,
};

/** What a person should know before approving. @param asset what is paid with @param isToken whether it is a token: its fee is in other money */
export function sayWarning(warning: Warning, { symbol }: Asset, isToken: boolean): { title: string; text: string } {
  switch (warning) {
    case 'new-recipient':
      return {
        title: 'You have not paid this address before.',
        text: 'Compare it with the address you were given, from the first to the last character.',
      };
    case 'look-alike':
      return {
        title: 'This address looks like one you know, but it is another.',
        text: 'Forgers make addresses with the same ends. Do not go on unless you have checked every character.',
      };
    case 'own-address':
      return { title: 'This is your own address.', text: 'The money comes back to you; only the fee leaves.' };
    case 'high-fee':
      return {
        title: 'The fee is high for this payment.',
        text: `${isToken ? '' : 'It is more than a tenth of what you send. '}Waiting for a quieter hour may be cheaper.`,
      };
    case 'almost-everything':
      return {
        title: `Almost no ${symbol} will be left.`,
        text: isToken ? 'Go on only if you mean to send nearly all of it.' : 'You need a little for the fees of later payments.',
      };
  }
}

export const approvingWords = {
  /** Of the bar. */
  progress: 'Approving',
  servedBy: ({ servedBy, roundTrips }: Served, transactions: number) =>
    `Signed by your browser and node ${servedBy} in ${sayCount(roundTrips, 'exchange')}` +
    `${transactions > 1 ? `, one approval for ${transactions} transactions` : ''}.`,
};

/** What the approval of payments or of a message waits for. @param thing what is handed over: `payment`, `3 transactions` */
export function sayStep(step: ApproveStep, nodes: readonly string[], network: string, thing: string): string {
  switch (step) {
    case 'signing':
      return `Your browser and ${nodes.length > 1 ? 'one of the ' : ''}${sayNodes(nodes)} are signing…`;
    case 'preparing':
      return 'No prepared signature was left: this one takes one more exchange…';
    case 'broadcasting':
      return `Handing the ${thing} to ${network}…`;
  }
}
