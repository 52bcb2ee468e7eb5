/** The unsigned message of a SOL transfer from chain state that the caller has read. */
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
import { TrefoilError } from '../../errors.ts';
import type { PublicKeys } from '../../ports/engine.ts';
import { assertPayable } from '../amount.ts';
import { LAMPORTS_PER_SIGNATURE, priorityFee, priorityInstructions, transferInstruction } from './instructions.ts';
import { parseSolanaAddress, walletAddress } from './wallet-address.ts';

/** A transfer and two ComputeBudget settings use 450 units; the rest is room for a change of their price. */
const TRANSFER_COMPUTE_UNITS = 1_000;

/** What the builder must know of the network. Amounts in lamports. */
export interface SolanaState {
  readonly balance: bigint;
  /** Base58. */
  readonly blockhash: string;
  readonly lastValidBlockHeight: bigint;
  /** An account below this is not kept by the network. */
  readonly rentExemptMinimum: bigint;
  readonly recipientBalance: bigint;
  /** Price of a compute unit in millionths of a lamport; 0 for none. */
  readonly microLamports: bigint;
}

/**
 * @returns serialised version 0 message, ready for `digests`
 * @throws TrefoilError `chain/bad-address`, `chain/bad-amount`, `chain/dust`, `chain/insufficient-funds`
 */
export function buildSolanaTransfer(
  request: { keys: Pick<PublicKeys, 'ed25519'>; to: string; amount: bigint },
  state: SolanaState,
): Uint8Array {
  const operation = 'buildSolanaTransfer';
  const from = walletAddress(request.keys);
  const to = parseSolanaAddress(request.to);
  assertPayable(request.amount, operation);
  const priority = priorityFee(BigInt(TRANSFER_COMPUTE_UNITS), state.microLamports);
  if (to !== from && state.recipientBalance + request.amount < state.rentExemptMinimum) {
    const missing = state.rentExemptMinimum - state.recipientBalance;
    throw new TrefoilError('chain/dust', { operation, detail: `this recipient must receive at least ${missing} lamports` });
  }
  const spent = LAMPORTS_PER_SIGNATURE + priority + (to === from ? 0n : request.amount);
  const rest = state.balance - spent;
  const covers = to === from ? state.balance >= spent + request.amount : rest >= 0n;
  if (!covers) throw new TrefoilError('chain/insufficient-funds', { operation });
  if (rest !== 0n && rest < state.rentExemptMinimum) {
    const detail = `leave either nothing or at least ${state.rentExemptMinimum} lamports in the wallet`;
    throw new TrefoilError('chain/insufficient-funds', { operation, detail });
  }
  return compile(from, state, [
    ...(state.microLamports > 0n ? priorityInstructions(TRANSFER_COMPUTE_UNITS, state.microLamports) : []),
    transferInstruction(from, to, request.amount),
  ]);
}

function compile(from: Address, state: SolanaState, instructions: ReturnType<typeof priorityInstructions>): Uint8Array {
  const lifetime = { blockhash: state.blockhash as Blockhash, lastValidBlockHeight: state.lastValidBlockHeight };
  const message = pipe(
    createTransactionMessage({ version: 0 }),
    (empty) => setTransactionMessageFeePayer(from, empty),
    (paid) => setTransactionMessageLifetimeUsingBlockhash(lifetime, paid),
    (living) => appendTransactionMessageInstructions(instructions, living),
  );
  return new Uint8Array(compileTransaction(message).messageBytes);
}
