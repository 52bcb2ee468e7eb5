/** For tests only: a wallet whose keys are plain, so that chains can be tried without a signing session. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { taprootTweakPrivKey } from '@scure/btc-signer/utils.js';
import { parsePartyId } from '../ids.ts';
import type { PublicKeys } from '../ports/engine.ts';

export interface PlainWallet {
  readonly keys: PublicKeys;
  signEd25519(message: Uint8Array): Uint8Array;
  /** Under the BIP341 output key, empty tree. */
  signTaproot(digest: Uint8Array): Uint8Array;
}

export function plainWallet(name: string): PlainWallet {
  const secret = sha256(utf8ToBytes(`test wallet ${name}`));
  const tweaked = taprootTweakPrivKey(secret);
  const compressed = secp256k1.getPublicKey(secret, true);
  return {
    keys: {
      threshold: 2,
      roster: [1, 2, 3].map(parsePartyId),
      ecdsa: compressed,
      taproot: compressed,
      ed25519: ed25519.getPublicKey(secret),
      chainCodes: { ecdsa: sha256(secret), taproot: sha256(secret) },
    },
    signEd25519: (message) => ed25519.sign(message, secret),
    signTaproot: (digest) => schnorr.sign(digest, tweaked),
  };
}
