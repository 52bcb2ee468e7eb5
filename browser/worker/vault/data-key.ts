/**
 * The random data key that seals every record of a wallet. `unlock/` has the ways to wrap it.
 *
 * Must never: keep the raw data key longer than one call.
 */
import { TrefoilError } from '#shared/errors.ts';
import type { WalletId } from '#shared/ids.ts';
import { IV_BYTES } from './sealed-record.ts';
import { newDeviceWrapper } from './unlock/device.ts';
import { newPassphraseWrapper, passphraseWrapperKey } from './unlock/passphrase.ts';
import { checkIntact, checksum, type UnlockRow, type UnlockSecret, wrapperHeader } from './unlock/unlock-row.ts';
import { importKey, KEY_BYTES } from './unlock/wrapped-data-key.ts';

type NewWrapper = Awaited<ReturnType<typeof newPassphraseWrapper>> | Awaited<ReturnType<typeof newDeviceWrapper>>;

/** A fresh data key, and what wraps it once the wallet has its id. */
export class NewDataKey {
  readonly key: CryptoKey;
  readonly #raw: Uint8Array<ArrayBuffer>;
  readonly #wrapper: NewWrapper;

  private constructor(raw: Uint8Array<ArrayBuffer>, key: CryptoKey, wrapper: NewWrapper) {
    this.#raw = raw;
    this.key = key;
    this.#wrapper = wrapper;
  }

  /** @throws TrefoilError `vault/weak-passphrase` */
  static async generate(secret: UnlockSecret): Promise<NewDataKey> {
    const wrapper = await newWrapper(secret);
    const raw = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
    return new NewDataKey(raw, await importKey(raw), wrapper);
  }

  /** The row that opens the data key again. */
  async wrap(walletId: WalletId): Promise<UnlockRow> {
    const { key, columns } = this.#wrapper;
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const additionalData = wrapperHeader(walletId, columns.method);
    const wrapped = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, this.#raw));
    const row = { walletId, version: 1, iv, wrapped, ...columns } as const;
    return { ...row, checksum: checksum(row) };
  }

  /** Forgets the raw bytes; {@link key} stays usable. */
  wipe(): void {
    this.#raw.fill(0);
  }
}

function newWrapper(secret: UnlockSecret): Promise<NewWrapper> {
  switch (secret.method) {
    case 'passphrase':
      return newPassphraseWrapper(secret);
    case 'device':
      return newDeviceWrapper();
  }
}

/**
 * The data key again. @throws TrefoilError `vault/cannot-open` for a wrong passphrase, `vault/damaged` for a row that is not intact
 */
export async function openDataKey(row: UnlockRow, secret: UnlockSecret): Promise<CryptoKey> {
  checkIntact(row);
  const wrapper = await wrapperKey(row, secret);
  let raw: Uint8Array<ArrayBuffer>;
  try {
    const additionalData = wrapperHeader(row.walletId, row.method);
    raw = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: row.iv, additionalData }, wrapper, row.wrapped));
  } catch {
    throw new TrefoilError(row.method === 'passphrase' ? 'vault/cannot-open' : 'vault/damaged', { operation: 'openDataKey' });
  }
  const key = await importKey(raw);
  raw.fill(0);
  return key;
}

async function wrapperKey(row: UnlockRow, secret: UnlockSecret): Promise<CryptoKey> {
  switch (row.method) {
    case 'device':
      return row.key;
    case 'passphrase':
      if (secret.method === 'passphrase') return passphraseWrapperKey(row, secret);
      throw new TrefoilError('vault/cannot-open', { operation: 'openDataKey', detail: 'this wallet opens with a passphrase' });
  }
}
