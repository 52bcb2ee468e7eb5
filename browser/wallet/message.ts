/** One message or piece of typed data, from the form to its signature. Nothing is sent anywhere by this. */
import { computed, signal } from '@preact/signals';
import { proxy } from 'comlink';
import { messageFormWords, sayMessageProblem } from '#browser/words/messages.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { ChainId } from '#shared/ids.ts';
import type { Account, ApproveStep, PreparedMessage } from '../worker/api.ts';
import { chosen, networks } from './accounts.ts';
import { screen, show } from './screen.ts';
import { worker } from './worker.ts';

export type MessageForm = 'text' | 'typed-data';

export interface MessageDraft {
  readonly chain: ChainId;
  readonly form: MessageForm;
  /** What was typed in each form: looking at the other one loses nothing. */
  readonly written: Readonly<Record<MessageForm, string>>;
}

/** Survives going back from the review. */
export const messageDraft = signal<MessageDraft | undefined>(undefined);
/** Where the chosen account can sign messages. */
export const signers = computed<readonly Account[]>(() => networks.value.flatMap(({ money }) => (money.messages ? [money] : [])));

/** @returns false when the account signs no messages anywhere */
export function beginMessage(): boolean {
  const [first] = signers.value;
  if (first === undefined) return false;
  messageDraft.value ??= { chain: first.chain, form: 'text', written: { text: '', 'typed-data': '' } };
  return true;
}

export function forgetMessage(): void {
  messageDraft.value = undefined;
}

export function changeMessage(part: Partial<MessageDraft>): void {
  if (messageDraft.value !== undefined) messageDraft.value = { ...messageDraft.value, ...part };
}

/**
 * Asks the Worker to read the message back, and shows it for review.
 * @returns what is wrong with the field, in words for beside it; undefined when the review is shown
 * @throws TrefoilError what is not about the field
 */
export async function reviewMessage(): Promise<string | undefined> {
  const now = messageDraft.value;
  if (now === undefined) return undefined;
  const { chain, form, written } = now;
  const account = chosen.value;
  if (written[form].trim() === '') {
    return messageFormWords.forms[form].empty;
  }
  try {
    const message =
      form === 'text'
        ? await worker.prepareMessage({ chain, account, text: written.text })
        : await worker.prepareTypedData({ chain, account, json: written['typed-data'] });
    // Gone back or locked in the meantime: the person is elsewhere.
    if (screen.value.at === 'sign-message') show({ at: 'review-message', message });
    return undefined;
  } catch (thrown) {
    const problem = TrefoilError.from(thrown, 'reviewMessage');
    const said = sayMessageProblem(problem, form);
    if (said === undefined) throw problem;
    return said;
  }
}

export async function approveMessage(message: PreparedMessage, onStep: (step: ApproveStep) => void): Promise<void> {
  const signed = await worker.approveMessage(message.id, proxy(onStep));
  forgetMessage();
  if (screen.value.at === 'review-message') show({ at: 'signed', message, signed });
}
