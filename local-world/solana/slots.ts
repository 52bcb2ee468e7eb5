/** Time on the local Solana: one slot every 400 ms of the wall clock, each with its own blockhash. */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { base58 } from '@scure/base';

export const SLOT_MS = 400;
/** A transaction may name any of this many last blockhashes. */
export const BLOCKHASH_LIFETIME_SLOTS = 150;

export interface Slots {
  readonly current: number;
  /** Of the given slot. */
  blockhash(slot: number): string;
  /** Slot of a blockhash that is still accepted. */
  slotOf(blockhash: string): number | undefined;
}

/** @param genesisMs when slot `first` began @param seed makes this cluster's blockhashes its own */
export function slotsAt(nowMs: number, genesisMs: number, first: number, seed: Uint8Array): Slots {
  const current = first + Math.max(0, Math.floor((nowMs - genesisMs) / SLOT_MS));
  const blockhash = (slot: number): string => {
    const number = new Uint8Array(8);
    new DataView(number.buffer).setBigUint64(0, BigInt(slot));
    return base58.encode(sha256(concatBytes(seed, number)));
  };
  return {
    current,
    blockhash,
    slotOf(searched) {
      const oldest = Math.max(first, current - BLOCKHASH_LIFETIME_SLOTS);
      for (let slot = current; slot >= oldest; slot--) if (blockhash(slot) === searched) return slot;
      return undefined;
    },
  };
}
