/**
 * The names of things that cross a border: branded so that one cannot stand in for another, parsed once
 * where they enter and trusted inside.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { TrefoilError } from './errors.ts';
import { platformRandom } from './ports/random-bytes.ts';

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** 16 random bytes as 32 lower-case hex digits, chosen by the device that creates the wallet. */
export type WalletId = Brand<string, 'WalletId'>;
/** SHA-256 over the hellos of every party of a session, as 64 lower-case hex digits. */
export type SessionId = Brand<string, 'SessionId'>;
/** 16 random bytes as 32 lower-case hex digits; a node accepts one exactly once. */
export type IntentId = Brand<string, 'IntentId'>;
/** A point on the sharing polynomial: 1 is the wallet's only device slot, 2 and above are nodes. */
export type PartyId = Brand<number, 'PartyId'>;
/** Counts the polynomials of a wallet: 0 at creation, one more at every refresh. */
export type Epoch = Brand<number, 'Epoch'>;
/** Milliseconds since 1970-01-01 UTC. */
export type UnixMs = Brand<number, 'UnixMs'>;
/** A CAIP-2 chain id such as `solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1`. */
export type ChainId = Brand<string, 'ChainId'>;

/** The one device identifier on every wallet's polynomial (no operation may give devices a second). */
export const DEVICE = 1 as PartyId;

/** Size in bytes of wallet and intent ids. */
const RANDOM_ID_BYTES = 16;

function hexOf(bytes: number, what: string, operation: string): (text: string) => string {
  const pattern = new RegExp(`^[0-9a-f]{${bytes * 2}}$`);
  return (text) => {
    if (!pattern.test(text)) {
      throw new TrefoilError('input/malformed', { operation, detail: `${what} must be ${bytes * 2} lower-case hex digits` });
    }
    return text;
  };
}

const walletIdHex = hexOf(RANDOM_ID_BYTES, 'a wallet id', 'parseWalletId');
const sessionIdHex = hexOf(32, 'a session id', 'parseSessionId');
const intentIdHex = hexOf(RANDOM_ID_BYTES, 'an intent id', 'parseIntentId');

/** Accepts hex text or raw bytes. @throws TrefoilError `input/malformed` */
export const parseWalletId = (value: string | Uint8Array): WalletId => walletIdHex(asHex(value)) as WalletId;
/** Accepts hex text or raw bytes. @throws TrefoilError `input/malformed` */
export const parseSessionId = (value: string | Uint8Array): SessionId => sessionIdHex(asHex(value)) as SessionId;
/** Accepts hex text or raw bytes. @throws TrefoilError `input/malformed` */
export const parseIntentId = (value: string | Uint8Array): IntentId => intentIdHex(asHex(value)) as IntentId;

/** A party id is a whole number from 1 to 65535 (FROST identifiers are 16-bit). @throws TrefoilError `input/malformed` */
export function parsePartyId(value: number): PartyId {
  if (!Number.isInteger(value) || value < 1 || value > 0xffff) {
    throw new TrefoilError('input/malformed', { operation: 'parsePartyId', detail: 'a party id must be a whole number from 1 to 65535' });
  }
  return value as PartyId;
}

/** An epoch is a whole number from 0 that a double holds exactly. @throws TrefoilError `input/malformed` */
export function parseEpoch(value: number | bigint): Epoch {
  const epoch = Number(value);
  if (!Number.isSafeInteger(epoch) || epoch < 0) {
    throw new TrefoilError('input/malformed', { operation: 'parseEpoch', detail: 'an epoch must be a whole number from 0' });
  }
  return epoch as Epoch;
}

/** Raw bytes of a hex id. */
export const idBytes = (id: WalletId | SessionId | IntentId): Uint8Array => hexToBytes(id);

/** A fresh 128-bit id. */
export const randomWalletId = (random = platformRandom): WalletId => bytesToHex(random(RANDOM_ID_BYTES)) as WalletId;
/** A fresh 128-bit id. */
export const randomIntentId = (random = platformRandom): IntentId => bytesToHex(random(RANDOM_ID_BYTES)) as IntentId;

const asHex = (value: string | Uint8Array): string => (typeof value === 'string' ? value : bytesToHex(value));
