/** What a Solana message does and what its signature signs: the message itself. */
import type { ChainId } from '#shared/ids.ts';
import type { ReadTransaction } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import { signingTask } from '../signing-task.ts';
import { assembleTransaction } from './assemble-transaction.ts';
import { readMessage } from './unsigned-message.ts';
import { walletAddress, walletKey } from './wallet-address.ts';

/** @throws TrefoilError `intent/unsupported`, `chain/no-account`, `input/malformed` for a key that is none */
export function readTransaction(unsigned: Uint8Array, keys: Pick<AccountKeys, 'ed25519'>, chain: ChainId): ReadTransaction {
  const message = unsigned.slice();
  const from = walletAddress(keys);
  const { transfers, fee } = readMessage(message, from);
  const payments = transfers.filter(({ to }) => to !== from).map(({ to, lamports }) => ({ to, amount: lamports, token: undefined }));
  const change = transfers.filter(({ to }) => to === from).reduce((sum, { lamports }) => sum + lamports, 0n);
  return {
    kind: 'transaction',
    unsigned: message,
    content: { type: 'transaction', chain, from, payments, change, fee },
    tasks: [signingTask('ed25519', message)],
    assemble: (signatures) => assembleTransaction(message, signatures, walletKey(keys)),
  };
}
