/** The unsigned messages of SOL payments from chain state that the caller has read. */
import {
  type Address,
  appendTransactionMessageInstructions,
  type Blockhash,
  compileTransaction,
  createTransactionMessage,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
} from '@solana/web3.js';
import { TrefoilError } from '#shared/errors.ts';
import type { Payment } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import { assertOwnMoney, assertPayable, assertPayments, MAX_UINT64 } from '../amount.ts';
import { LAMPORTS_PER_SIGNATURE, priorityFee, priorityInstructions, transferInstruction } from './instructions.ts';
import { MESSAGE_MAX_BYTES } from './unsigned-message.ts';
import { parseSolanaAddress, walletAddress } from './wallet-address.ts';

/** A transfer and each of two ComputeBudget settings use 150 units; the rest is room for a change of their price. */
const BASE_COMPUTE_UNITS = 700;
const TRANSFER_COMPUTE_UNITS = 300;

/** What the builder must know of the network. Amounts in lamports. */
export interface SolanaState {
  readonly balance: bigint;
  /** Base58. */
  readonly blockhash: string;
  readonly lastValidBlockHeight: bigint;
  /** An account below this is not kept by the network. */
  readonly rentExemptMinimum: bigint;
  /** By address; a recipient that is missing has nothing. */
  readonly recipientBalances: ReadonlyMap<string, bigint>;
  /** Price of a compute unit in millionths of a lamport; 0 for none. */
  readonly microLamports: bigint;
}

interface Transfer {
  readonly to: Address;
  readonly lamports: bigint;
}

/**
 * All payments in one message where they fit, else in as few as hold them, in order.
 * @returns serialised version 0 messages, ready for `read`
 * @throws TrefoilError `chain/bad-address`, `chain/bad-amount`, `chain/dust`, `chain/insufficient-funds`, `chain/no-account`,
 * `intent/unsupported` for tokens, `input/malformed` for no or too many payments
 */
export function buildSolanaTransfers(
  request: { keys: Pick<AccountKeys, 'ed25519'>; payments: readonly Payment[] },
  state: SolanaState,
): Uint8Array[] {
  const operation = 'buildSolanaTransfers';
  const from = walletAddress(request.keys);
  assertPayments(request.payments, operation);
  const transfers = request.payments.map(({ to, amount, token }) => {
    assertOwnMoney(token, operation);
    assertPayable(amount, MAX_UINT64, operation);
    return { to: parseSolanaAddress(to), lamports: amount };
  });
  const messages = inFewMessages(from, transfers, state);
  assertKept(from, transfers, state, operation);
  const fees = messages.reduce((sum, { fee }) => sum + fee, 0n);
  assertCovered(from, transfers, fees, state, operation);
  return messages.map(({ bytes }) => bytes);
}

interface Message {
  readonly bytes: Uint8Array;
  readonly fee: bigint;
}

function inFewMessages(from: Address, transfers: readonly Transfer[], state: SolanaState): Message[] {
  const messages: Message[] = [];
  for (let start = 0; start < transfers.length; ) {
    let end = transfers.length;
    let message = compile(from, transfers.slice(start, end), state);
    while (message.bytes.length > MESSAGE_MAX_BYTES) {
      end -= 1;
      message = compile(from, transfers.slice(start, end), state);
    }
    messages.push(message);
    start = end;
  }
  return messages;
}

/** The network drops accounts that hold less than its minimum, so it refuses to make them. */
function assertKept(from: Address, transfers: readonly Transfer[], state: SolanaState, operation: string): void {
  const received = new Map<Address, bigint>();
  for (const { to, lamports } of transfers) received.set(to, (received.get(to) ?? 0n) + lamports);
  for (const [to, lamports] of received) {
    const missing = state.rentExemptMinimum - (state.recipientBalances.get(to) ?? 0n);
    if (to !== from && lamports < missing) {
      throw new TrefoilError('chain/dust', { operation, detail: `this recipient must receive at least ${missing} lamports` });
    }
  }
}

function assertCovered(from: Address, transfers: readonly Transfer[], fees: bigint, state: SolanaState, operation: string): void {
  const rest = transfers.reduce((left, { to, lamports }) => left - (to === from ? 0n : lamports), state.balance - fees);
  const largestToSelf = transfers.reduce((most, { to, lamports }) => (to === from && lamports > most ? lamports : most), 0n);
  // A payment to oneself needs the money too while it happens.
  if (rest < largestToSelf) throw new TrefoilError('chain/insufficient-funds', { operation });
  if (rest !== 0n && rest < state.rentExemptMinimum) {
    const detail = `leave either nothing or at least ${state.rentExemptMinimum} lamports in the wallet`;
    throw new TrefoilError('chain/insufficient-funds', { operation, detail });
  }
}

function compile(from: Address, transfers: readonly Transfer[], state: SolanaState): Message {
  const units = BASE_COMPUTE_UNITS + TRANSFER_COMPUTE_UNITS * transfers.length;
  const instructions = [
    ...(state.microLamports > 0n ? priorityInstructions(units, state.microLamports) : []),
    ...transfers.map(({ to, lamports }) => transferInstruction(from, to, lamports)),
  ];
  const lifetime = { blockhash: state.blockhash as Blockhash, lastValidBlockHeight: state.lastValidBlockHeight };
  const message = pipe(
    createTransactionMessage({ version: 0 }),
    (empty) => setTransactionMessageFeePayer(from, empty),
    (paid) => setTransactionMessageLifetimeUsingBlockhash(lifetime, paid),
    (living) => appendTransactionMessageInstructions(instructions, living),
  );
  const fee = LAMPORTS_PER_SIGNATURE + priorityFee(BigInt(units), state.microLamports);
  return { bytes: new Uint8Array(compileTransaction(message).messageBytes), fee };
}
