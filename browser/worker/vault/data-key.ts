/**
 * The random data key that seals every record of a wallet, and the two ways to wrap it: a passphrase (Argon2id) or a key that
 * the browser holds and does not hand out.
 *
 * Must never: keep the raw data key or a derived key longer than one call, or store the passphrase in any form.
 */
import { argon2id } from '@noble/hashes/argon2.js';
import { TrefoilError } from '#shared/errors.ts';
import type { WalletId } from '#shared/ids.ts';
import { IV_BYTES } from './sealed-record.ts';
import { type Argon2Parameters, checkIntact, checksum, type UnlockRow, wrapperHeader } from './unlock-row.ts';

/** What the person gives to create or to open. */
export type UnlockSecret = { readonly method: 'passphrase'; readonly passphrase: string } | { readonly method: 'device' };

/** OWASP asks for at least 19 MiB and two passes; 32 MiB takes about 0.3 s on a laptop and still fits a small phone. */
const ARGON2: Argon2Parameters = { memoryKib: 32 * 1024, passes: 2, lanes: 1 };
/** What a stored row may ask for: beyond this it was not written by us and would only exhaust memory. */
const ARGON2_MAX: Argon2Parameters = { memoryKib: 256 * 1024, passes: 16, lanes: 4 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Short enough for four words, long enough that Argon2id keeps a guesser busy. */
const PASSPHRASE_MIN_CHARACTERS = 12;

function checkNewSecret(secret: UnlockSecret): void {
  if (secret.method === 'passphrase' && [...secret.passphrase.normalize('NFKC')].length < PASSPHRASE_MIN_CHARACTERS) {
    throw new TrefoilError('vault/weak-passphrase', { operation: 'generate' });
  }
}

/** What distinguishes the rows of the two methods, and the key that wraps. */
type Wrapper =
  | { readonly method: 'passphrase'; readonly key: CryptoKey; readonly salt: Uint8Array; readonly argon2: Argon2Parameters }
  | { readonly method: 'device'; readonly key: CryptoKey };

/** A fresh data key, and what wraps it once the wallet has its id. */
export class NewDataKey {
  readonly key: CryptoKey;
  readonly #raw: Uint8Array<ArrayBuffer>;
  readonly #wrapper: Wrapper;

  private constructor(raw: Uint8Array<ArrayBuffer>, key: CryptoKey, wrapper: Wrapper) {
    this.#raw = raw;
    this.key = key;
    this.#wrapper = wrapper;
  }

  /** @throws TrefoilError `vault/weak-passphrase` */
  static async generate(secret: UnlockSecret): Promise<NewDataKey> {
    checkNewSecret(secret);
    const wrapper = await newWrapper(secret);
    const raw = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
    return new NewDataKey(raw, await importKey(raw), wrapper);
  }

  /** The row that opens the data key again. */
  async wrap(walletId: WalletId): Promise<UnlockRow> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const additionalData = wrapperHeader(walletId, this.#wrapper.method);
    const wrapped = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, this.#wrapper.key, this.#raw));
    const base = { walletId, version: 1, iv, wrapped } as const;
    if (this.#wrapper.method === 'device') {
      const row = { ...base, method: 'device', key: this.#wrapper.key } as const;
      return { ...row, checksum: checksum(row) };
    }
    const row = { ...base, method: 'passphrase', salt: this.#wrapper.salt, argon2: this.#wrapper.argon2 } as const;
    return { ...row, checksum: checksum(row) };
  }

  /** Forgets the raw bytes; {@link key} stays usable. */
  wipe(): void {
    this.#raw.fill(0);
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
  if (row.method === 'device') {
    return row.key;
  }
  if (secret.method !== 'passphrase') {
    throw new TrefoilError('vault/cannot-open', { operation: 'openDataKey', detail: 'this wallet opens with a passphrase' });
  }
  const { memoryKib, passes, lanes } = row.argon2;
  if (memoryKib > ARGON2_MAX.memoryKib || passes > ARGON2_MAX.passes || lanes > ARGON2_MAX.lanes) {
    throw new TrefoilError('vault/damaged', { operation: 'openDataKey', detail: 'the unlock record asks for too much memory' });
  }
  return await passphraseKey(secret.passphrase, row.salt, row.argon2);
}

async function newWrapper(secret: UnlockSecret): Promise<Wrapper> {
  if (secret.method === 'device') {
    return { method: 'device', key: await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']) };
  }
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  return { method: 'passphrase', key: await passphraseKey(secret.passphrase, salt, ARGON2), salt, argon2: ARGON2 };
}

/** NFKC, so that the same words typed on another keyboard give the same key. */
async function passphraseKey(passphrase: string, salt: Uint8Array, { memoryKib, passes, lanes }: Argon2Parameters): Promise<CryptoKey> {
  const derived = argon2id(passphrase.normalize('NFKC'), salt, { m: memoryKib, t: passes, p: lanes, dkLen: KEY_BYTES });
  const key = await importKey(derived as Uint8Array<ArrayBuffer>);
  derived.fill(0);
  return key;
}

const importKey = (raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
