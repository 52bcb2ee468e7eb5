/** The only contract call that Trefoil signs: `transfer(address,uint256)` of ERC-20, written and read here and nowhere else. */
import type { Address, Hex } from 'viem';
import { concatHex, getAddress, hexToBigInt, numberToHex, padHex, size, slice } from 'viem/utils';

/** First four bytes of the Keccak-256 hash of the signature. */
const TRANSFER_SELECTOR: Hex = '0xa9059cbb';
const WORD_BYTES = 32;
const ADDRESS_PADDING = `0x${'00'.repeat(12)}`;

/** @param amount base units, at most 2^256 - 1 */
export const transferData = (to: Address, amount: bigint): Hex =>
  concatHex([TRANSFER_SELECTOR, padHex(to, { size: WORD_BYTES }), numberToHex(amount, { size: WORD_BYTES })]).toLowerCase() as Hex;

/** Undefined for any other call, and for any other encoding of this one. */
export function readTransferData(data: Hex): { to: Address; amount: bigint } | undefined {
  if (size(data) !== 4 + 2 * WORD_BYTES || slice(data, 0, 4) !== TRANSFER_SELECTOR) return undefined;
  if (slice(data, 4, 16) !== ADDRESS_PADDING) return undefined;
  return { to: getAddress(slice(data, 16, 36)), amount: hexToBigInt(slice(data, 36)) };
}
