/** The open wallet: its accounts, what they hold, and who holds the parts of its key. */
import { sayAccount, sayList } from './phrases.ts';

export const homeWords = {
  heading: 'Your wallet',
  onlyInFirst: 'The networks of this wallet are only in Account 1.',
  send: 'Send',
  receive: 'Receive',
  signMessage: 'Sign a message',
};

export const accountWords = {
  label: 'Account',
  add: 'Add account',
  noMore: 'No more accounts can be added',
  adding: 'Adding an account…',
  added: (account: number) => `${sayAccount(account)} was added.`,
};

/** One network of the chosen account. */
export const networkWords = {
  testMoney: 'Test money',
  tokens: (network: string) => `Other assets on ${network}`,
  unreachable: (network: string) => `${network} cannot be reached from here.`,
  addressOf: (symbol: string) => `${symbol} address`,
  asking: (network: string) => `Asking ${network} for your balance…`,
  silent: (network: string) => `${network} does not answer at the moment.`,
  lastKnown: 'This is the last known balance.',
  lastKnownToken: '(last known)',
  getTest: (symbol: string) => `Get test ${symbol}`,
  askingForTest: 'Asking for it…',
  testOnItsWay: 'On its way.',
};

export const watchOnlyWords = {
  summary: 'Watch-only keys',
  risk: 'Whoever has one of these sees all its accounts and payments, also the future ones, and can spend nothing.',
  reading: 'Reading them…',
  /** In the words of the wallets that such keys are pasted into. */
  keys: {
    taproot: { name: 'Taproot', what: 'extended key for Taproot' },
    ecdsa: { name: 'SegWit and Ethereum', what: 'extended key for SegWit and Ethereum' },
  },
};

export const aboutWords = {
  /** @param idleMinutes after which it locks */
  parts: (nodes: readonly string[], idleMinutes: number) =>
    `The parts of your key are in this browser and on ${nodes.length > 1 ? 'the nodes' : 'the node'} ${sayList(nodes)}. ` +
    `The wallet locks by itself after ${idleMinutes} minutes without use.`,
  device: 'This device opens the wallet by itself: whoever can use this browser can pay.',
  mayBeDeleted: 'This browser may delete the wallet’s data when it runs out of space. Do not clear the data of this site.',
};
