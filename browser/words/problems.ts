/** What went wrong, and the way out. Where the catalogue of errors speaks to engineers, these are the words for people. */
import { CATALOGUE, type ErrorCode, type TrefoilError } from '#shared/errors.ts';
import { asSentence } from './phrases.ts';

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

/** Details of problems that the page itself reports; what everybody else reports is in their words. */
export const problemDetails = {
  partDidNotLoad: 'a part of this page did not load',
};

/** One problem, in whole sentences. */
export interface SaidProblem {
  readonly title: string;
  readonly detail: string | undefined;
  readonly fix: string;
}

/** In the words for people, where there are some. */
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
