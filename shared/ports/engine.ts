/**
 * The signing engine as its users see it. `wasm/js` implements it over the WASM module; the session layer
 * drives it. It is sans-IO: no clock, no network, no storage; randomness comes from the platform inside the module.
 *
 * Must never: hand out a secret nonce, reconstruct a key, or accept randomness from a caller.
 */
import type { TrefoilError } from '../errors.ts';
import type { PartyId } from '../ids.ts';

/** The three master keys of a wallet, in the order of every encoding. */
export const KEY_KINDS = ['ecdsa', 'taproot', 'ed25519'] as const;
/** Which of the wallet's keys. */
export type KeyKind = (typeof KEY_KINDS)[number];
/** The FROST suites, which sign in one round trip with committed nonces. */
export type FrostSuite = Exclude<KeyKind, 'ecdsa'>;

/** One message for one party, or for all others (`to: 0`). The payload is plaintext: seal it before it leaves. */
export interface Outgoing {
  readonly to: PartyId | 0;
  /** From 1; the receiver passes it back to {@link Machine.receive}. */
  readonly round: number;
  readonly payload: Uint8Array;
}

/** Where a run stands. `aborted` is final: a machine never recovers. */
export type Outcome<T> =
  | { readonly status: 'pending' }
  | { readonly status: 'done'; readonly result: T }
  | { readonly status: 'aborted'; readonly error: TrefoilError };

/**
 * One protocol run of one party. `start` once, then `receive` every message addressed to this party, in any
 * order within a round; the outgoing messages of a round come from the call that makes them possible. A
 * bad message aborts the run: `receive` returns nothing and `outcome` carries the typed error.
 */
export interface Machine<T> {
  start(): Outgoing[];
  receive(from: PartyId, round: number, payload: Uint8Array): Outgoing[];
  outcome(): Outcome<T>;
  /** Zeroises what the run holds. Safe to call more than once. */
  free(): void;
}

/** A validated share of all three keys; lives inside the engine's memory. */
export interface KeyShare {
  readonly party: PartyId;
  /** The public package this share belongs to (see {@link PublicKeys}); not secret. */
  readonly publicPackage: Uint8Array;
  /** Plaintext share, under 1 kB, version and suite first. Only to be sealed at once; the caller wipes it. */
  encode(): Uint8Array;
  free(): void;
}

/** What everyone may know of a wallet. */
export interface PublicKeys {
  readonly threshold: number;
  readonly roster: readonly PartyId[];
  /** Compressed SEC1 point, 33 bytes. */
  readonly ecdsa: Uint8Array;
  /** Compressed SEC1 internal key, 33 bytes (real parity); its x coordinate is the BIP341 internal key. */
  readonly taproot: Uint8Array;
  /** RFC 8032 public key, 32 bytes. */
  readonly ed25519: Uint8Array;
  /** 32-byte chain codes for BIP32, bound to the keygen session. */
  readonly chainCodes: { readonly ecdsa: Uint8Array; readonly taproot: Uint8Array };
}

/** Secret nonces of one future FROST signature. Consumed by {@link Engine.respond}; there is no way to copy or save it. */
export interface Nonces {
  readonly suite: FrostSuite;
  /** Public commitments (hiding and binding), to be given to the initiator. */
  readonly commitments: Uint8Array;
  /** Zeroises the nonces without using them. */
  free(): void;
}

export interface Engine {
  /**
   * Dealerless key generation of the three master keys: round 1 (commitments and proofs of knowledge, to all),
   * round 2 (one share to each), round 3 (echo hash over context, all round-1 packages, group keys, verifying shares,
   * chain codes; to all).
   * @param context 32 bytes that bind the session: every party must pass the same.
   */
  keygen(options: { party: PartyId; roster: readonly PartyId[]; threshold: number; context: Uint8Array }): Machine<KeyShare>;

  /** Decodes and validates a stored share: curve, range, length, version, and that it fits its public package. @throws TrefoilError `engine/stored-share` */
  decodeShare(encoded: Uint8Array, publicPackage: Uint8Array): KeyShare;

  /** Reads a public package. @throws TrefoilError `engine/malformed` */
  publicKeys(publicPackage: Uint8Array): PublicKeys;

  /** Makes the nonces of one future signature of the responder. */
  commit(share: KeyShare, suite: FrostSuite): Nonces;

  /**
   * The party that wants the signature. Round 1 out: its own commitments. Round 1 in: the responder's signature share.
   * The 64-byte signature has been verified under the group key (for `taproot`: under the BIP341 output key, empty tree).
   * @param digest `taproot`: the 32-byte sighash. `ed25519`: the message itself, at most 64 kB.
   */
  initiate(options: {
    share: KeyShare;
    suite: FrostSuite;
    digest: Uint8Array;
    responder: PartyId;
    responderCommitments: Uint8Array;
  }): Machine<Uint8Array>;

  /**
   * The party that helps. Consumes `nonces`: the handle is dead afterwards, whatever happens.
   * Round 1 in: the initiator's commitments. Round 1 out: the signature share. Done after that.
   * @throws TrefoilError `engine/nonce-spent` when the nonces were used before
   */
  respond(options: { share: KeyShare; nonces: Nonces; digest: Uint8Array; initiator: PartyId }): Machine<null>;
}
