/**
 * Reads the message that the wallet would sign, completely or not at all. A node signs what this understands, so
 * every doubt is a refusal: another signer, a lookup table, an account that no instruction uses, a byte too many.
 */
import { type Address, getCompiledTransactionMessageDecoder, getCompiledTransactionMessageEncoder } from '@solana/web3.js';
import { TrefoilError } from '#shared/errors.ts';
import {
  COMPUTE_BUDGET_PROGRAM,
  LAMPORTS_PER_SIGNATURE,
  MAX_COMPUTE_UNITS,
  priorityFee,
  readComputeBudget,
  readTransfer,
  SYSTEM_PROGRAM,
} from './instructions.ts';

/** A network packet is 1280 bytes of IPv6 minus 48 of headers; the signature (65 bytes with its count) is in it too. */
export const MESSAGE_MAX_BYTES = 1232 - 65;
/** No transfer needs a priority fee above 0.01 SOL: more is a mistake or an attack on the person's money. */
export const MAX_PRIORITY_FEE = 10_000_000n;

export interface UnsignedMessage {
  readonly transfers: readonly { readonly to: Address; readonly lamports: bigint }[];
  /** Lamports: signature and priority fee. */
  readonly fee: bigint;
}

const refuse = (detail: string, cause?: unknown): TrefoilError =>
  new TrefoilError('intent/unsupported', { operation: 'readMessage', detail, cause });

type Compiled = ReturnType<ReturnType<typeof getCompiledTransactionMessageDecoder>['decode']>;

function parse(bytes: Uint8Array): Compiled {
  if (bytes.length > MESSAGE_MAX_BYTES) throw refuse(`a message has at most ${MESSAGE_MAX_BYTES} bytes`);
  let message: Compiled;
  let again: Uint8Array;
  try {
    message = getCompiledTransactionMessageDecoder().decode(bytes);
    again = new Uint8Array(getCompiledTransactionMessageEncoder().encode(message));
  } catch (cause) {
    throw refuse('the bytes are not a Solana message', cause);
  }
  // One meaning, one encoding: trailing bytes and over-long lengths do not survive this.
  if (again.length !== bytes.length || again.some((byte, at) => byte !== bytes[at]))
    throw refuse('the message is not in its only encoding');
  return message;
}

function assertHeader(message: Compiled, wallet: Address): void {
  if (message.version !== 'legacy' && message.version !== 0) throw refuse('only legacy and version 0 messages are signed');
  if ('addressTableLookups' in message && (message.addressTableLookups?.length ?? 0) > 0)
    throw refuse('address lookup tables are not signed');
  const { numSignerAccounts, numReadonlySignerAccounts, numReadonlyNonSignerAccounts } = message.header;
  if (numSignerAccounts !== 1 || numReadonlySignerAccounts !== 0) throw refuse('the wallet must be the only signer');
  if (message.staticAccounts[0] !== wallet) throw refuse('the fee payer is not this wallet');
  if (numReadonlyNonSignerAccounts >= message.staticAccounts.length) throw refuse('the header does not fit the accounts');
  if (new Set(message.staticAccounts).size !== message.staticAccounts.length) throw refuse('an account is named twice');
}

/** @throws TrefoilError `intent/unsupported` */
export function readMessage(bytes: Uint8Array, wallet: Address): UnsignedMessage {
  const message = parse(bytes);
  assertHeader(message, wallet);
  const accounts = message.staticAccounts;
  const firstReadonly = accounts.length - message.header.numReadonlyNonSignerAccounts;
  const used = new Set([0]);
  const transfers: { to: Address; lamports: bigint }[] = [];
  let units: bigint | undefined;
  let microLamports: bigint | undefined;

  for (const { programAddressIndex, accountIndices = [], data = new Uint8Array() } of message.instructions) {
    for (const index of [programAddressIndex, ...accountIndices]) used.add(index);
    const bytesOfInstruction = new Uint8Array(data);
    if (accounts[programAddressIndex] === SYSTEM_PROGRAM) {
      const lamports = readTransfer(bytesOfInstruction);
      const [from, toIndex = -1] = accountIndices;
      const to = accounts[toIndex];
      if (lamports === undefined || lamports === 0n || accountIndices.length !== 2)
        throw refuse('a system instruction is not a plain transfer');
      if (from !== 0 || to === undefined || toIndex >= firstReadonly)
        throw refuse('a transfer does not go from this wallet to a writable account');
      transfers.push({ to, lamports });
    } else if (accounts[programAddressIndex] === COMPUTE_BUDGET_PROGRAM && accountIndices.length === 0) {
      const setting = readComputeBudget(bytesOfInstruction);
      if (setting === undefined) throw refuse('a compute budget instruction is not known');
      if ('units' in setting) {
        if (units !== undefined) throw refuse('the compute unit limit is set twice');
        units = setting.units;
      } else {
        if (microLamports !== undefined) throw refuse('the compute unit price is set twice');
        microLamports = setting.microLamports;
      }
    } else {
      throw refuse('an instruction belongs to another program');
    }
  }

  if (transfers.length === 0) throw refuse('the message transfers nothing');
  if (used.size !== accounts.length || Math.max(...used) >= accounts.length) throw refuse('the accounts are not those of the instructions');
  return { transfers, fee: LAMPORTS_PER_SIGNATURE + priorityFeeOf(units, microLamports) };
}

function priorityFeeOf(units: bigint | undefined, microLamports: bigint | undefined): bigint {
  if (units !== undefined && (units === 0n || units > MAX_COMPUTE_UNITS)) throw refuse('the compute unit limit is out of range');
  if (microLamports === undefined) return 0n;
  // Without a limit the network multiplies the price with its own default, which may change.
  if (units === undefined) throw refuse('a compute unit price needs a compute unit limit');
  const fee = priorityFee(units, microLamports);
  if (fee > MAX_PRIORITY_FEE) throw refuse(`the priority fee is above ${MAX_PRIORITY_FEE} lamports`);
  return fee;
}
