/**
 * The unsigned form of a Bitcoin transaction: a PSBT (BIP174, version 0) that holds, for every input, the coin it
 * spends, for a taproot coin the account's internal key, and nothing else. There is exactly one encoding of a transaction: `read` writes
 * it again and compares, so unknown fields, other sighash types, foreign scripts and trailing bytes cannot pass.
 */
import { Transaction } from '@scure/btc-signer';
import { TrefoilError } from '#shared/errors.ts';
import { SIGNATURES_MAX_COUNT, TRANSACTION_MAX_BYTES } from '#shared/limits.ts';
import { addressOfScript, type BitcoinNetwork, dustLimit, type OwnScript, type OwnScripts, ownScriptOf } from './network.ts';

/** Signals BIP125 replacement and no relative lock time. */
export const SEQUENCE = 0xffff_fffd;
const VERSION = 2;
/** 21 million bitcoin. */
const MAX_MONEY = 2_100_000_000_000_000n;
/** A fee below this is never absurd, however small the payment. */
const FEE_FLOOR = 50_000n;
/** Above the floor a fee may take at most this part of what is sent. */
const MAX_FEE_DIVISOR = 4n;
/** Satoshis per virtual byte; the highest rates ever needed for hours were about half of this. */
export const MAX_FEE_RATE = 1_000n;
/** Witnesses in weight units. Taproot: item count, length, 64-byte signature. P2WPKH: item count, two lengths, 72 and 33 bytes at most. */
const WITNESS_WEIGHT = { taproot: 66, ecdsa: 108 };
/** Segwit marker and flag in weight units. */
const SEGWIT_MARKER_WEIGHT = 2;

export interface UnsignedInput {
  /** 32 bytes in the order that explorers show. */
  readonly txid: Uint8Array;
  readonly index: number;
  readonly amount: bigint;
  /** What locks it. */
  readonly own: OwnScript;
}

export interface UnsignedOutput {
  readonly script: Uint8Array;
  readonly amount: bigint;
}

/** A transaction that was read completely and spends only the wallet's own coins. */
export interface UnsignedTransaction {
  readonly inputs: readonly UnsignedInput[];
  readonly outputs: readonly (UnsignedOutput & { readonly address: string; readonly isOwn: boolean })[];
  readonly fee: bigint;
  readonly transaction: Transaction;
}

const refuse = (detail: string, cause?: unknown): TrefoilError =>
  new TrefoilError('intent/unsupported', { operation: 'readUnsignedTransaction', detail, cause });

/** The library's own check of key against script is off: both are the wallet's, and it would repeat a curve operation for every input. */
export function compose(inputs: readonly UnsignedInput[], outputs: readonly UnsignedOutput[]): Transaction {
  const transaction = new Transaction({ version: VERSION, lockTime: 0, disableScriptCheck: true });
  for (const { txid, index, amount, own } of inputs) {
    const coin = { txid, index, sequence: SEQUENCE, witnessUtxo: { script: own.script, amount } };
    transaction.addInput(own.key === 'taproot' ? { ...coin, tapInternalKey: own.internalKey } : coin);
  }
  for (const { script, amount } of outputs) transaction.addOutput({ script, amount });
  return transaction;
}

/** PSBT bytes in their only encoding. */
export const writeUnsignedTransaction = (inputs: readonly UnsignedInput[], outputs: readonly UnsignedOutput[]): Uint8Array =>
  compose(inputs, outputs).toPSBT(0);

function parse(bytes: Uint8Array, scripts: OwnScripts): { inputs: UnsignedInput[]; outputs: UnsignedOutput[]; transaction: Transaction } {
  if (bytes.length > TRANSACTION_MAX_BYTES) throw refuse(`a PSBT has at most ${TRANSACTION_MAX_BYTES} bytes`);
  let inputs: UnsignedInput[];
  let outputs: UnsignedOutput[];
  let transaction: Transaction;
  let again: Uint8Array;
  try {
    const psbt = Transaction.fromPSBT(bytes, { disableScriptCheck: true });
    inputs = Array.from({ length: psbt.inputsLength }, (_, at) => {
      const { txid, index, witnessUtxo } = psbt.getInput(at);
      if (txid === undefined || index === undefined || witnessUtxo === undefined) throw new Error('input without coin');
      const own = ownScriptOf(witnessUtxo.script, scripts);
      if (own === undefined) throw new Error('coin of somebody else');
      return { txid, index, amount: witnessUtxo.amount, own };
    });
    outputs = Array.from({ length: psbt.outputsLength }, (_, at) => {
      const { script, amount } = psbt.getOutput(at);
      if (script === undefined || amount === undefined) throw new Error('output without script');
      return { script, amount };
    });
    transaction = compose(inputs, outputs);
    again = transaction.toPSBT(0);
  } catch (cause) {
    throw refuse('the bytes are not a PSBT of plain payments', cause);
  }
  if (again.length !== bytes.length || again.some((byte, at) => byte !== bytes[at])) {
    throw refuse('the PSBT holds more than plain spends of this account');
  }
  return { inputs, outputs, transaction };
}

function assertSaneFee(fee: bigint, sent: bigint, transaction: Transaction, inputs: readonly UnsignedInput[]): void {
  const witnesses = inputs.reduce((weight, { own }) => weight + WITNESS_WEIGHT[own.key], 0);
  const weight = transaction.unsignedTx.length * 4 + SEGWIT_MARKER_WEIGHT + witnesses;
  const vsize = BigInt(Math.ceil(weight / 4));
  if (fee < 0n) throw refuse('the outputs are worth more than the inputs');
  if (fee > FEE_FLOOR && fee > sent / MAX_FEE_DIVISOR) throw refuse('the fee is more than a quarter of the amount');
  if (fee > vsize * MAX_FEE_RATE) throw refuse(`the fee is above ${MAX_FEE_RATE} satoshis per virtual byte`);
}

/** @throws TrefoilError `intent/unsupported` */
export function readUnsignedTransaction(bytes: Uint8Array, scripts: OwnScripts, network: BitcoinNetwork): UnsignedTransaction {
  const { inputs, outputs, transaction } = parse(bytes, scripts);
  if (inputs.length === 0 || inputs.length > SIGNATURES_MAX_COUNT) throw refuse(`a transaction has 1 to ${SIGNATURES_MAX_COUNT} inputs`);
  if (outputs.length === 0) throw refuse('the transaction pays nobody');
  const coins = new Set(inputs.map(({ txid, index }) => `${txid.join()}:${index}`));
  if (coins.size !== inputs.length) throw refuse('a coin is spent twice');
  if (inputs.some(({ amount }) => amount <= 0n || amount > MAX_MONEY)) throw refuse('the value of a coin is out of range');
  const named = outputs.map((output) => {
    const address = addressOfScript(output.script, network);
    if (address === undefined) throw refuse('an output has no standard address');
    if (output.amount < dustLimit(output.script) || output.amount > MAX_MONEY) throw refuse('the amount of an output is out of range');
    return { ...output, address, isOwn: ownScriptOf(output.script, scripts) !== undefined };
  });
  const fee = sum(inputs) - sum(outputs);
  const toOthers = sum(named.filter(({ isOwn }) => !isOwn));
  assertSaneFee(fee, toOthers === 0n ? sum(outputs) : toOthers, transaction, inputs);
  return { inputs, outputs: named, fee, transaction };
}

const sum = (items: readonly { readonly amount: bigint }[]): bigint => items.reduce((total, { amount }) => total + amount, 0n);
