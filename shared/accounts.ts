/**
 * Accounts of a wallet: BIP32 children of its `ecdsa` and `taproot` keys on the external chain, so that a watch-only wallet
 * follows them from the extended public keys (`wpkh(xpub/0/*)`, `tr(xpub/0/*)`). Ed25519 keys have no children: account 0 is the key itself.
 */
import { TrefoilError } from './errors.ts';
import type { AccountKeys, Engine, KeyKind, Path } from './ports/engine.ts';

/** Accounts are numbered below this: enough for a person, few enough to look through. */
export const ACCOUNTS_MAX_COUNT = 100;
/** BIP44's external chain. */
const EXTERNAL_CHAIN = 0;

/** @throws TrefoilError `input/malformed` */
export function parseAccount(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= ACCOUNTS_MAX_COUNT) {
    throw new TrefoilError('input/malformed', {
      operation: 'parseAccount',
      detail: `an account is a whole number from 0 to ${ACCOUNTS_MAX_COUNT - 1}`,
    });
  }
  return value;
}

/** Where an account's key is below the wallet's. */
export const accountPath = (key: KeyKind, account: number): Path => (key === 'ed25519' ? [] : [EXTERNAL_CHAIN, account]);

/** @throws TrefoilError `input/malformed`, `engine/malformed` */
export function accountKeys(engine: Pick<Engine, 'derive' | 'publicKeys'>, publicPackage: Uint8Array, account: number): AccountKeys {
  parseAccount(account);
  const child = (key: 'ecdsa' | 'taproot'): Uint8Array => engine.derive(publicPackage, key, accountPath(key, account)).key;
  const ed25519 = account === 0 ? engine.publicKeys(publicPackage).ed25519 : undefined;
  return { account, ecdsa: child('ecdsa'), taproot: child('taproot'), ed25519 };
}
