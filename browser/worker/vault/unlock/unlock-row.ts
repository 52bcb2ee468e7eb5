/** How the data key of a wallet is wrapped at rest, whichever way it is unlocked. */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { TrefoilError } from '#shared/errors.ts';
import type { WalletId } from '#shared/ids.ts';
import type { DeviceRow, DeviceSecret } from './device.ts';
import { type PassphraseRow, type PassphraseSecret, passphraseBytes } from './passphrase.ts';

/** What the person gives to create or to open. */
export type UnlockSecret = PassphraseSecret | DeviceSecret;
export type UnlockMethod = UnlockSecret['method'];
export type UnlockRow = PassphraseRow | DeviceRow;

type Unchecked = Omit<PassphraseRow, 'checksum'> | Omit<DeviceRow, 'checksum'>;

/** Authenticated with the wrapped key: a wrapper fits one wallet and one method. */
export const wrapperHeader = (walletId: WalletId, method: UnlockMethod): Uint8Array<ArrayBuffer> =>
  new Uint8Array(utf8ToBytes(JSON.stringify(['trefoil/unlock', 1, walletId, method])));

export function checksum(row: Unchecked): Uint8Array {
  const own = row.method === 'passphrase' ? passphraseBytes(row) : [];
  return sha256(concatBytes(wrapperHeader(row.walletId, row.method), row.iv, row.wrapped, ...own));
}

/** @throws TrefoilError `vault/damaged` when the row's bytes are not those that were written */
export function checkIntact(row: UnlockRow): void {
  const expected = checksum(row);
  if (row.checksum.length !== expected.length || !expected.every((byte, at) => byte === row.checksum[at])) {
    throw new TrefoilError('vault/damaged', { operation: 'checkIntact', detail: 'the unlock record is damaged' });
  }
}
