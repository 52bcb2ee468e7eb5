/** Where money arrives. */
import { sayAccount, sayList } from './phrases.ts';

/** What each form of an address is good for, by the chain's own word for it. */
const formats: Readonly<Record<string, string>> = {
  Taproot: 'Give this one out first: it is the newest form, and the cheapest to spend from.',
  SegWit: 'For wallets and exchanges that cannot pay to Taproot yet. Your balance counts what arrives at both.',
};

export const receiveWords = {
  heading: 'Receive',
  into: (account: number) => `Into ${sayAccount(account)}`,
  address: 'Your address',
  formats,
  /** @param format the chain's own word; empty where it has one form only */
  addressOf: (format: string, symbol: string) => `${[format, symbol].filter(Boolean).join(' ')} address`,
  onlyFor: (symbols: readonly string[], network: string, testnet: boolean) =>
    `For ${sayList(symbols)} on ${network} only${testnet ? ', and here for test money only' : ''}. ` +
    'What is sent over another network may be lost.',
};
