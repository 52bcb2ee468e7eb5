/** Solana: SOL transfers signed by the wallet's Ed25519 key, which has no children: account 0 is the only one. The signed bytes are the message itself. */
import type { ChainId } from '#shared/ids.ts';
import type { ChainPlugin } from '#shared/ports/chain.ts';
import { readTransaction } from './read-transaction.ts';
import { parseSolanaAddress, walletAddress } from './wallet-address.ts';

/** @param reference CAIP-2 reference: the first 32 characters of the genesis hash */
function solanaPlugin(reference: string, name: string, testnet: boolean): ChainPlugin {
  const id = `solana:${reference}` as ChainId;
  return {
    id,
    name,
    testnet,
    asset: { symbol: 'SOL', name: 'Solana', decimals: 9 },
    version: '2.0.0',
    derivesAccounts: false,
    messages: undefined,
    addresses: (keys) => [{ format: '', address: walletAddress(keys) }],
    parseAddress: parseSolanaAddress,
    read: (unsigned, keys) => readTransaction(unsigned, keys, id),
  };
}

export const solana = solanaPlugin('5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', 'Solana', false);
export const solanaDevnet = solanaPlugin('EtWTRABZaYq6iMfeYKouRu166VU2xqa1', 'Solana devnet', true);
/** Every local validator has its own genesis hash, so this reference is a name. */
export const solanaLocalnet = solanaPlugin('localnet', 'Solana on this machine', true);
