/** ECDSA signatures over secp256k1 as the engine gives them, checked before they enter a transaction. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { TrefoilError } from '../errors.ts';

/** r, s and the recovery id. */
const SIGNATURE_BYTES = 65;
const SCALAR_BYTES = 32;

export interface EcdsaSignature {
  /** 32 bytes, big-endian. */
  readonly r: Uint8Array;
  /** 32 bytes, big-endian, not above half the group order (BIP62, EIP-2). */
  readonly s: Uint8Array;
  /** Parity of the nonce point's y coordinate. */
  readonly recovery: 0 | 1;
  /** The same in DER, at most 71 bytes, as Bitcoin's scripts carry it. */
  readonly der: Uint8Array;
}

/**
 * @param signature 65 bytes: r, s, recovery id
 * @param digest 32 bytes
 * @param publicKey compressed SEC1 point that must have signed, and that the recovery id must lead to
 * @throws TrefoilError `input/malformed` when the size is wrong, s is high, or the signature is not true
 */
export function readEcdsaSignature(
  signature: Uint8Array | undefined,
  digest: Uint8Array,
  publicKey: Uint8Array,
  operation: string,
): EcdsaSignature {
  const refuse = (detail: string): TrefoilError => new TrefoilError('input/malformed', { operation, detail });
  if (signature?.length !== SIGNATURE_BYTES) throw refuse(`an ECDSA signature has ${SIGNATURE_BYTES} bytes`);
  const recovery = signature[2 * SCALAR_BYTES];
  // 2 and 3 are for an r above the group order, which nobody will ever see.
  if (recovery !== 0 && recovery !== 1) throw refuse('the recovery id must be 0 or 1');
  const compact = signature.slice(0, 2 * SCALAR_BYTES);
  if (!isTrue(concatBytes(Uint8Array.of(recovery), compact), digest, publicKey)) {
    throw refuse('a signature does not verify under the account key');
  }
  const der = secp256k1.Signature.fromBytes(compact, 'compact').toBytes('der');
  return { r: compact.slice(0, SCALAR_BYTES), s: compact.slice(SCALAR_BYTES), recovery, der };
}

/**
 * Where a request needs one signature.
 * @throws TrefoilError `input/malformed`
 */
export function onlyEcdsaSignature(
  signatures: readonly Uint8Array[],
  digest: Uint8Array,
  publicKey: Uint8Array,
  operation: string,
): EcdsaSignature {
  if (signatures.length !== 1) throw new TrefoilError('input/malformed', { operation, detail: 'one signature is needed' });
  return readEcdsaSignature(signatures[0], digest, publicKey, operation);
}

function isTrue(recovered: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return secp256k1.verify(recovered, digest, publicKey, { prehash: false, lowS: true, format: 'recovered' });
  } catch {
    return false;
  }
}
