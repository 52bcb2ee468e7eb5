/** For tests only: requests of which the test knows what they are. */
import type { ChainPlugin, ReadMessage, ReadTransaction, SignedTransaction } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import type { PlainWallet } from './plain-wallet.ts';

export function readTransaction(plugin: ChainPlugin, unsigned: Uint8Array, keys: AccountKeys): ReadTransaction {
  const request = plugin.read(unsigned, keys);
  if (request.kind !== 'transaction') throw new Error('a transaction was expected');
  return request;
}

export function readMessage(plugin: ChainPlugin, unsigned: Uint8Array, keys: AccountKeys): ReadMessage {
  const request = plugin.read(unsigned, keys);
  if (request.kind !== 'message') throw new Error('a message was expected');
  return request;
}

/** Signed with the wallet's plain keys. */
export function signTransaction(plugin: ChainPlugin, unsigned: Uint8Array, wallet: PlainWallet): SignedTransaction {
  const transaction = readTransaction(plugin, unsigned, wallet.keys);
  return transaction.assemble(transaction.tasks.map(wallet.sign));
}
