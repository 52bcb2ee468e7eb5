/** What every way to unlock shares: a data key that a wrapping key seals, bound to the wallet and to the way. */
import type { WalletId } from '#shared/ids.ts';

/** Of data keys and of the keys that wrap them. */
export const KEY_BYTES = 32;

/** The columns of every row. */
export interface WrappedDataKey {
  readonly walletId: WalletId;
  readonly version: 1;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly wrapped: Uint8Array<ArrayBuffer>;
  /** Tells a damaged row from a wrong secret. It is over public bytes and protects nothing. */
  readonly checksum: Uint8Array;
}

/** A key that wraps, and what its row keeps so that it can be had again. */
export interface Wrapper<Columns> {
  readonly key: CryptoKey;
  readonly columns: Columns;
}

/** A non-extractable AES-256-GCM key. @param raw 32 bytes; the caller wipes them */
export const importKey = (raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
