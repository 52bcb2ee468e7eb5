/** For tests only: payments on real chains, signed with plain keys. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChainClient, ChainPlugin, Payment, SignedTransaction, TransactionStatus } from '#shared/ports/chain.ts';
import { type PlainWallet, plainWallet } from './plain-wallet.ts';
import { readTransaction } from './read-request.ts';

export const alice = plainWallet('alice');
export const bob = plainWallet('bob');

export const addressOf = (plugin: ChainPlugin, { keys }: PlainWallet, at = 0): string => plugin.addresses(keys)[at]?.address ?? '';

export async function untilConfirmed(client: ChainClient, id: string): Promise<TransactionStatus> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const status = await client.status(id);
    if (status.state !== 'pending') return status;
    await sleep(100);
  }
  throw new Error('still pending after 6 seconds');
}

export interface SignedPayment {
  readonly signed: SignedTransaction;
  readonly fee: bigint;
  readonly change: bigint;
  /** Which keys signed. */
  readonly keys: readonly string[];
}

/** One entry for each transaction. */
export async function payAll(client: ChainClient, payments: readonly Payment[], wallet = alice): Promise<SignedPayment[]> {
  const { plugin } = client;
  const { keys } = wallet;
  const all = await client.buildTransfers({ keys, payments });
  return all.map((unsigned) => {
    const { content, tasks, assemble } = readTransaction(plugin, unsigned, keys);
    const { fee, change } = content;
    return { signed: assemble(tasks.map(wallet.sign)), fee, change, keys: tasks.map(({ key }) => key) };
  });
}

/** One payment of Alice's. */
export async function payOnce(client: ChainClient, to: string, amount: bigint, token?: string): Promise<SignedPayment> {
  const [first, ...more] = await payAll(client, [{ to, amount, token }]);
  if (first === undefined || more.length > 0) throw new Error('one transaction was expected');
  return first;
}
