/**
 * An intent: everything that one approval of the wallet's owner covers (transactions and messages, whole), with a random id and
 * an expiry. Its hash is what the approval signs, so an approval is for exactly these bytes.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { parseAccount } from '../accounts.ts';
import { hashParts } from '../channel/bytes.ts';
import { verifySignature } from '../channel/identity.ts';
import { TrefoilError } from '../errors.ts';
import { type ChainId, type IntentId, idBytes, parseIntentId, parseWalletId, randomIntentId, type UnixMs, type WalletId } from '../ids.ts';
import { CLOCK_SKEW_MS, INTENT_MAX_LIFETIME_MS, REQUESTS_MAX_COUNT, TRANSACTION_MAX_BYTES } from '../limits.ts';
import type { RandomBytes } from '../ports/random-bytes.ts';
import { decode } from '../proto/decode.ts';
import { type Authorisation, IntentSchema, RequestSchema } from '../proto/gen/trefoil/v1/intent_pb.js';

const VERSION = 1;
const DOMAIN = 'trefoil/intent/v1';
/** Room for the fields around the requests. */
const INTENT_MAX_BYTES = TRANSACTION_MAX_BYTES + 2048;
/** How long an approval made by a person stays valid: long enough for a slow network, short enough to be meant. */
const INTENT_LIFETIME_MS = 2 * 60 * 1000;

/** An intent that was read and checked. */
export interface Intent {
  readonly walletId: WalletId;
  readonly intentId: IntentId;
  readonly expiresAt: UnixMs;
  readonly requests: readonly IntentRequest[];
}

/** One thing to sign. */
export interface IntentRequest {
  readonly chain: ChainId;
  /** Which account of the wallet signs. */
  readonly account: number;
  /** The whole unsigned request, in the chain's own form. */
  readonly unsigned: Uint8Array;
}

/** A serialised intent with a fresh id. */
export function makeIntent(options: {
  walletId: WalletId;
  requests: readonly IntentRequest[];
  now: UnixMs;
  random?: RandomBytes;
}): Uint8Array {
  return toBinary(
    IntentSchema,
    create(IntentSchema, {
      version: VERSION,
      walletId: idBytes(options.walletId),
      intentId: idBytes(randomIntentId(options.random)),
      expiresAtMs: BigInt(options.now + INTENT_LIFETIME_MS),
      requests: options.requests.map((request) => create(RequestSchema, request)),
    }),
  );
}

/** What an approval signs: 32 bytes over the serialised intent. */
export const intentHash = (intent: Uint8Array): Uint8Array => hashParts(DOMAIN, intent);

/**
 * Reads an intent for a wallet at a time.
 * @throws TrefoilError `input/*`, `channel/wrong-wallet`, `intent/expired`, `intent/expiry-too-far`
 */
export function readIntent(bytes: Uint8Array, expected: { walletId: WalletId; now: UnixMs }): Intent {
  const operation = 'readIntent';
  const intent = decode(IntentSchema, bytes, INTENT_MAX_BYTES);
  if (intent.version !== VERSION)
    throw new TrefoilError('input/unsupported-version', { operation, detail: `this side speaks version ${VERSION}` });
  if (intent.requests.length === 0 || intent.requests.length > REQUESTS_MAX_COUNT) {
    throw new TrefoilError('input/malformed', { operation, detail: `an approval covers 1 to ${REQUESTS_MAX_COUNT} requests` });
  }
  const walletId = parseWalletId(intent.walletId);
  if (walletId !== expected.walletId) throw new TrefoilError('channel/wrong-wallet', { operation });
  const left = Number(intent.expiresAtMs) - expected.now;
  if (left <= 0) throw new TrefoilError('intent/expired', { operation });
  if (left > INTENT_MAX_LIFETIME_MS + CLOCK_SKEW_MS) throw new TrefoilError('intent/expiry-too-far', { operation });
  return {
    walletId,
    intentId: parseIntentId(intent.intentId),
    expiresAt: Number(intent.expiresAtMs) as UnixMs,
    requests: intent.requests.map(({ chain, account, unsigned }) => ({
      chain: chain as ChainId,
      account: parseAccount(account),
      unsigned,
    })),
  };
}

/**
 * Requires that the wallet's device identity approved exactly these bytes.
 * @throws TrefoilError `intent/not-authorised`
 */
export async function requireAuthorisation(
  intent: Uint8Array,
  authorisation: Authorisation | undefined,
  deviceIdentity: Uint8Array,
): Promise<void> {
  const by = authorisation?.by;
  if (by?.case === 'deviceSignature' && (await verifySignature(deviceIdentity, intentHash(intent), by.value))) return;
  throw new TrefoilError('intent/not-authorised', { operation: 'requireAuthorisation' });
}
