/** For tests only: an account whose keys are plain, so that chains can be tried without a signing session. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { taprootTweakPrivKey } from '@scure/btc-signer/utils.js';
import type { SigningTask } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';

export interface PlainWallet {
  readonly keys: AccountKeys;
  /** The secret behind `keys.ecdsa`, for comparisons with other libraries. */
  readonly ecdsaSecret: Uint8Array;
  signEd25519(message: Uint8Array): Uint8Array;
  /** Under the BIP341 output key, empty tree. */
  signTaproot(digest: Uint8Array): Uint8Array;
  /** 65 bytes: r, s (low), recovery id. */
  signEcdsa(digest: Uint8Array): Uint8Array;
  /** With the key that the task names. */
  sign(task: SigningTask): Uint8Array;
}

/** @param account other accounts than the first have keys of their own, and no Ed25519 key */
export function plainWallet(name: string, account = 0): PlainWallet {
  const secretOf = (key: string): Uint8Array => sha256(utf8ToBytes(`test wallet ${name} ${account} ${key}`));
  const [ecdsaSecret, taprootSecret, ed25519Secret] = [secretOf('ecdsa'), secretOf('taproot'), secretOf('ed25519')];
  const tweaked = taprootTweakPrivKey(taprootSecret);
  const wallet: PlainWallet = {
    keys: {
      account,
      ecdsa: secp256k1.getPublicKey(ecdsaSecret, true),
      taproot: secp256k1.getPublicKey(taprootSecret, true),
      ed25519: account === 0 ? ed25519.getPublicKey(ed25519Secret) : undefined,
    },
    ecdsaSecret,
    signEd25519: (message) => ed25519.sign(message, ed25519Secret),
    signTaproot: (digest) => schnorr.sign(digest, tweaked),
    signEcdsa(digest) {
      // The library writes the recovery id first.
      const [recovery = 0, ...compact] = secp256k1.sign(digest, ecdsaSecret, { prehash: false, format: 'recovered' });
      return concatBytes(Uint8Array.from(compact), Uint8Array.of(recovery));
    },
    sign({ key, digest }) {
      const signers = { ecdsa: wallet.signEcdsa, taproot: wallet.signTaproot, ed25519: wallet.signEd25519 };
      return signers[key](digest);
    },
  };
  return wallet;
}
