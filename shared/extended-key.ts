/** Extended public keys as BIP32 writes them, for watch-only wallets. */

import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { createBase58check } from '@scure/base';
import type { DerivedKey } from './ports/engine.ts';

/** BIP32 version bytes of public keys: `xpub` and `tpub`. */
const MAINNET_VERSION = Uint8Array.of(0x04, 0x88, 0xb2, 0x1e);
const TESTNET_VERSION = Uint8Array.of(0x04, 0x35, 0x87, 0xcf);
/** Depth, parent fingerprint and child number of a master key. */
const MASTER_PLACE = new Uint8Array(1 + 4 + 4);

/** The `xpub` (or `tpub`) of a master key. */
export function extendedPublicKey({ key, chainCode }: DerivedKey, options: { testnet: boolean }): string {
  const version = options.testnet ? TESTNET_VERSION : MAINNET_VERSION;
  return createBase58check(sha256).encode(concatBytes(version, MASTER_PLACE, chainCode, key));
}
