/** Who sent a signed transaction: read from its own bytes, and not with viem's recovery, which loads a part of itself only then. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import type { Address, Hex, TransactionSerializable } from 'viem';
import { bytesToHex, hexToBytes, padHex, parseTransaction, serializeTransaction } from 'viem/utils';
import { TrefoilError } from '#shared/errors.ts';
import { accountAddress } from './account-address.ts';

/** @param raw as the plugin's `assemble` makes it @throws TrefoilError `input/malformed` */
export function readSender(raw: Uint8Array): { readonly account: Address; readonly nonce: number } {
  try {
    const { r = '0x', s = '0x', yParity = 0, v: _, ...unsigned } = parseTransaction(bytesToHex(raw)) as TransactionSerializable;
    const digest = keccak_256(hexToBytes(serializeTransaction(unsigned as TransactionSerializable)));
    const signature = concatBytes(Uint8Array.of(yParity), scalar(r), scalar(s));
    const ecdsa = secp256k1.recoverPublicKey(signature, digest, { prehash: false });
    return { account: accountAddress({ ecdsa }), nonce: unsigned.nonce ?? 0 };
  } catch (cause) {
    throw new TrefoilError('input/malformed', { operation: 'readSender', detail: 'the bytes are not a signed transaction', cause });
  }
}

/** Transactions leave out zeros at the beginning. */
const scalar = (hex: Hex): Uint8Array => hexToBytes(padHex(hex, { size: 32 }));
