/** From what a person typed to payments, or to what is wrong with each field, in words for beside it. */
import { sayInline } from '#browser/words/problems.ts';
import { recipientProblems } from '#browser/words/send.ts';
import { parseAmount } from '#shared/chains/amount.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { ChainId } from '#shared/ids.ts';
import type { Asset, Payment } from '#shared/ports/chain.ts';
import type { Draft, Recipient } from './draft.ts';

export type RecipientField = 'to' | 'amount';
/** What is wrong with one recipient's fields. */
export type WrongFields = Partial<Record<RecipientField, string>>;
/** By the recipient's id; the wrong ones only. */
export type Wrong = ReadonlyMap<number, WrongFields>;

/** What the rest of the page knows. */
interface Known {
  readonly asset: Asset;
  /** The chains of the wallet on which a text is an address. */
  chainsOf(text: string): Promise<readonly ChainId[]>;
  networkName(chain: ChainId): string;
}

export async function readRecipients(
  { holding, recipients }: Draft,
  known: Known,
): Promise<{ readonly payments: readonly Payment[]; readonly wrong: Wrong }> {
  const payments: Payment[] = [];
  const wrong = new Map<number, WrongFields>();
  for (const recipient of recipients) {
    const amount = readAmount(recipient.amount, known.asset);
    const wrongTo = await checkAddress(recipient, holding.chain, known);
    if (wrongTo === undefined && typeof amount === 'bigint') {
      payments.push({ to: recipient.to.trim(), amount, token: holding.token });
    } else {
      wrong.set(recipient.id, {
        ...(wrongTo === undefined ? {} : { to: wrongTo }),
        ...(typeof amount === 'string' ? { amount } : {}),
      });
    }
  }
  return { payments, wrong };
}

/** Base units, or what is wrong with the text. People of many countries write a comma for the point. */
export function readAmount(text: string, { decimals, symbol }: Asset): bigint | string {
  if (text.trim() === '') return recipientProblems.noAmount(symbol);
  try {
    return parseAmount(text.trim().replace(',', '.'), decimals);
  } catch (thrown) {
    return sayInline(TrefoilError.from(thrown, 'review'));
  }
}

/** What is wrong with an address, if anything is. */
async function checkAddress({ to }: Recipient, chain: ChainId, { chainsOf, networkName }: Known): Promise<string | undefined> {
  const text = to.trim();
  if (text === '') return recipientProblems.noAddress;
  const chains = await chainsOf(text);
  if (chains.includes(chain)) return undefined;
  if (chains.length === 0) return sayInline(new TrefoilError('chain/bad-address', { operation: 'review' }));
  return recipientProblems.otherNetwork(chains.map(networkName), networkName(chain));
}
