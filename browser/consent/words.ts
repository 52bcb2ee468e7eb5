/** The page's words for what the Worker reports. */
import { CATALOGUE, type ErrorCode, type TrefoilError } from '#shared/errors.ts';
import type { Asset } from '#shared/ports/chain.ts';
import type { ApproveStep, CreateProgress, Warning } from '../worker/api.ts';

const RECOVER = 'Ask the people who run this service how to recover the wallet. Do not clear the data of this site.';

/** Where the catalogue speaks to engineers, the page says what a person can do. */
const FOR_PEOPLE: Partial<Record<ErrorCode, { title: string; fix: string }>> = {
  'service/offline': { title: 'There is no connection to the wallet service.', fix: 'Check your connection and try again.' },
  'service/configuration': {
    title: 'This page was not set up completely.',
    fix: 'Tell the people who run it; nothing of yours was changed.',
  },
  'service/bug': {
    title: 'Something went wrong that should not be possible.',
    fix: 'Reload the page and try again. Nothing was sent unless your history shows it.',
  },
  'wallet/exists': { title: 'There is a wallet in this browser already.', fix: 'Reload the page to open it.' },
  'session/party-unreachable': { title: 'A node did not answer.', fix: 'Try again in a moment.' },
  'session/timeout': { title: 'A node took too long to answer.', fix: 'Try again in a moment.' },
  'session/aborted': { title: 'It was stopped before it was complete.', fix: 'Try again.' },
  'session/too-many': { title: 'Too much is going on with this wallet at once.', fix: 'Wait a minute and try again.' },
  'engine/nonce-spent': {
    title: 'The material that was prepared for this signature was already used.',
    fix: 'Nothing was signed. Try again: the next attempt takes new material.',
  },
  'engine/presignature-spent': {
    title: 'The signature that was prepared for this was already used.',
    fix: 'Nothing was signed. Try again: the next attempt takes a new one.',
  },
  'engine/failed-check': {
    title: 'What a node sent does not stand up to its check.',
    fix: 'Nothing was signed. Try again; if it repeats, tell the people who run this wallet.',
  },
  'intent/expired': {
    title: 'The approval is too old.',
    fix: 'Review it and approve it again. If this repeats, check the clock of this device.',
  },
  'intent/repeated': { title: 'This approval was already used.', fix: 'Review it and approve it again.' },
  'intent/not-authorised': { title: 'A node was asked for something else than you approved.', fix: 'Review it and approve it again.' },
  'intent/commitment-spent': {
    title: 'A node no longer has what it prepared for this signature.',
    fix: 'Nothing was signed. Try again.',
  },
  'intent/unsupported': {
    title: 'This is of a kind that this wallet does not sign.',
    fix: 'Nothing was signed. Choose another way to do it.',
  },
  'chain/no-account': { title: 'This network is only in Account 1.', fix: 'Go to Account 1 to use it.' },
  'chain/unknown': { title: 'This wallet does not have that network.', fix: 'Choose one of the networks that the wallet shows.' },
  'chain/bad-address': { title: 'This is no address that this wallet can pay.', fix: 'Copy it again, whole, from where you got it.' },
  'chain/bad-amount': { title: 'This is not an amount.', fix: 'For example: 0.5.' },
  'vault/cannot-open': { title: 'This passphrase does not open the wallet.', fix: 'Look for capital letters and spaces, and try again.' },
  'vault/damaged': { title: 'The stored wallet data is damaged.', fix: RECOVER },
  'engine/stored-share': { title: 'The stored wallet data is damaged.', fix: RECOVER },
};

/** What only engineers can act upon. The few codes that say "Stop" keep their own words. */
const BETWEEN_PARTIES = /^(channel|engine|session|epoch|input)\//;
const TRY_AGAIN = 'Try again; if it repeats, tell the people who run this wallet.';

export interface SaidProblem {
  readonly title: string;
  readonly detail: string | undefined;
  readonly fix: string;
}

export function sayProblem({ code, detail, fix }: TrefoilError): SaidProblem {
  const ours =
    FOR_PEOPLE[code] ??
    (BETWEEN_PARTIES.test(code) && !fix.startsWith('Stop.') ? { title: CATALOGUE[code].title, fix: TRY_AGAIN } : undefined);
  return {
    title: ours?.title ?? CATALOGUE[code].title,
    detail: detail === undefined ? undefined : asSentence(detail),
    fix: ours?.fix ?? fix,
  };
}

/** The same in one paragraph, for beside a field. */
export function sayInline(problem: TrefoilError): string {
  const { title, detail, fix } = sayProblem(problem);
  return [title, detail, fix].filter((part) => part !== undefined).join(' ');
}

/** `a`, `a and b`, `a, b and c`. */
export function sayList(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

const sayNodes = (nodes: readonly string[]): string =>
  nodes.length === 0 ? 'the nodes' : `node${nodes.length > 1 ? 's' : ''} ${sayList(nodes)}`;

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

/** People count from 1. */
export const sayAccount = (account: number): string => `Account ${account + 1}`;

/** `one transaction`, `3 transactions`. */
export const sayCount = (count: number, thing: string): string => (count === 1 ? `one ${thing}` : `${count} ${thing}s`);

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

/** @param asset what is paid with @param isToken whether it is a token: its fee is in other money */
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

/** Words of the parts behind the page, with a capital and a full stop. */
export function asSentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
