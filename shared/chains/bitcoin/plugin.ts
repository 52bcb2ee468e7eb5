/**
 * Bitcoin: payments from an account's two scripts, taproot by key path (BIP341, SIGHASH_DEFAULT) and P2WPKH (BIP143,
 * SIGHASH_ALL). Their coins are one balance, and one transaction may spend both.
 */
import { TrefoilError } from '#shared/errors.ts';
import type { ChainId } from '#shared/ids.ts';
import type { ChainPlugin, ReadTransaction } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import { addressOfScript, type BitcoinNetwork, MAINNET, ownScripts, REGTEST, scriptOfAddress, TESTNET } from './network.ts';
import { readTransaction } from './read-transaction.ts';

/** A plugin that also tells builders and adapters its network's address format. */
export interface BitcoinPlugin extends ChainPlugin {
  readonly network: BitcoinNetwork;
  read(unsigned: Uint8Array, keys: AccountKeys): ReadTransaction;
}

export const isBitcoin = (plugin: ChainPlugin): plugin is BitcoinPlugin => 'network' in plugin && plugin.id.startsWith('bip122:');

/** @param reference CAIP-2 reference (BIP122): the first 32 hex digits of the genesis block hash */
function bitcoinPlugin(reference: string, name: string, testnet: boolean, network: BitcoinNetwork): BitcoinPlugin {
  const id = `bip122:${reference}` as ChainId;
  return {
    id,
    name,
    testnet,
    network,
    asset: { symbol: 'BTC', name: 'Bitcoin', decimals: 8 },
    version: '2.0.0',
    derivesAccounts: true,
    messages: undefined,

    addresses(keys) {
      const { taproot, segwit } = ownScripts(keys, network);
      return [
        { format: 'Taproot', address: taproot.address },
        { format: 'SegWit', address: segwit.address },
      ];
    },

    parseAddress(text) {
      const address = addressOfScript(scriptOfAddress(text, network), network);
      if (address === undefined) throw new TrefoilError('chain/bad-address', { operation: 'parseBitcoinAddress' });
      return address;
    },

    read: (unsigned, keys) => readTransaction(unsigned, keys, { id, network }),
  };
}

export const bitcoin = bitcoinPlugin('000000000019d6689c085ae165831e93', 'Bitcoin', false, MAINNET);
export const bitcoinTestnet4 = bitcoinPlugin('00000000da84f2bafbbc53dee25a72ae', 'Bitcoin testnet4', true, TESTNET);
export const bitcoinSignet = bitcoinPlugin('00000008819873e925422c1ff0f99f7c', 'Bitcoin signet', true, TESTNET);
export const bitcoinRegtest = bitcoinPlugin('0f9188f13cb7b2c71f2a335e3a4fc328', 'Bitcoin on this machine', true, REGTEST);
