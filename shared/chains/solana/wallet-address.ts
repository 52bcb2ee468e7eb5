/** Solana addresses: the 32 bytes of an Ed25519 key (or of a program-derived address) in base58. */
import { type Address, getAddressDecoder, isAddress } from '@solana/web3.js';
import { TrefoilError } from '#shared/errors.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';

/** Public keys are 32 bytes (RFC 8032). */
const PUBLIC_KEY_BYTES = 32;

/** The wallet's own address. @throws TrefoilError `chain/no-account` for any account but the first, `input/malformed` */
export const walletAddress = (keys: Pick<AccountKeys, 'ed25519'>): Address => getAddressDecoder().decode(walletKey(keys));

/** The key that signs: 32 bytes. @throws TrefoilError `chain/no-account`, `input/malformed` */
export function walletKey(keys: Pick<AccountKeys, 'ed25519'>): Uint8Array {
  if (keys.ed25519 === undefined) throw new TrefoilError('chain/no-account', { operation: 'walletAddress' });
  if (keys.ed25519.length !== PUBLIC_KEY_BYTES) {
    throw new TrefoilError('input/malformed', { operation: 'walletAddress', detail: 'an Ed25519 public key has 32 bytes' });
  }
  return keys.ed25519;
}

/** @throws TrefoilError `chain/bad-address` */
export function parseSolanaAddress(text: string): Address {
  if (!isAddress(text)) {
    throw new TrefoilError('chain/bad-address', { operation: 'parseSolanaAddress', detail: 'a Solana address is 32 bytes in base58' });
  }
  return text;
}
