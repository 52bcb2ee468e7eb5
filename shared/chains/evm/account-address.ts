/** EVM addresses: the last 20 bytes of the Keccak-256 hash of a public key, written with the checksum of EIP-55. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { Address } from 'viem';
import { bytesToHex, getAddress, isAddress, publicKeyToAddress } from 'viem/utils';
import { TrefoilError } from '#shared/errors.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';

export const ZERO_ADDRESS: Address = '0x0000000000000000000000000000000000000000';

/** The account's own address. @throws TrefoilError `input/malformed` */
export function accountAddress(keys: Pick<AccountKeys, 'ecdsa'>): Address {
  try {
    return publicKeyToAddress(bytesToHex(secp256k1.Point.fromBytes(keys.ecdsa).toBytes(false)));
  } catch (cause) {
    throw new TrefoilError('input/malformed', { operation: 'accountAddress', detail: 'the ECDSA key is not a point of the curve', cause });
  }
}

/** Checksummed, or all in lower case. The zero address is nobody's. @throws TrefoilError `chain/bad-address` */
export function parseEvmAddress(text: string): Address {
  if (!isAddress(text) || text === ZERO_ADDRESS) {
    const detail = 'an address is 0x and 40 hex digits; where they are of mixed case, their checksum must hold';
    throw new TrefoilError('chain/bad-address', { operation: 'parseEvmAddress', detail });
  }
  return getAddress(text);
}
