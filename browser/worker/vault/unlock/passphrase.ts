/**
 * Unlocking with a passphrase: Argon2id makes the wrapping key.
 *
 * Must never: keep a derived key longer than one call, or store the passphrase in any form.
 */
import { argon2id } from '@noble/hashes/argon2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { TrefoilError } from '#shared/errors.ts';
import { importKey, KEY_BYTES, type WrappedDataKey, type Wrapper } from './wrapped-data-key.ts';

export interface PassphraseSecret {
  readonly method: 'passphrase';
  readonly passphrase: string;
}

/** Argon2id as RFC 9106 names its inputs; memory in KiB. */
interface Argon2Parameters {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

interface PassphraseColumns {
  readonly method: 'passphrase';
  /** 16 bytes. */
  readonly salt: Uint8Array;
  readonly argon2: Argon2Parameters;
}

export type PassphraseRow = WrappedDataKey & PassphraseColumns;

/** OWASP asks for at least 19 MiB and two passes; 32 MiB takes about 0.3 s on a laptop and still fits a small phone. */
const ARGON2: Argon2Parameters = { memoryKib: 32 * 1024, passes: 2, lanes: 1 };
/** What a stored row may ask for: beyond this it was not written by us and would only exhaust memory. */
const ARGON2_MAX: Argon2Parameters = { memoryKib: 256 * 1024, passes: 16, lanes: 4 };
const SALT_BYTES = 16;
/** Short enough for four words, long enough that Argon2id keeps a guesser busy. */
const PASSPHRASE_MIN_CHARACTERS = 12;

/** A wrapper for a new passphrase. @throws TrefoilError `vault/weak-passphrase` */
export async function newPassphraseWrapper({ passphrase }: PassphraseSecret): Promise<Wrapper<PassphraseColumns>> {
  if ([...passphrase.normalize('NFKC')].length < PASSPHRASE_MIN_CHARACTERS) {
    throw new TrefoilError('vault/weak-passphrase', { operation: 'generate' });
  }
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  return { key: await passphraseKey(passphrase, salt, ARGON2), columns: { method: 'passphrase', salt, argon2: ARGON2 } };
}

/** The wrapping key again; a wrong passphrase gives another. @throws TrefoilError `vault/damaged` for a row that we did not write */
export async function passphraseWrapperKey({ salt, argon2 }: PassphraseRow, { passphrase }: PassphraseSecret): Promise<CryptoKey> {
  const { memoryKib, passes, lanes } = argon2;
  if (memoryKib > ARGON2_MAX.memoryKib || passes > ARGON2_MAX.passes || lanes > ARGON2_MAX.lanes) {
    throw new TrefoilError('vault/damaged', { operation: 'openDataKey', detail: 'the unlock record asks for too much memory' });
  }
  return await passphraseKey(passphrase, salt, argon2);
}

/** The columns that the row's checksum covers. */
export const passphraseBytes = ({ salt, argon2 }: PassphraseColumns): Uint8Array[] => [salt, utf8ToBytes(JSON.stringify(argon2))];

/** NFKC, so that the same words typed on another keyboard give the same key. */
async function passphraseKey(passphrase: string, salt: Uint8Array, { memoryKib, passes, lanes }: Argon2Parameters): Promise<CryptoKey> {
  const derived = argon2id(passphrase.normalize('NFKC'), salt, { m: memoryKib, t: passes, p: lanes, dkLen: KEY_BYTES });
  const key = await importKey(derived as Uint8Array<ArrayBuffer>);
  derived.fill(0);
  return key;
}
