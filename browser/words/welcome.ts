/** From no wallet to a new one. */
import type { CreateProgress } from '../worker/api.ts';
import { sayNodes } from './phrases.ts';

/** The first screen. */
export const welcomeWords = {
  heading: 'A wallet without a whole key',
  lead: 'Your key is made in parts: one here in your browser, the others on nodes that different people run. No part can pay alone.',
  interrupted: {
    title: 'The last attempt was interrupted.',
    text: 'It had no address yet, so no money can be in it. Creating again replaces it.',
  },
  passphraseHint: 'At least 12 characters; several words work well. Nobody can reset it for you.',
  deviceOnly: 'Open with this device alone',
  deviceOnlyHint: 'Nothing to type, but weaker: whoever can use this browser can pay.',
  create: 'Create wallet',
};

/** The screen that is shown while the key is made. */
export const creatingWords = {
  heading: 'Creating your wallet',
  /** Of the bar. */
  progress: 'Creating',
  steps: {
    connect: 'Connect to the nodes',
    make: 'Make the key, in parts',
    store: 'Store each part in its place',
  },
  /** After a step, for those who cannot see its mark. */
  stepDone: ': done',
  slow: 'This takes longer than usual. The nodes may be far away or busy. You can wait, or stop and try later.',
  stop: 'Stop',
  stopping: 'Stopping',
};

/** What the making of a wallet waits for. */
export function sayProgress(progress: CreateProgress | undefined): string {
  switch (progress?.step) {
    case undefined:
      return 'Your browser is getting ready';
    case 'connecting':
      return `Your browser is connecting to ${sayNodes(progress.parties)}`;
    case 'round-1':
    case 'round-2':
    case 'round-3':
      return `Your browser and ${sayNodes(progress.parties)} are making the key: ${progress.step.slice(-1)} of 3`;
    case 'prepared':
      return `Your browser and ${sayNodes(progress.parties)} are storing their shares`;
    case 'committed':
      return 'The wallet is ready';
  }
}
