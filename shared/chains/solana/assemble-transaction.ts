/** From a message and its signature to the transaction that the network takes. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { base58 } from '@scure/base';
import { TrefoilError } from '#shared/errors.ts';
import type { SignedTransaction } from '#shared/ports/chain.ts';

const SIGNATURE_BYTES = 64;

/**
 * @param signatures one of 64 bytes
 * @param publicKey 32 bytes
 * @throws TrefoilError `input/malformed` when their number, size or truth is wrong
 */
export function assembleTransaction(message: Uint8Array, signatures: readonly Uint8Array[], publicKey: Uint8Array): SignedTransaction {
  const [signature] = signatures;
  if (signatures.length !== 1 || signature?.length !== SIGNATURE_BYTES) {
    throw new TrefoilError('input/malformed', { operation: 'assembleSolana', detail: 'one signature of 64 bytes is needed' });
  }
  if (!ed25519.verify(signature, message, publicKey, { zip215: false })) {
    throw new TrefoilError('input/malformed', {
      operation: 'assembleSolana',
      detail: 'the signature does not verify under the wallet key',
    });
  }
  return { raw: concatBytes(Uint8Array.of(1), signature, message), id: base58.encode(signature) };
}
