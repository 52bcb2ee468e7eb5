/**
 * Ethereum and its kind: payments of the chain's money and of ERC-20 tokens, personal messages (EIP-191) and typed data
 * (EIP-712), each signed by the account's ECDSA key. The first bytes tell the four apart, and each has one encoding.
 */
import type { ChainId } from '#shared/ids.ts';
import type { ChainPlugin } from '#shared/ports/chain.ts';
import { accountAddress, parseEvmAddress } from './account-address.ts';
import { writePersonalMessage } from './personal-message.ts';
import { readRequest } from './read-request.ts';
import { writeTypedData } from './typed-data.ts';

/** A plugin that also tells builders and adapters the number of its chain (EIP-155). */
export interface EvmPlugin extends ChainPlugin {
  readonly chainId: number;
}

export const isEvm = (plugin: ChainPlugin): plugin is EvmPlugin => 'chainId' in plugin && plugin.id.startsWith('eip155:');

function evmPlugin(chainId: number, name: string, testnet: boolean): EvmPlugin {
  const id = `eip155:${chainId}` as ChainId;
  return {
    id,
    name,
    testnet,
    chainId,
    asset: { symbol: 'ETH', name: 'Ether', decimals: 18 },
    version: '1.0.0',
    derivesAccounts: true,
    messages: { text: writePersonalMessage, typedData: (json) => writeTypedData(json, chainId) },
    addresses: (keys) => [{ format: '', address: accountAddress(keys) }],
    parseAddress: parseEvmAddress,
    read: (unsigned, keys) => readRequest(unsigned, keys, { id, chainId }),
  };
}

export const ethereum = evmPlugin(1, 'Ethereum', false);
export const ethereumSepolia = evmPlugin(11_155_111, 'Ethereum Sepolia', true);
/** Anvil's usual number. */
export const ethereumLocal = evmPlugin(31_337, 'Ethereum on this machine', true);
