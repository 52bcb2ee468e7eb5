/**
 * Bitcoin: payments from an account's two scripts, taproot by key path (BIP341, SIGHASH_DEFAULT) and P2WPKH (BIP143,
 * SIGHASH_ALL). Their coins are one balance, and one transaction may spend both.
 */
import { schnorr } from '@noble/curves/secp256k1.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { SigHash, type Transaction } from '@scure/btc-signer';
import { TrefoilError } from '#shared/errors.ts';
import type { ChainId } from '#shared/ids.ts';
import type { ChainPlugin, SigningTask } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import { readEcdsaSignature } from '../ecdsa-signature.ts';
import {
  addressOfScript,
  type BitcoinNetwork,
  MAINNET,
  type OwnScripts,
  ownScripts,
  REGTEST,
  scriptOfAddress,
  TESTNET,
} from './network.ts';
import { readUnsignedTransaction, signingTasks, type UnsignedTransaction } from './unsigned-transaction.ts';

/** BIP340. */
const SCHNORR_BYTES = 64;

/** A plugin that also tells builders and adapters its network's address format. */
export interface BitcoinPlugin extends ChainPlugin {
  readonly network: BitcoinNetwork;
}

export const isBitcoin = (plugin: ChainPlugin): plugin is BitcoinPlugin => 'network' in plugin && plugin.id.startsWith('bip122:');

/** @param reference CAIP-2 reference (BIP122): the first 32 hex digits of the genesis block hash */
function bitcoinPlugin(reference: string, name: string, testnet: boolean, network: BitcoinNetwork): BitcoinPlugin {
  const id = `bip122:${reference}` as ChainId;

  function read(unsigned: Uint8Array, keys: AccountKeys): { own: OwnScripts; unsignedTransaction: UnsignedTransaction } {
    const own = ownScripts(keys, network);
    return { own, unsignedTransaction: readUnsignedTransaction(unsigned, own, network) };
  }

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

    decode(unsigned, keys) {
      const { own, unsignedTransaction } = read(unsigned, keys);
      const { outputs, fee } = unsignedTransaction;
      const others = outputs.filter(({ isOwn }) => !isOwn);
      const payments = others.map(({ address, amount }) => ({ to: address, amount, token: undefined }));
      const change = outputs.filter(({ isOwn }) => isOwn).reduce((sum, { amount }) => sum + amount, 0n);
      return { type: 'transaction', chain: id, from: own.taproot.address, payments, change, fee };
    },

    tasks: (unsigned, keys) => tasksOf(read(unsigned, keys).unsignedTransaction),

    assemble(unsigned, signatures, keys) {
      const { own, unsignedTransaction } = read(unsigned, keys);
      const tasks = tasksOf(unsignedTransaction);
      if (signatures.length !== tasks.length) {
        const detail = `${tasks.length} signatures are needed, one for each input`;
        throw new TrefoilError('input/malformed', { operation: 'assembleBitcoin', detail });
      }
      const { transaction } = unsignedTransaction;
      for (const [at, { key, digest }] of tasks.entries()) {
        if (key === 'ecdsa') unlockSegwit(transaction, at, own.segwit.publicKey, digest, signatures[at]);
        else unlockTaproot(transaction, at, own.taproot.outputKey, digest, signatures[at]);
      }
      transaction.finalize();
      return { raw: transaction.extract(), id: transaction.id };
    },
  };
}

const tasksOf = ({ transaction, inputs }: UnsignedTransaction): SigningTask[] =>
  signingTasks(
    transaction,
    inputs.map(({ own: { key, script }, amount }) => ({ key, script, amount })),
  );

/** @throws TrefoilError `input/malformed` */
function unlockSegwit(
  transaction: Transaction,
  at: number,
  publicKey: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array | undefined,
): void {
  const { der } = readEcdsaSignature(signature, digest, publicKey, 'assembleBitcoin');
  transaction.updateInput(at, { partialSig: [[publicKey, concatBytes(der, Uint8Array.of(SigHash.ALL))]] });
}

/** @throws TrefoilError `input/malformed` */
function unlockTaproot(
  transaction: Transaction,
  at: number,
  outputKey: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array | undefined,
): void {
  const refuse = (detail: string): TrefoilError => new TrefoilError('input/malformed', { operation: 'assembleBitcoin', detail });
  if (signature?.length !== SCHNORR_BYTES) throw refuse(`signature ${at} must have ${SCHNORR_BYTES} bytes`);
  if (!schnorr.verify(signature, digest, outputKey)) throw refuse(`signature ${at} does not verify under the account key`);
  transaction.updateInput(at, { tapKeySig: signature });
}

export const bitcoin = bitcoinPlugin('000000000019d6689c085ae165831e93', 'Bitcoin', false, MAINNET);
export const bitcoinTestnet4 = bitcoinPlugin('00000000da84f2bafbbc53dee25a72ae', 'Bitcoin testnet4', true, TESTNET);
export const bitcoinSignet = bitcoinPlugin('00000008819873e925422c1ff0f99f7c', 'Bitcoin signet', true, TESTNET);
export const bitcoinRegtest = bitcoinPlugin('0f9188f13cb7b2c71f2a335e3a4fc328', 'Bitcoin on this machine', true, REGTEST);
