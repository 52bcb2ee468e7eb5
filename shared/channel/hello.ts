/**
 * The opening of a session. Every party signs one hello; together they fix the parties, their identities and
 * one-use keys, the protocol, the wallet, the epoch and fresh nonces. The session id is the hash of all of them, so a
 * relay that changes any of it ends up with parties in different sessions.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { sha256 } from '@noble/hashes/sha2.js';
import { TrefoilError } from '../errors.ts';
import {
  type Epoch,
  idBytes,
  type PartyId,
  parseEpoch,
  parsePartyId,
  parseSessionId,
  parseWalletId,
  type SessionId,
  type WalletId,
} from '../ids.ts';
import { COMMITMENTS_MAX_COUNT, ROSTER_MAX_COUNT } from '../limits.ts';
import { platformRandom, type RandomBytes } from '../ports/random-bytes.ts';
import { decode } from '../proto/decode.ts';
import { HelloSchema, type SignedHello, SignedHelloSchema } from '../proto/gen/trefoil/v1/channel_pb.js';
import { ceremonyOf, type KnownProtocol } from '../session/ceremonies.ts';
import { encodeParts, equalBytes, hashParts } from './bytes.ts';
import { IDENTITY_KEY_BYTES, type Identity, verifySignature } from './identity.ts';

const VERSION = 1;
const NONCE_BYTES = 32;
const ONE_USE_KEY_BYTES = 32;
const HELLO_MAX_BYTES = 4096;
const SIGNATURE_DOMAIN = 'trefoil/hello/v1';
const SESSION_DOMAIN = 'trefoil/session/v1';

/** Identity keys by party, in rising order of party ids. */
export type Roster = ReadonlyMap<PartyId, Uint8Array>;

/** What all parties of a session must say alike. */
export interface SessionTerms {
  readonly protocol: KnownProtocol;
  readonly walletId: WalletId;
  readonly epoch: Epoch;
  readonly roster: Roster;
  readonly threshold: number;
}

/** A hello whose signature, sizes and order were checked. */
export interface VerifiedHello extends SessionTerms {
  readonly party: PartyId;
  /** The key of `party` in the roster, which signed this hello: 32 bytes. */
  readonly identity: Uint8Array;
  readonly oneUseKey: Uint8Array;
  readonly commitments: { readonly taproot: number; readonly ed25519: number };
  /** As it came: what is relayed, hashed into the session id and compared. */
  readonly signed: SignedHello;
}

/** Signs a hello for `party` with a fresh nonce. */
export async function makeHello(options: {
  terms: SessionTerms;
  party: PartyId;
  identity: Identity;
  oneUseKey: Uint8Array;
  commitments?: { taproot: number; ed25519: number };
  random?: RandomBytes;
}): Promise<SignedHello> {
  const { terms, party, identity, oneUseKey, random = platformRandom } = options;
  const hello = toBinary(
    HelloSchema,
    create(HelloSchema, {
      version: VERSION,
      protocol: terms.protocol,
      walletId: idBytes(terms.walletId),
      epoch: BigInt(terms.epoch),
      party,
      roster: [...terms.roster].map(([id, key]) => ({ party: id, identity: key })),
      threshold: terms.threshold,
      nonce: random(NONCE_BYTES),
      oneUseKey,
      ...(options.commitments === undefined ? {} : { commitments: options.commitments }),
    }),
  );
  return create(SignedHelloSchema, { hello, signature: await identity.sign(encodeParts(SIGNATURE_DOMAIN, hello)) });
}

/**
 * Checks everything that a hello says about itself, its signature included. Whether its parties are the right ones
 * is the caller's to decide (see {@link requireSameTerms}).
 * @throws TrefoilError `input/*`, `channel/bad-signature`
 */
export async function verifyHello(signed: SignedHello): Promise<VerifiedHello> {
  const operation = 'verifyHello';
  const malformed = (detail: string): TrefoilError => new TrefoilError('input/malformed', { operation, detail });
  const hello = decode(HelloSchema, signed.hello, HELLO_MAX_BYTES);
  if (hello.version !== VERSION)
    throw new TrefoilError('input/unsupported-version', { operation, detail: `this side speaks version ${VERSION}` });
  const { protocol } = ceremonyOf(hello.protocol);
  if (hello.nonce.length !== NONCE_BYTES) throw malformed(`a nonce has ${NONCE_BYTES} bytes`);
  if (hello.oneUseKey.length !== ONE_USE_KEY_BYTES) throw malformed(`a one-use key has ${ONE_USE_KEY_BYTES} bytes`);
  const roster = readRoster(hello.roster);
  if (hello.threshold < 2 || hello.threshold > ROSTER_MAX_COUNT) throw malformed(`a threshold is from 2 to ${ROSTER_MAX_COUNT}`);
  const party = parsePartyId(hello.party);
  const identity = roster.get(party);
  if (identity === undefined) throw malformed('the sender is not in its own roster');
  const commitments = { taproot: hello.commitments?.taproot ?? 0, ed25519: hello.commitments?.ed25519 ?? 0 };
  if (commitments.taproot + commitments.ed25519 > COMMITMENTS_MAX_COUNT) {
    throw new TrefoilError('input/too-large', { operation, detail: `at most ${COMMITMENTS_MAX_COUNT} commitments in a session` });
  }
  if (!(await verifySignature(identity, encodeParts(SIGNATURE_DOMAIN, signed.hello), signed.signature))) {
    throw new TrefoilError('channel/bad-signature', { operation, culprits: [party] });
  }
  return {
    protocol,
    walletId: parseWalletId(hello.walletId),
    epoch: parseEpoch(hello.epoch),
    roster,
    threshold: hello.threshold,
    party,
    identity,
    oneUseKey: hello.oneUseKey,
    commitments,
    signed,
  };
}

function readRoster(members: readonly { party: number; identity: Uint8Array }[]): Roster {
  const operation = 'verifyHello';
  if (members.length < 2 || members.length > ROSTER_MAX_COUNT) {
    throw new TrefoilError('input/malformed', { operation, detail: `a roster has 2 to ${ROSTER_MAX_COUNT} members` });
  }
  const roster = new Map<PartyId, Uint8Array>();
  let previous = 0;
  for (const member of members) {
    if (member.identity.length !== IDENTITY_KEY_BYTES) {
      throw new TrefoilError('input/malformed', { operation, detail: `an identity key has ${IDENTITY_KEY_BYTES} bytes` });
    }
    if (member.party <= previous)
      throw new TrefoilError('input/malformed', { operation, detail: 'a roster is ordered and names each party once' });
    previous = member.party;
    roster.set(parsePartyId(member.party), member.identity);
  }
  return roster;
}

/**
 * Requires that two sides mean the same session terms.
 * @throws TrefoilError `channel/wrong-wallet`, `channel/wrong-epoch`, `channel/roster-mismatch`, `input/malformed`
 */
export function requireSameTerms(hello: VerifiedHello, terms: SessionTerms): void {
  const context = { operation: 'requireSameTerms', culprits: [hello.party] };
  if (hello.walletId !== terms.walletId) throw new TrefoilError('channel/wrong-wallet', context);
  if (hello.epoch !== terms.epoch) throw new TrefoilError('channel/wrong-epoch', context);
  if (hello.protocol !== terms.protocol) throw new TrefoilError('input/malformed', { ...context, detail: 'another protocol' });
  if (hello.threshold !== terms.threshold || !sameRoster(hello.roster, terms.roster))
    throw new TrefoilError('channel/roster-mismatch', context);
}

/** True when both rosters hold the same parties with the same identity keys. */
export function sameRoster(a: Roster, b: Roster): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([party, key]) => {
    const other = b.get(party);
    return other !== undefined && equalBytes(key, other);
  });
}

/**
 * The session's name, from one hello of every member of the roster.
 * @throws TrefoilError `channel/roster-mismatch` when a hello is missing, extra, or of other terms
 */
export function sessionIdOf(hellos: readonly VerifiedHello[], terms: SessionTerms): SessionId {
  const byParty = new Map(hellos.map((hello) => [hello.party, hello]));
  if (hellos.length !== terms.roster.size || byParty.size !== terms.roster.size) {
    throw new TrefoilError('channel/roster-mismatch', { operation: 'sessionIdOf', detail: 'one hello of each party is needed' });
  }
  const hashes = [...terms.roster.keys()].map((party) => {
    const hello = byParty.get(party);
    if (hello === undefined)
      throw new TrefoilError('channel/roster-mismatch', { operation: 'sessionIdOf', detail: `party ${party} said no hello` });
    requireSameTerms(hello, terms);
    return sha256(hello.signed.hello);
  });
  return parseSessionId(hashParts(SESSION_DOMAIN, ...hashes));
}
