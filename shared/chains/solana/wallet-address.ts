/** Solana addresses: the 32 bytes of an Ed25519 key (or of a program-derived address) in base58. */
import { type Address, getAddressDecoder, isAddress } from '@solana/web3.js';
import { TrefoilError } from '../../errors.ts';
import type { PublicKeys } from '../../ports/engine.ts';

/** Public keys are 32 bytes (RFC 8032). */
const PUBLIC_KEY_BYTES = 32;

/** The wallet's own account. @throws TrefoilError `input/malformed` */
export function walletAddress(keys: Pick<PublicKeys, 'ed25519'>): Address {
  if (keys.ed25519.length !== PUBLIC_KEY_BYTES) {
    throw new TrefoilError('input/malformed', { operation: 'walletAddress', detail: 'an Ed25519 public key has 32 bytes' });
  }
  return getAddressDecoder().decode(keys.ed25519);
}

/** @throws TrefoilError `chain/bad-address` */
export function parseSolanaAddress(text: string): Address {
  if (!isAddress(text)) {
    throw new TrefoilError('chain/bad-address', { operation: 'parseSolanaAddress', detail: 'a Solana address is 32 bytes in base58' });
  }
  return text;
}
