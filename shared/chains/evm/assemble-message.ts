/** The signature of a message as wallets of the EVM write it: r, s and v in 65 bytes (`personal_sign`, `eth_signTypedData_v4`). */
import { concatBytes } from '@noble/hashes/utils.js';
import type { MessageSignature } from '#shared/ports/chain.ts';
import { onlyEcdsaSignature } from '../ecdsa-signature.ts';

/** What a message's signature adds to the recovery id. */
const MESSAGE_V = 27;

/**
 * @param digest 32 bytes
 * @param signatures one of 65 bytes: r, s, recovery id
 * @param publicKey compressed SEC1 point
 * @throws TrefoilError `input/malformed` when their number, size or truth is wrong
 */
export function assembleMessage(digest: Uint8Array, signatures: readonly Uint8Array[], publicKey: Uint8Array): MessageSignature {
  const { r, s, recovery } = onlyEcdsaSignature(signatures, digest, publicKey, 'signEvmMessage');
  return concatBytes(r, s, Uint8Array.of(MESSAGE_V + recovery));
}
