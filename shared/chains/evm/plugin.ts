/**
 * Ethereum and its kind: payments of the chain's money and of ERC-20 tokens, personal messages (EIP-191) and typed data
 * (EIP-712), each signed by the account's ECDSA key. The first bytes tell the four apart, and each has one encoding.
 */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import type { TransactionSerializable } from 'viem';
import { bytesToHex, hexToBytes, serializeTransaction } from 'viem/utils';
import { TrefoilError } from '#shared/errors.ts';
import type { ChainId } from '#shared/ids.ts';
import type { ChainPlugin } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import { type EcdsaSignature, readEcdsaSignature } from '../ecdsa-signature.ts';
import { accountAddress, parseEvmAddress } from './account-address.ts';
import { isPersonalMessage, readPersonalMessage, writePersonalMessage } from './personal-message.ts';
import { readableText } from './readable-text.ts';
import { isTypedData, readTypedData, writeTypedData } from './typed-data.ts';
import { readTransaction } from './unsigned-transaction.ts';

/** What a message's signature adds to the recovery id. */
const MESSAGE_V = 27;

/** A plugin that also tells builders and adapters the number of its chain (EIP-155). */
export interface EvmPlugin extends ChainPlugin {
  readonly chainId: number;
}

export const isEvm = (plugin: ChainPlugin): plugin is EvmPlugin => 'chainId' in plugin && plugin.id.startsWith('eip155:');

function evmPlugin(chainId: number, name: string, testnet: boolean): EvmPlugin {
  const id = `eip155:${chainId}` as ChainId;

  /** Reads the request completely before its digest leaves. */
  function digestOf(unsigned: Uint8Array, keys: AccountKeys): Uint8Array {
    if (isTypedData(unsigned)) return readTypedData(unsigned, chainId).digest();
    if (isPersonalMessage(unsigned)) readPersonalMessage(unsigned);
    else readTransaction(unsigned, accountAddress(keys), chainId);
    return keccak_256(unsigned);
  }

  function verified(unsigned: Uint8Array, signatures: readonly Uint8Array[], keys: AccountKeys, operation: string): EcdsaSignature {
    if (signatures.length !== 1) throw new TrefoilError('input/malformed', { operation, detail: 'one signature is needed' });
    return readEcdsaSignature(signatures[0], digestOf(unsigned, keys), keys.ecdsa, operation);
  }

  return {
    id,
    name,
    testnet,
    chainId,
    asset: { symbol: 'ETH', name: 'Ether', decimals: 18 },
    version: '1.0.0',
    derivesAccounts: true,

    messages: {
      text: writePersonalMessage,
      typedData: (json) => writeTypedData(json, chainId),
      signature(unsigned, signatures, keys) {
        const operation = 'signEvmMessage';
        if (!isTypedData(unsigned) && !isPersonalMessage(unsigned)) {
          throw new TrefoilError('input/malformed', { operation, detail: 'the request is a transaction' });
        }
        const { r, s, recovery } = verified(unsigned, signatures, keys, operation);
        return concatBytes(r, s, Uint8Array.of(MESSAGE_V + recovery));
      },
    },

    addresses: (keys) => [{ format: '', address: accountAddress(keys) }],
    parseAddress: parseEvmAddress,

    decode(unsigned, keys) {
      const from = accountAddress(keys);
      if (isTypedData(unsigned)) {
        const { primaryType, domain, fields } = readTypedData(unsigned, chainId);
        return { type: 'typed-data', chain: id, from, primaryType, domain, fields };
      }
      if (isPersonalMessage(unsigned)) {
        const bytes = readPersonalMessage(unsigned);
        return { type: 'message', chain: id, from, text: readableText(bytes), bytes };
      }
      const { payments, change, fee } = readTransaction(unsigned, from, chainId);
      return { type: 'transaction', chain: id, from, payments, change, fee };
    },

    tasks: (unsigned, keys) => [{ key: 'ecdsa', digest: digestOf(unsigned, keys) }],

    assemble(unsigned, signatures, keys) {
      const operation = 'assembleEvm';
      if (isTypedData(unsigned) || isPersonalMessage(unsigned)) {
        throw new TrefoilError('input/malformed', { operation, detail: 'a message is no transaction' });
      }
      const signature = verified(unsigned, signatures, keys, operation);
      const { transaction } = readTransaction(unsigned, accountAddress(keys), chainId);
      const raw = serialise(transaction, signature);
      return { raw, id: bytesToHex(keccak_256(raw)) };
    },
  };
}

const serialise = (transaction: TransactionSerializable, { r, s, recovery }: EcdsaSignature): Uint8Array =>
  // `v` is for legacy transactions, where viem adds the chain id to it (EIP-155).
  hexToBytes(serializeTransaction(transaction, { r: bytesToHex(r), s: bytesToHex(s), v: BigInt(MESSAGE_V + recovery), yParity: recovery }));

export const ethereum = evmPlugin(1, 'Ethereum', false);
export const ethereumSepolia = evmPlugin(11_155_111, 'Ethereum Sepolia', true);
/** Anvil's usual number. */
export const ethereumLocal = evmPlugin(31_337, 'Ethereum on this machine', true);
