/** What a Bitcoin transaction does and what its signatures sign. */
import type { ChainId } from '#shared/ids.ts';
import type { ReadTransaction } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import { signingTask } from '../signing-task.ts';
import { assembleTransaction } from './assemble-transaction.ts';
import { type BitcoinNetwork, ownScripts } from './network.ts';
import { signatureHashes } from './signature-hashes.ts';
import { readUnsignedTransaction } from './unsigned-transaction.ts';

/**
 * @param unsigned PSBT bytes
 * @throws TrefoilError `intent/unsupported`, `input/malformed` for keys that are none
 */
export function readTransaction(
  unsigned: Uint8Array,
  keys: Pick<AccountKeys, 'taproot' | 'ecdsa'>,
  chain: { readonly id: ChainId; readonly network: BitcoinNetwork },
): ReadTransaction {
  const bytes = unsigned.slice();
  const own = ownScripts(keys, chain.network);
  const read = readUnsignedTransaction(bytes, own, chain.network);
  const { inputs, outputs, fee, transaction } = read;
  const others = outputs.filter(({ isOwn }) => !isOwn);
  const payments = others.map(({ address, amount }) => ({ to: address, amount, token: undefined }));
  const change = outputs.filter(({ isOwn }) => isOwn).reduce((sum, { amount }) => sum + amount, 0n);
  const coins = inputs.map(({ own: { key, script }, amount }) => ({ key, script, amount }));
  const tasks = signatureHashes(transaction, coins).map(({ key, digest }) => signingTask(key, digest));
  return {
    kind: 'transaction',
    unsigned: bytes,
    content: { type: 'transaction', chain: chain.id, from: own.taproot.address, payments, change, fee },
    tasks,
    assemble: (signatures) => assembleTransaction(read, { own, tasks, signatures }),
  };
}
