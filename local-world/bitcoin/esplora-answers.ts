/** The local index in the words of the Esplora API (https://github.com/Blockstream/esplora/blob/master/API.md). */

import { hexToBytes } from '@noble/hashes/utils.js';
import { RawTx } from '@scure/btc-signer';
import type { ChainIndex, IndexedOutput, IndexedTransaction } from './chain-index.ts';

export function statusAnswer({ confirmation }: IndexedTransaction): object {
  if (confirmation === undefined) return { confirmed: false };
  return { confirmed: true, block_height: confirmation.height, block_hash: confirmation.hash, block_time: confirmation.time };
}

export function transactionAnswer(transaction: IndexedTransaction): object {
  const { txid, version, lockTime, inputs, outputs, coinbase, hex } = transaction;
  const { inputs: _, outputs: __, witnesses: ___, ...header } = RawTx.decode(hexToBytes(hex));
  const size = hex.length / 2;
  const paid = (all: readonly (IndexedOutput | undefined)[]): number => all.reduce((sum, output) => sum + (output?.value ?? 0), 0);
  return {
    txid,
    version,
    locktime: lockTime,
    vin: inputs.map(({ txid: spent, index, sequence, script, witness, prevout }) => ({
      txid: spent,
      vout: index,
      prevout: prevout === undefined ? null : outputAnswer(prevout),
      scriptsig: script,
      scriptsig_asm: '',
      witness,
      is_coinbase: coinbase,
      sequence,
    })),
    vout: outputs.map(outputAnswer),
    size,
    weight: header.segwitFlag ? weightOf(transaction, size) : size * 4,
    fee: coinbase ? 0 : paid(inputs.map(({ prevout }) => prevout)) - paid(outputs),
    status: statusAnswer(transaction),
  };
}

/** Witness bytes count once, all others four times (BIP141). */
function weightOf({ inputs }: IndexedTransaction, size: number): number {
  const compactSize = (length: number): number => (length < 253 ? 1 : length < 0x1_0000 ? 3 : 5);
  const itemBytes = (item: string): number => compactSize(item.length / 2) + item.length / 2;
  const witnessBytes = inputs.reduce(
    (sum, { witness }) => sum + compactSize(witness.length) + witness.reduce((all, item) => all + itemBytes(item), 0),
    2,
  );
  return (size - witnessBytes) * 4 + witnessBytes;
}

const outputAnswer = ({ script, address, value }: IndexedOutput): object => ({
  scriptpubkey: script,
  scriptpubkey_asm: '',
  scriptpubkey_type: typeOf(script),
  ...(address === undefined ? {} : { scriptpubkey_address: address }),
  value,
});

function typeOf(script: string): string {
  if (/^5120.{64}$/.test(script)) return 'v1_p2tr';
  if (/^0014.{40}$/.test(script)) return 'v0_p2wpkh';
  if (/^0020.{64}$/.test(script)) return 'v0_p2wsh';
  if (/^76a914.{40}88ac$/.test(script)) return 'p2pkh';
  if (/^a914.{40}87$/.test(script)) return 'p2sh';
  return script.startsWith('6a') ? 'op_return' : 'unknown';
}

export const utxosAnswer = (index: ChainIndex, address: string): object[] =>
  index
    .utxosOf(address)
    .map(({ transaction, index: vout, value }) => ({ txid: transaction.txid, vout, value, status: statusAnswer(transaction) }));

export function outspendAnswer(index: ChainIndex, txid: string, vout: number): object {
  const spender = index.spenderOf(txid, vout);
  if (spender === undefined) return { spent: false };
  const vin = spender.inputs.findIndex((input) => input.txid === txid && input.index === vout);
  return { spent: true, txid: spender.txid, vin, status: statusAnswer(spender) };
}

export function addressAnswer(index: ChainIndex, address: string): object {
  const all = index.ofAddress(address);
  const stats = (transactions: readonly IndexedTransaction[]): object => {
    const mine = (outputs: readonly (IndexedOutput | undefined)[]): IndexedOutput[] =>
      outputs.filter((output) => output !== undefined).filter((output) => output.address === address);
    const funded = transactions.flatMap(({ outputs }) => mine(outputs));
    const spent = transactions.flatMap(({ inputs }) => mine(inputs.map(({ prevout }) => prevout)));
    const sum = (outputs: readonly IndexedOutput[]): number => outputs.reduce((total, { value }) => total + value, 0);
    return {
      funded_txo_count: funded.length,
      funded_txo_sum: sum(funded),
      spent_txo_count: spent.length,
      spent_txo_sum: sum(spent),
      tx_count: transactions.length,
    };
  };
  return {
    address,
    chain_stats: stats(all.filter(({ confirmation }) => confirmation !== undefined)),
    mempool_stats: stats(all.filter(({ confirmation }) => confirmation === undefined)),
  };
}
