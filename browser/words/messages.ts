/** Messages and typed data: the form, the review and the signature. */
import type { ComponentChildren } from 'preact';
import type { TrefoilError } from '#shared/errors.ts';
import type { PreparedMessage } from '../worker/api.ts';
import { asSentence, sayAccount } from './phrases.ts';
import { sentence } from './sentence.ts';

export const messageFormWords = {
  heading: 'Sign a message',
  /** @param account undefined where the wallet has only one @param network undefined where nobody knows */
  lead: (account: number | undefined, network: string | undefined) =>
    `A signature shows that you hold ${account === undefined ? 'this account' : sayAccount(account)}` +
    `${network === undefined ? '' : ` on ${network}`}. Signing moves no money by itself, but what you sign may allow others to.`,
  /** Of the tabs. */
  whatToSign: 'What to sign',
  forms: {
    text: {
      tab: 'Text',
      label: 'Message',
      hint: 'The words to sign, exactly as you were given them',
      empty: 'Enter the message to sign.',
    },
    'typed-data': {
      tab: 'Typed data',
      label: 'Typed data',
      hint: 'EIP-712 as JSON: types, primaryType, domain and message',
      empty: 'Paste the typed data to sign.',
    },
  },
};

/** What is wrong with a message that a person wrote or pasted; undefined when it is not about the message. */
export function sayMessageProblem({ code, detail }: TrefoilError, form: 'text' | 'typed-data'): string | undefined {
  const why = detail === undefined ? '' : ` ${asSentence(detail)}`;
  switch (code) {
    case 'input/too-large':
      return `This is too long to be signed.${why}`;
    case 'input/malformed':
      return form === 'text'
        ? `This text cannot be signed.${why}`
        : `This is no typed data that can be signed.${why} Copy it again, whole, from where you got it.`;
    case 'intent/unsupported':
      return form === 'text'
        ? `This account does not sign messages.${why}`
        : `This account does not sign this typed data.${why} Look whether it is meant for this network.`;
    default:
      return undefined;
  }
}

/** What is signed, and who signs it. */
export const messageTermsWords = {
  text: 'You sign this text',
  bytes: (count: number) => `You sign bytes that are no text (${count} of them)`,
  hidden: 'It has characters that cannot be seen. They are named where they stand.',
  application: 'For this application',
  noApplication: 'It does not say which one.',
  noNetwork: 'It names no network: the signature may count on others too.',
  typedData: (type: ComponentChildren) => sentence`You sign this ${type}`,
  emptyValue: 'empty',
  emptyFields: 'nothing in it',
  signedBy: 'Signed by',
  signer: (account: number, network: string) => `${sayAccount(account)} on ${network}`,
  digest: 'Digest, to compare with what another screen shows',
  copyDigest: 'digest',
};

/** What a signature can do for others, by what is signed. */
const risks: Readonly<Record<PreparedMessage['content']['type'], { readonly title: string; readonly text: string }>> = {
  message: {
    title: 'A signature cannot be taken back.',
    text: 'Whoever gets it can show that you agreed to these words. Sign only what you have read and want to say.',
  },
  'typed-data': {
    title: 'This may let others move what you own.',
    text: 'Permits and orders are signed this way, and need no further approval. Check the amounts, the addresses and until when it is valid.',
  },
};

export const messageReviewWords = {
  heading: 'Check before you sign',
  risksHeading: 'What could go wrong',
  risks,
  /** What the approval makes. */
  made: 'signature',
  slow: 'This takes longer than usual. If no node answers, it ends by itself and nothing is signed.',
};

export const signedWords = {
  heading: 'Signed',
  lead: 'Copy the signature to where it was asked for. It has gone nowhere by itself.',
  signature: 'Signature',
  copySignature: 'signature',
  of: (account: number, network: string) => `Of ${sayAccount(account)} on ${network}`,
};
