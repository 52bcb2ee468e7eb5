/** Everything between a page that was just opened and a wallet that is open. */
import { sayDate } from './dates.ts';

export const startingWords = {
  looking: 'Looking for your wallet in this browser…',
};

/** The one secret that a person types. */
export const passphraseWords = {
  label: 'Passphrase',
  show: 'Show',
  hide: 'Hide',
};

export const lockedWords = {
  heading: 'Your wallet is locked',
  /** Why it locked without being asked. */
  closed: {
    idle: 'It locked by itself because nobody used it.',
  },
  device: 'This device opens the wallet by itself.',
  attempts: (count: number) =>
    count === 1 ? 'One wrong passphrase since the last right one.' : `${count} wrong passphrases since the last right one.`,
  unlock: 'Unlock',
  unlocking: 'Unlocking…',
  wait: (seconds: number) => `You can try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
};

export const inUseWords = {
  heading: 'Your wallet is open in another tab',
  lead: 'It works in one tab at a time, so that two tabs cannot get in each other’s way.',
  choice: 'Go back to that tab, or go on here: the other tab then finishes what it is doing and locks.',
  take: 'Use here instead',
  asking: 'Asking the other tab to lock. If it does not answer, this takes ten seconds.',
};

/** The browser deleted what the page had stored. */
export const evictedWords = {
  heading: 'Your wallet’s data was deleted here',
  /** @param since when the wallet was made, in milliseconds; NaN where nobody knows */
  lead: (since: number) =>
    `A wallet was made in this browser${Number.isNaN(since) ? '' : ` on ${sayDate(since)}`}. ` +
    'The browser has since deleted this site’s data, your part of the key with it.',
  money: {
    title: 'If there is money in it',
    text: 'Do not start again here. Ask the people who run this service how to recover it.',
  },
  empty: {
    title: 'If it was empty',
    text: 'You can start again with a new wallet. It will have other addresses.',
  },
  startAgain: 'It was empty: start again',
};

export const brokenWords = {
  heading: 'Your wallet cannot be opened here',
  reload: 'Reload the page',
};
