/** From a transaction that was read and its signatures to what the network takes. */
import { schnorr } from '@noble/curves/secp256k1.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { SigHash, type Transaction } from '@scure/btc-signer';
import { TrefoilError } from '#shared/errors.ts';
import type { SignedTransaction, SigningTask } from '#shared/ports/chain.ts';
import { readEcdsaSignature } from '../ecdsa-signature.ts';
import type { OwnScripts } from './network.ts';
import { compose, type UnsignedTransaction } from './unsigned-transaction.ts';

/** BIP340. */
const SCHNORR_BYTES = 64;

/**
 * @param signed one signature for each task, and a task for each input: 64 bytes for `taproot`, 65 for `ecdsa`
 * @throws TrefoilError `input/malformed` when their number, size or truth is wrong
 */
export function assembleTransaction(
  { inputs, outputs }: UnsignedTransaction,
  signed: { own: OwnScripts; tasks: readonly SigningTask[]; signatures: readonly Uint8Array[] },
): SignedTransaction {
  const { own, tasks, signatures } = signed;
  if (signatures.length !== tasks.length) {
    const detail = `${tasks.length} signatures are needed, one for each input`;
    throw new TrefoilError('input/malformed', { operation: 'assembleBitcoin', detail });
  }
  // Made anew, so that nothing of a wrong signature is left for the next attempt.
  const transaction = compose(inputs, outputs);
  for (const [at, { key, digest }] of tasks.entries()) {
    if (key === 'ecdsa') unlockSegwit(transaction, at, own.segwit.publicKey, digest, signatures[at]);
    else unlockTaproot(transaction, at, own.taproot.outputKey, digest, signatures[at]);
  }
  transaction.finalize();
  return { raw: transaction.extract(), id: transaction.id };
}

/** @throws TrefoilError `input/malformed` */
function unlockSegwit(
  transaction: Transaction,
  at: number,
  publicKey: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array | undefined,
): void {
  const { der } = readEcdsaSignature(signature, digest, publicKey, 'assembleBitcoin');
  transaction.updateInput(at, { partialSig: [[publicKey, concatBytes(der, Uint8Array.of(SigHash.ALL))]] });
}

/** @throws TrefoilError `input/malformed` */
function unlockTaproot(
  transaction: Transaction,
  at: number,
  outputKey: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array | undefined,
): void {
  const refuse = (detail: string): TrefoilError => new TrefoilError('input/malformed', { operation: 'assembleBitcoin', detail });
  if (signature?.length !== SCHNORR_BYTES) throw refuse(`signature ${at} must have ${SCHNORR_BYTES} bytes`);
  if (!schnorr.verify(signature, digest, outputKey)) throw refuse(`signature ${at} does not verify under the account key`);
  transaction.updateInput(at, { tapKeySig: signature });
}
