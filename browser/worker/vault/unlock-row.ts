/**
 * How the data key of a wallet is wrapped at rest. The checksum tells a damaged row from a wrong passphrase; it is
 * over public bytes and protects nothing.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { TrefoilError } from '#shared/errors.ts';
import type { WalletId } from '#shared/ids.ts';

export type UnlockMethod = 'passphrase' | 'device';

/** Argon2id as RFC 9106 names its inputs; memory in KiB. */
export interface Argon2Parameters {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

interface WrappedDataKey {
  readonly walletId: WalletId;
  readonly version: 1;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly wrapped: Uint8Array<ArrayBuffer>;
  readonly checksum: Uint8Array;
}

export interface PassphraseRow extends WrappedDataKey {
  readonly method: 'passphrase';
  readonly salt: Uint8Array;
  readonly argon2: Argon2Parameters;
}

export interface DeviceRow extends WrappedDataKey {
  readonly method: 'device';
  /** Non-extractable: the browser keeps its bytes to itself. */
  readonly key: CryptoKey;
}

export type UnlockRow = PassphraseRow | DeviceRow;

type Unchecked<Row> = Omit<Row, 'checksum'>;

/** Authenticated with the wrapped key: a wrapper fits one wallet and one method. */
export const wrapperHeader = (walletId: WalletId, method: UnlockMethod): Uint8Array<ArrayBuffer> =>
  new Uint8Array(utf8ToBytes(JSON.stringify(['trefoil/unlock', 1, walletId, method])));

export function checksum(row: Unchecked<PassphraseRow> | Unchecked<DeviceRow>): Uint8Array {
  const parameters = row.method === 'passphrase' ? utf8ToBytes(JSON.stringify(row.argon2)) : new Uint8Array();
  const salt = row.method === 'passphrase' ? row.salt : new Uint8Array();
  return sha256(concatBytes(wrapperHeader(row.walletId, row.method), row.iv, row.wrapped, salt, parameters));
}

/** @throws TrefoilError `vault/damaged` when the row's bytes are not those that were written */
export function checkIntact(row: UnlockRow): void {
  const expected = checksum(row);
  if (row.checksum.length !== expected.length || !expected.every((byte, at) => byte === row.checksum[at])) {
    throw new TrefoilError('vault/damaged', { operation: 'checkIntact', detail: 'the unlock record is damaged' });
  }
}
