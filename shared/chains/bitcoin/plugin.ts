/** Bitcoin: payments from the wallet's one taproot output script, key path only (BIP341, SIGHASH_DEFAULT). */
import { schnorr } from '@noble/curves/secp256k1.js';
import { TrefoilError } from '../../errors.ts';
import type { ChainId } from '../../ids.ts';
import type { ChainPlugin } from '../../ports/chain.ts';
import type { PublicKeys } from '../../ports/engine.ts';
import { addressOfScript, type BitcoinNetwork, MAINNET, ownScript, REGTEST, scriptOfAddress, TESTNET } from './network.ts';
import { readUnsignedTransaction, taprootDigests, type UnsignedTransaction } from './unsigned-transaction.ts';

const SIGNATURE_BYTES = 64;

/** A plugin that also tells builders and adapters its network's address format. */
export interface BitcoinPlugin extends ChainPlugin {
  readonly network: BitcoinNetwork;
}

export const isBitcoin = (plugin: ChainPlugin): plugin is BitcoinPlugin => 'network' in plugin && plugin.id.startsWith('bip122:');

/** @param reference CAIP-2 reference (BIP122): the first 32 hex digits of the genesis block hash */
function bitcoinPlugin(reference: string, name: string, testnet: boolean, network: BitcoinNetwork): BitcoinPlugin {
  const id = `bip122:${reference}` as ChainId;

  function read(
    unsigned: Uint8Array,
    keys: PublicKeys,
  ): { own: ReturnType<typeof ownScript>; unsignedTransaction: UnsignedTransaction; digests: Uint8Array[] } {
    const own = ownScript(keys, network);
    const unsignedTransaction = readUnsignedTransaction(unsigned, own, network);
    const coins = unsignedTransaction.inputs.map(({ amount }) => ({ script: own.script, amount }));
    return { own, unsignedTransaction, digests: taprootDigests(unsignedTransaction.transaction, coins) };
  }

  return {
    id,
    name,
    testnet,
    network,
    asset: { symbol: 'BTC', name: 'Bitcoin', decimals: 8 },
    keyKind: 'taproot',
    version: '1.0.0',
    address: (keys) => ownScript(keys, network).address,

    parseAddress(text) {
      const address = addressOfScript(scriptOfAddress(text, network), network);
      if (address === undefined) throw new TrefoilError('chain/bad-address', { operation: 'parseBitcoinAddress' });
      return address;
    },

    decode(unsigned, keys) {
      const { own, unsignedTransaction } = read(unsigned, keys);
      const { outputs, fee } = unsignedTransaction;
      const payments = outputs.filter(({ address }) => address !== own.address).map(({ address, amount }) => ({ to: address, amount }));
      const change = outputs.filter(({ address }) => address === own.address).reduce((sum, { amount }) => sum + amount, 0n);
      return { chain: id, from: own.address, payments, change, fee };
    },

    digests: (unsigned, keys) => read(unsigned, keys).digests,

    assemble(unsigned, signatures, keys) {
      const { own, unsignedTransaction, digests } = read(unsigned, keys);
      if (signatures.length !== digests.length) {
        throw new TrefoilError('input/malformed', {
          operation: 'assembleBitcoin',
          detail: `${digests.length} signatures are needed, one for each input`,
        });
      }
      const { transaction } = unsignedTransaction;
      for (const [at, digest] of digests.entries()) {
        const signature = signatures[at];
        if (signature?.length !== SIGNATURE_BYTES) {
          throw new TrefoilError('input/malformed', { operation: 'assembleBitcoin', detail: `signature ${at} must have 64 bytes` });
        }
        if (!schnorr.verify(signature, digest, own.outputKey)) {
          throw new TrefoilError('input/malformed', {
            operation: 'assembleBitcoin',
            detail: `signature ${at} does not verify under the wallet key`,
          });
        }
        transaction.updateInput(at, { tapKeySig: signature });
      }
      transaction.finalize();
      return { raw: transaction.extract(), id: transaction.id };
    },
  };
}

export const bitcoin = bitcoinPlugin('000000000019d6689c085ae165831e93', 'Bitcoin', false, MAINNET);
export const bitcoinTestnet4 = bitcoinPlugin('00000000da84f2bafbbc53dee25a72ae', 'Bitcoin testnet4', true, TESTNET);
export const bitcoinSignet = bitcoinPlugin('00000008819873e925422c1ff0f99f7c', 'Bitcoin signet', true, TESTNET);
export const bitcoinRegtest = bitcoinPlugin('0f9188f13cb7b2c71f2a335e3a4fc328', 'Bitcoin on this machine', true, REGTEST);
