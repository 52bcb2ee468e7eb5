/**
 * Unsigned transactions as Ethereum hashes them: EIP-1559 (first byte 0x02), EIP-2930 (0x01) and legacy with the chain id
 * of EIP-155 (an RLP list). Each has one encoding only: `read` writes it again and compares. A node signs what this
 * understands, so every other call, and every contract creation, is a refusal.
 */
import type { Address, TransactionSerializable } from 'viem';
import { bytesToHex, getAddress, hexToBytes, parseTransaction, serializeTransaction } from 'viem/utils';
import { TrefoilError } from '#shared/errors.ts';
import { TRANSACTION_MAX_BYTES } from '#shared/limits.ts';
import type { Payment } from '#shared/ports/chain.ts';
import { ZERO_ADDRESS } from './account-address.ts';
import { readTransferData } from './erc20-transfer.ts';

/** What every transaction costs before it does anything (yellow paper, G_transaction). */
export const MIN_GAS = 21_000n;
/** A transfer of a token takes below 100 000; the rest is room for contracts that do more than they should. */
export const MAX_GAS = 1_000_000n;
/** 0.1 of the chain's money: a token transfer at a price that was seen for minutes only. More is a mistake or an attack. */
export const MAX_FEE = 10n ** 17n;

const EIP2930_TYPE = 0x01;
const EIP1559_TYPE = 0x02;
/** RLP lists begin here. */
const FIRST_LIST_BYTE = 0xc0;

export interface UnsignedTransaction {
  /** As viem serialises it. */
  readonly transaction: TransactionSerializable;
  /** Empty for a payment to oneself. */
  readonly payments: readonly Payment[];
  readonly change: bigint;
  /** Gas limit times the highest price. */
  readonly fee: bigint;
}

const refuse = (detail: string, cause?: unknown): TrefoilError =>
  new TrefoilError('intent/unsupported', { operation: 'readTransaction', detail, cause });

function parse(bytes: Uint8Array): TransactionSerializable {
  if (bytes.length > TRANSACTION_MAX_BYTES) throw refuse(`a transaction has at most ${TRANSACTION_MAX_BYTES} bytes`);
  const [type = 0] = bytes;
  if (type !== EIP2930_TYPE && type !== EIP1559_TYPE && type < FIRST_LIST_BYTE)
    throw refuse('only EIP-1559, EIP-2930 and legacy transactions are signed');
  let transaction: TransactionSerializable;
  let again: Uint8Array;
  try {
    transaction = parseTransaction(bytesToHex(bytes)) as TransactionSerializable;
    again = hexToBytes(serializeTransaction(transaction));
  } catch (cause) {
    throw refuse('the bytes are not an unsigned transaction', cause);
  }
  if (again.length !== bytes.length || again.some((byte, at) => byte !== bytes[at]))
    throw refuse('the transaction is not in its only encoding');
  if (transaction.r !== undefined || transaction.s !== undefined || transaction.v !== undefined)
    throw refuse('the transaction is already signed');
  return transaction;
}

/** @param own the account's address @throws TrefoilError `intent/unsupported` */
export function readUnsignedTransaction(bytes: Uint8Array, own: Address, chainId: number): UnsignedTransaction {
  const transaction = parse(bytes);
  if (transaction.chainId !== chainId) throw refuse('the transaction is for another chain, or for any');
  const fee = feeOf(transaction);
  const { to, value = 0n, data = '0x' } = transaction;
  if (to === undefined || to === null) throw refuse('contracts are not created');
  const target = getAddress(to);
  if (target === ZERO_ADDRESS) throw refuse('the zero address belongs to nobody');
  if (data === '0x') {
    if (value === 0n) throw refuse('the transaction moves nothing');
    if (target === own) return { transaction, payments: [], change: value, fee };
    return { transaction, payments: [{ to: target, amount: value, token: undefined }], change: 0n, fee };
  }
  const transfer = readTransferData(data);
  if (transfer === undefined) throw refuse('the call of a contract is not a plain token transfer');
  assertTransfer(transfer, target, value, own);
  return { transaction, payments: [{ ...transfer, token: target }], change: 0n, fee };
}

function assertTransfer({ to, amount }: { to: Address; amount: bigint }, token: Address, value: bigint, own: Address): void {
  if (value !== 0n) throw refuse('a token transfer carries no other money');
  if (amount === 0n) throw refuse('the transaction moves nothing');
  if (to === ZERO_ADDRESS) throw refuse('the zero address belongs to nobody');
  if (to === token) throw refuse('a token that is sent to its own contract is lost');
  if (to === own) throw refuse('a token transfer to oneself moves nothing');
  if (token === own) throw refuse('the account is no token');
}

function feeOf({ gas = 0n, gasPrice, maxFeePerGas, maxPriorityFeePerGas = 0n }: TransactionSerializable): bigint {
  if (gas < MIN_GAS || gas > MAX_GAS) throw refuse(`the gas limit must be from ${MIN_GAS} to ${MAX_GAS}`);
  const price = maxFeePerGas ?? gasPrice ?? 0n;
  if (maxFeePerGas !== undefined && maxPriorityFeePerGas > maxFeePerGas) throw refuse('the tip is above the highest price');
  const fee = gas * price;
  if (fee > MAX_FEE) throw refuse('the fee can reach more than 0.1 of the chain’s money');
  return fee;
}
