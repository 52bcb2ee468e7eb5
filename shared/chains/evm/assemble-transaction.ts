/** From a transaction that was read and its signature to what the network takes. */
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { TransactionSerializable } from 'viem';
import { bytesToHex, hexToBytes, serializeTransaction } from 'viem/utils';
import type { SignedTransaction } from '#shared/ports/chain.ts';
import { type EcdsaSignature, onlyEcdsaSignature } from '../ecdsa-signature.ts';

/** What `v` of a legacy transaction without a chain id adds to the recovery id (yellow paper, appendix F). */
const LEGACY_V = 27;

/**
 * @param digest 32 bytes
 * @param signatures one of 65 bytes: r, s, recovery id
 * @param publicKey compressed SEC1 point
 * @throws TrefoilError `input/malformed` when their number, size or truth is wrong
 */
export function assembleTransaction(
  transaction: TransactionSerializable,
  digest: Uint8Array,
  signatures: readonly Uint8Array[],
  publicKey: Uint8Array,
): SignedTransaction {
  const raw = serialise(transaction, onlyEcdsaSignature(signatures, digest, publicKey, 'assembleEvm'));
  return { raw, id: bytesToHex(keccak_256(raw)) };
}

const serialise = (transaction: TransactionSerializable, { r, s, recovery }: EcdsaSignature): Uint8Array =>
  // `v` is for legacy transactions, where viem adds the chain id to it (EIP-155).
  hexToBytes(serializeTransaction(transaction, { r: bytesToHex(r), s: bytesToHex(s), v: BigInt(LEGACY_V + recovery), yParity: recovery }));
