/** What each input's signature signs, over all coins that are spent. */
import { OutScript, SigHash, type Transaction } from '@scure/btc-signer';
import { TrefoilError } from '#shared/errors.ts';
import type { OwnScript } from './network.ts';

/** A coin that a transaction spends, and how. */
export interface SpentCoin {
  readonly script: Uint8Array;
  /** Satoshis. */
  readonly amount: bigint;
  readonly key: OwnScript['key'];
}

/** 32 bytes, and the key that signs them. */
export interface SignatureHash {
  readonly key: OwnScript['key'];
  readonly digest: Uint8Array;
}

/**
 * BIP341 with SIGHASH_DEFAULT for taproot, BIP143 with SIGHASH_ALL for P2WPKH.
 * @param coins of every input, in order
 * @throws TrefoilError `intent/unsupported` for an `ecdsa` coin that is not P2WPKH
 */
export function signatureHashes(transaction: Transaction, coins: readonly SpentCoin[]): SignatureHash[] {
  const scripts = coins.map(({ script }) => script);
  const amounts = coins.map(({ amount }) => amount);
  return coins.map(({ key, script, amount }, at) => ({
    key,
    digest:
      key === 'taproot'
        ? transaction.preimageWitnessV1(at, scripts, SigHash.DEFAULT, amounts)
        : transaction.preimageWitnessV0(at, scriptCodeOf(script), SigHash.ALL, amount),
  }));
}

/** What a P2WPKH coin's signature commits to in place of its script (BIP143). */
function scriptCodeOf(script: Uint8Array): Uint8Array {
  const decoded = OutScript.decode(script);
  if (decoded.type !== 'wpkh') {
    throw new TrefoilError('intent/unsupported', {
      operation: 'readUnsignedTransaction',
      detail: 'a coin is neither taproot nor P2WPKH',
    });
  }
  return OutScript.encode({ type: 'pkh', hash: decoded.hash });
}
