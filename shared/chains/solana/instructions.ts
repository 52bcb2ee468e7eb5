/**
 * The only instructions that Trefoil signs, written and read here and nowhere else: System transfer and the two
 * ComputeBudget settings of a priority fee. Layouts: solana_system_interface and solana_compute_budget_interface.
 */
import { AccountRole, type Address, type IInstruction } from '@solana/web3.js';

export const SYSTEM_PROGRAM = '11111111111111111111111111111111' as Address;
export const COMPUTE_BUDGET_PROGRAM = 'ComputeBudget111111111111111111111111111111' as Address;

/** The network charges this for every signature. */
export const LAMPORTS_PER_SIGNATURE = 5000n;
/** A transaction may not use more compute units than this. */
export const MAX_COMPUTE_UNITS = 1_400_000;

const TRANSFER_TAG = 2;
const TRANSFER_BYTES = 12;
const UNIT_LIMIT_TAG = 2;
const UNIT_LIMIT_BYTES = 5;
const UNIT_PRICE_TAG = 3;
const UNIT_PRICE_BYTES = 9;

export function transferInstruction(from: Address, to: Address, lamports: bigint): IInstruction {
  const data = new Uint8Array(TRANSFER_BYTES);
  const view = new DataView(data.buffer);
  view.setUint32(0, TRANSFER_TAG, true);
  view.setBigUint64(4, lamports, true);
  return {
    programAddress: SYSTEM_PROGRAM,
    accounts: [
      { address: from, role: AccountRole.WRITABLE_SIGNER },
      { address: to, role: AccountRole.WRITABLE },
    ],
    data,
  };
}

/** @param units compute units the transaction may use @param microLamports price of one unit, in millionths of a lamport */
export function priorityInstructions(units: number, microLamports: bigint): IInstruction[] {
  const limit = new Uint8Array(UNIT_LIMIT_BYTES);
  limit[0] = UNIT_LIMIT_TAG;
  new DataView(limit.buffer).setUint32(1, units, true);
  const price = new Uint8Array(UNIT_PRICE_BYTES);
  price[0] = UNIT_PRICE_TAG;
  new DataView(price.buffer).setBigUint64(1, microLamports, true);
  return [
    { programAddress: COMPUTE_BUDGET_PROGRAM, data: limit },
    { programAddress: COMPUTE_BUDGET_PROGRAM, data: price },
  ];
}

/** Lamports of a transfer, or undefined when the data is anything else. */
export function readTransfer(data: Uint8Array): bigint | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length !== TRANSFER_BYTES || view.getUint32(0, true) !== TRANSFER_TAG) return undefined;
  return view.getBigUint64(4, true);
}

/** One ComputeBudget setting, or undefined when the data is anything else. */
export function readComputeBudget(data: Uint8Array): { units: bigint } | { microLamports: bigint } | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length === UNIT_LIMIT_BYTES && data[0] === UNIT_LIMIT_TAG) return { units: BigInt(view.getUint32(1, true)) };
  if (data.length === UNIT_PRICE_BYTES && data[0] === UNIT_PRICE_TAG) return { microLamports: view.getBigUint64(1, true) };
  return undefined;
}

/** Lamports, rounded up as the network does. */
export const priorityFee = (units: bigint, microLamports: bigint): bigint => (units * microLamports + 999_999n) / 1_000_000n;
