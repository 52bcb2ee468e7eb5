/** Solana: SOL transfers signed by the wallet's Ed25519 key, which has no children: account 0 is the only one. The signed bytes are the message itself. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { base58 } from '@scure/base';
import { TrefoilError } from '#shared/errors.ts';
import type { ChainId } from '#shared/ids.ts';
import type { ChainPlugin } from '#shared/ports/chain.ts';
import { readMessage } from './read-message.ts';
import { parseSolanaAddress, walletAddress, walletKey } from './wallet-address.ts';

const SIGNATURE_BYTES = 64;

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

    decode(unsigned, keys) {
      const from = walletAddress(keys);
      const { transfers, fee } = readMessage(unsigned, from);
      const payments = transfers.filter(({ to }) => to !== from).map(({ to, lamports }) => ({ to, amount: lamports, token: undefined }));
      const change = transfers.filter(({ to }) => to === from).reduce((sum, { lamports }) => sum + lamports, 0n);
      return { type: 'transaction', chain: id, from, payments, change, fee };
    },

    tasks(unsigned, keys) {
      readMessage(unsigned, walletAddress(keys));
      return [{ key: 'ed25519', digest: unsigned.slice() }];
    },

    assemble(unsigned, signatures, keys) {
      readMessage(unsigned, walletAddress(keys));
      const [signature] = signatures;
      if (signatures.length !== 1 || signature?.length !== SIGNATURE_BYTES) {
        throw new TrefoilError('input/malformed', { operation: 'assembleSolana', detail: 'one signature of 64 bytes is needed' });
      }
      if (!ed25519.verify(signature, unsigned, walletKey(keys), { zip215: false })) {
        throw new TrefoilError('input/malformed', {
          operation: 'assembleSolana',
          detail: 'the signature does not verify under the wallet key',
        });
      }
      return { raw: concatBytes(Uint8Array.of(1), signature, unsigned), id: base58.encode(signature) };
    },
  };
}

export const solana = solanaPlugin('5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', 'Solana', false);
export const solanaDevnet = solanaPlugin('EtWTRABZaYq6iMfeYKouRu166VU2xqa1', 'Solana devnet', true);
/** Every local validator has its own genesis hash, so this reference is a name. */
export const solanaLocalnet = solanaPlugin('localnet', 'Solana on this machine', true);
