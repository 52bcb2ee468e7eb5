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
/** The keys that have BIP32 children. */
export type DerivableKey = Exclude<KeyKind, 'ed25519'>;
/** A BIP32 path without hardening, from the master key: child numbers below 2^31, at most 8 of them. Empty for the master key itself. */
export type Path = readonly number[];

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

/** The public keys of one account of a wallet: what its addresses are made of. */
export interface AccountKeys {
  /** From 0. */
  readonly account: number;
  /** Compressed SEC1 point, 33 bytes. */
  readonly ecdsa: Uint8Array;
  /** Compressed SEC1 internal key, 33 bytes. */
  readonly taproot: Uint8Array;
  /** 32 bytes. Ed25519 keys have no children: only account 0 has one. */
  readonly ed25519: Uint8Array | undefined;
}

/** Secret nonces of one future FROST signature. Consumed by {@link Engine.respond}; there is no way to copy or save it. */
export interface Nonces {
  readonly suite: FrostSuite;
  /** Public commitments (hiding and binding), to be given to the initiator. */
  readonly commitments: Uint8Array;
  /** Zeroises the nonces without using them. */
  free(): void;
}

/** A public key out of a BIP32 derivation. */
export interface DerivedKey {
  /** Compressed SEC1 point, 33 bytes; for `taproot` the internal key with its real parity. */
  readonly key: Uint8Array;
  /** 32 bytes. Public, but with a child's secret it gives the master's: no child secret ever exists. */
  readonly chainCode: Uint8Array;
}

/** One party's part of one future ECDSA signature. Consumed by signing; there is no way to copy, read or save it. */
export interface Presignature {
  /** 32 bytes, the same for all its signers and no other presignature's. Public. */
  readonly id: Uint8Array;
  /** Zeroises it without using it. Safe to call more than once. */
  free(): void;
}

/** A run that makes presignatures; see {@link Engine.presign}. */
export interface PresignRun extends Machine<Presignature[]> {
  /**
   * The initiator's ask (round 1 of {@link Engine.initiateEcdsa}) for a presignature that will be complete only with the
   * responder's last message, so that a signature without a finished presignature takes two round trips. Possible once for each index, in a
   * run of two signers, between its own last message and the responder's. The presignature then signs this path and digest or nothing.
   * @param index of the presignature in the batch, from 0
   */
  askEarly(index: number, path: Path, digest: Uint8Array): Uint8Array;
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
   * @param path `taproot`: the child that signs. `ed25519` has no children: empty.
   * @param digest `taproot`: the 32-byte sighash. `ed25519`: the message itself, at most 64 kB.
   */
  initiate(options: {
    share: KeyShare;
    suite: FrostSuite;
    path: Path;
    digest: Uint8Array;
    responder: PartyId;
    responderCommitments: Uint8Array;
  }): Machine<Uint8Array>;

  /**
   * The party that helps. Consumes `nonces`: the handle is dead afterwards, whatever happens.
   * Round 1 in: the initiator's commitments. Round 1 out: the signature share. Done after that.
   * @throws TrefoilError `engine/nonce-spent` when the nonces were used before
   */
  respond(options: { share: KeyShare; nonces: Nonces; path: Path; digest: Uint8Array; initiator: PartyId }): Machine<null>;

  /** A child's public key, as every party computes it alone. @throws TrefoilError `engine/malformed`, `engine/misuse` for a hardened or too long path */
  derive(publicPackage: Uint8Array, key: DerivableKey, path: Path): DerivedKey;

  /**
   * Makes a batch of presignatures for the master `ecdsa` key. Three rounds; messages leave as soon as what they need is there, so
   * that two signers need two round trips. Any failed check aborts the run and destroys the whole batch.
   * @param signers exactly as many parties as the threshold, this one included
   * @param count 1 to 32
   * @param context 32 bytes that bind the session: the same at every signer, and never used for another batch
   */
  presign(options: { share: KeyShare; signers: readonly PartyId[]; count: number; context: Uint8Array }): PresignRun;

  /**
   * The one of two signers that wants the signature. Consumes `presignature`. Round 1 out: what asks. Round 1 in: the responder's reply.
   * The 65-byte result is r, s (low) and the recovery id (0 to 3); it was verified under the derived key.
   * @param digest 32 bytes that this party computed itself
   * @throws TrefoilError `engine/presignature-spent` when the presignature was used before
   */
  initiateEcdsa(options: {
    share: KeyShare;
    presignature: Presignature;
    path: Path;
    digest: Uint8Array;
    responder: PartyId;
  }): Machine<Uint8Array>;

  /**
   * The one of two signers that helps. Consumes `presignature`, whatever happens. Round 1 in: what the initiator asks; it aborts unless
   * both mean the same path and digest. Round 1 out: the reply.
   * @throws TrefoilError `engine/presignature-spent` when the presignature was used before
   */
  respondEcdsa(options: { share: KeyShare; presignature: Presignature; path: Path; digest: Uint8Array; initiator: PartyId }): Machine<null>;
}
