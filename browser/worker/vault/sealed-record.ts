/**
 * One sealed record: AES-256-GCM under the wallet's data key, with a fresh 96-bit IV for every write and a header that
 * is authenticated, so that no record can stand in for another kind, wallet, epoch or party.
 *
 * Must never: reuse an IV, or return plaintext whose header was not authenticated.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { TrefoilError } from '#shared/errors.ts';
import type { Epoch, PartyId, WalletId } from '#shared/ids.ts';

/** `share`: the encoded share. `identity`: the Ed25519 seed. `package`: the public package. `roster`: the parties' identity keys. a note: see {@link NoteKind}. */
export type RecordKind = 'share' | 'identity' | 'package' | 'roster' | NoteKind;
/** `sent`: what was sent from here. `accounts`: how many accounts there are. */
export type NoteKind = 'sent' | 'accounts';

/** What a record is; authenticated, not secret. */
export interface RecordHeader {
  readonly kind: RecordKind;
  readonly walletId: WalletId;
  readonly epoch: Epoch;
  readonly party: PartyId;
}

export interface SealedRecord extends RecordHeader {
  readonly version: 1;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

const VERSION = 1;
/** NIST SP 800-38D: 96 bits, random; a wallet writes far fewer than 2^32 records under one key. */
export const IV_BYTES = 12;

const headerBytes = (header: RecordHeader): Uint8Array<ArrayBuffer> =>
  new Uint8Array(utf8ToBytes(JSON.stringify(['trefoil/vault', VERSION, header.kind, header.walletId, header.epoch, header.party])));

/** Seals `plaintext`; the caller wipes it afterwards. */
export async function sealRecord(dataKey: CryptoKey, header: RecordHeader, plaintext: Uint8Array): Promise<SealedRecord> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: headerBytes(header) },
    dataKey,
    plaintext as Uint8Array<ArrayBuffer>,
  );
  return { ...header, version: VERSION, iv, sealed: new Uint8Array(sealed) };
}

/** The plaintext of the record that `header` asks for. @throws TrefoilError `vault/damaged` */
export async function openRecord(
  dataKey: CryptoKey,
  header: RecordHeader,
  record: SealedRecord | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  if (record === undefined) {
    throw new TrefoilError('vault/damaged', { operation: 'openRecord', detail: `the ${header.kind} record is missing` });
  }
  try {
    const additionalData = headerBytes(header);
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: record.iv, additionalData }, dataKey, record.sealed));
  } catch {
    throw new TrefoilError('vault/damaged', { operation: 'openRecord', detail: `the ${header.kind} record does not open` });
  }
}
