/** What a confirmed Solana transaction did to one account, from the balances that the node reports. */
import { z } from 'zod';
import type { HistoryEntry } from '#shared/ports/chain.ts';

/** Strangers in a transaction may hold more lamports than a double counts exactly; nothing depends on those. */
const balances = z.array(z.number().nonnegative().refine(Number.isInteger)).max(256);

/** `getTransaction` with encoding `json`: the parts that are read. */
export const TransactionAnswer = z.object({
  blockTime: z.number().int().nullable().optional(),
  meta: z.object({ fee: z.number().int().nonnegative(), preBalances: balances, postBalances: balances }),
  transaction: z.object({ message: z.object({ accountKeys: z.array(z.string().max(44)).min(1).max(256) }) }),
});

/** The fee is counted only where this account paid it: the first account is the payer. */
export function readHistoryEntry(signature: string, address: string, answer: z.infer<typeof TransactionAnswer>): HistoryEntry {
  const { accountKeys } = answer.transaction.message;
  const { preBalances, postBalances } = answer.meta;
  const fee = accountKeys[0] === address ? BigInt(answer.meta.fee) : undefined;
  const change = (at: number): bigint =>
    BigInt(postBalances[at] ?? 0) - BigInt(preBalances[at] ?? 0) + (at === 0 ? BigInt(answer.meta.fee) : 0n);
  const at = accountKeys.indexOf(address);
  const own = at < 0 ? 0n : change(at);
  const direction = own < 0n ? 'out' : own > 0n ? 'in' : 'self';
  return {
    id: signature,
    direction,
    amount: own < 0n ? -own : own,
    token: undefined,
    fee,
    counterparty: direction === 'self' ? undefined : mostAgainst(accountKeys, change, own > 0n),
    confirmed: true,
    time: answer.blockTime ?? undefined,
  };
}

/** The account that lost most of what came in, or got most of what went out. */
function mostAgainst(accounts: readonly string[], change: (at: number) => bigint, incoming: boolean): string | undefined {
  let best: { account: string; against: bigint } | undefined;
  for (const [at, account] of accounts.entries()) {
    const against = incoming ? -change(at) : change(at);
    if (against > (best?.against ?? 0n)) best = { account, against };
  }
  return best?.account;
}
