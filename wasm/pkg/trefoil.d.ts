/* tslint:disable */
/* eslint-disable */

/**
 * The keys that have BIP32 children.
 */
export enum DerivableKey {
    /**
     * The ECDSA key.
     */
    Ecdsa = 0,
    /**
     * The BIP340 internal key.
     */
    Taproot = 1,
}

/**
 * A public key out of a BIP32 derivation.
 */
export class DerivedKey {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Derives a child out of a public package.
     */
    static derive(public_package: Uint8Array | number[], key: DerivableKey, path: Uint32Array | number[]): DerivedKey;
    /**
     * 32 bytes.
     */
    readonly chainCode: Uint8Array;
    /**
     * Compressed SEC1, 33 bytes.
     */
    readonly key: Uint8Array;
}

/**
 * One run of the signer that wants the signature.
 */
export class EcdsaInitiator {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Takes the presignature: its handle is dead afterwards, whatever happens.
     */
    constructor(share: KeyShare, presignature: Presignature, path: Uint32Array | number[], digest: Uint8Array | number[], responder: number);
    /**
     * r, s and the recovery id, 65 bytes, verified, once they are there.
     */
    outcome(): Uint8Array | undefined;
    /**
     * Takes an authenticated message.
     */
    receive(from: number, round: number, payload: Uint8Array): Outgoing[];
    /**
     * Opens the run.
     */
    start(): Outgoing[];
}

/**
 * One run of the signer that helps.
 */
export class EcdsaResponder {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Takes the presignature: its handle is dead afterwards, whatever happens.
     */
    constructor(share: KeyShare, presignature: Presignature, path: Uint32Array | number[], digest: Uint8Array | number[], initiator: number);
    /**
     * Whether the part was handed out.
     */
    outcome(): boolean;
    /**
     * Takes an authenticated message.
     */
    receive(from: number, round: number, payload: Uint8Array): Outgoing[];
    /**
     * Opens the run; the responder has nothing to say yet.
     */
    start(): Outgoing[];
}

/**
 * A failure of the engine, as data: the host has the words.
 */
export class EngineError {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * `caller`, `peer` or `bug`.
     */
    readonly blame: string;
    /**
     * `engine/…`, one of the codes of the catalogue.
     */
    readonly code: string;
    /**
     * Parties that provably broke the protocol.
     */
    readonly culprits: Uint16Array;
    /**
     * Our own words about this case.
     */
    readonly detail: string;
    /**
     * The round, from 1; absent outside of rounds.
     */
    readonly round: number | undefined;
}

/**
 * The suites that sign with FROST.
 */
export enum FrostSuite {
    /**
     * BIP340 under the BIP341 output key of an empty tree.
     */
    Taproot = 0,
    /**
     * RFC 8032.
     */
    Ed25519 = 1,
}

/**
 * One run of the party that wants the signature.
 */
export class Initiator {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Makes nonces and signs with the responder's commitments.
     */
    constructor(share: KeyShare, suite: FrostSuite, path: Uint32Array | number[], digest: Uint8Array | number[], responder: number, responder_commitments: Uint8Array | number[]);
    /**
     * The 64-byte verified signature once it is there.
     */
    outcome(): Uint8Array | undefined;
    /**
     * Takes an authenticated message.
     */
    receive(from: number, round: number, payload: Uint8Array): Outgoing[];
    /**
     * Opens the run.
     */
    start(): Outgoing[];
}

/**
 * A validated share of the three keys.
 */
export class KeyShare {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Decodes and validates a stored share.
     */
    static decode(encoded: Uint8Array, public_package: Uint8Array | number[]): KeyShare;
    /**
     * The plaintext encoding, to be sealed at once.
     */
    encode(): Uint8Array;
    /**
     * The public package that it belongs to.
     */
    publicPackage(): Uint8Array;
    /**
     * Whose share it is.
     */
    readonly party: number;
}

/**
 * One party's run of the key generation.
 */
export class Keygen {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Prepares a run; `context` is 32 bytes that bind the session.
     */
    constructor(own: number, roster: Uint16Array | number[], threshold: number, context: Uint8Array | number[]);
    /**
     * The share once it is there.
     */
    outcome(): KeyShare | undefined;
    /**
     * Takes an authenticated message.
     */
    receive(from: number, round: number, payload: Uint8Array): Outgoing[];
    /**
     * Opens the run.
     */
    start(): Outgoing[];
}

/**
 * Secret nonces of one future signature. There is no way to read or copy them.
 */
export class Nonces {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The public commitments.
     */
    commitments(): Uint8Array;
    /**
     * Draws nonces for a signature under this share.
     */
    constructor(share: KeyShare, suite: FrostSuite);
}

/**
 * A message to seal and send.
 */
export class Outgoing {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The plaintext. Frees the handle.
     */
    intoPayload(): Uint8Array;
    /**
     * The round, from 1.
     */
    readonly round: number;
    /**
     * The receiver, or 0 for all others.
     */
    readonly to: number;
}

/**
 * One party's run for a batch of presignatures.
 */
export class Presign {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The ask for a signature with a presignature that is complete only with the other signer's last message.
     */
    askEarly(index: number, path: Uint32Array | number[], digest: Uint8Array | number[]): Uint8Array;
    /**
     * Prepares a run; `context` is 32 bytes that bind the session.
     */
    constructor(share: KeyShare, signers: Uint16Array | number[], count: number, context: Uint8Array | number[]);
    /**
     * The batch once it is there.
     */
    outcome(): Presignature[] | undefined;
    /**
     * Takes an authenticated message.
     */
    receive(from: number, round: number, payload: Uint8Array): Outgoing[];
    /**
     * Opens the run.
     */
    start(): Outgoing[];
}

/**
 * One party's part of one future signature. There is no way to read or copy it.
 */
export class Presignature {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * 32 bytes, the same for all its signers. Public.
     */
    readonly id: Uint8Array;
}

/**
 * What everyone may know of a wallet.
 */
export class PublicKeys {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Reads a public package.
     */
    static decode(public_package: Uint8Array | number[]): PublicKeys;
    /**
     * Chain code of the ECDSA key, 32 bytes.
     */
    readonly ecdsaChainCode: Uint8Array;
    /**
     * Compressed SEC1, 33 bytes.
     */
    readonly ecdsa: Uint8Array;
    /**
     * RFC 8032, 32 bytes.
     */
    readonly ed25519: Uint8Array;
    /**
     * The parties, ascending.
     */
    readonly roster: Uint16Array;
    /**
     * Chain code of the BIP340 internal key, 32 bytes.
     */
    readonly taprootChainCode: Uint8Array;
    /**
     * Compressed SEC1 internal key, 33 bytes.
     */
    readonly taproot: Uint8Array;
    /**
     * How many parties a signature needs.
     */
    readonly threshold: number;
}

/**
 * One run of the party that helps.
 */
export class Responder {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Takes the nonces: their handle is dead afterwards, whatever happens.
     */
    constructor(share: KeyShare, nonces: Nonces, path: Uint32Array | number[], digest: Uint8Array | number[], initiator: number);
    /**
     * Whether the share was handed out.
     */
    outcome(): boolean;
    /**
     * Takes an authenticated message.
     */
    receive(from: number, round: number, payload: Uint8Array): Outgoing[];
    /**
     * Opens the run; the responder has nothing to say yet.
     */
    start(): Outgoing[];
}

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_derivedkey_free: (a: number, b: number) => void;
    readonly __wbg_ecdsainitiator_free: (a: number, b: number) => void;
    readonly __wbg_ecdsaresponder_free: (a: number, b: number) => void;
    readonly __wbg_engineerror_free: (a: number, b: number) => void;
    readonly __wbg_initiator_free: (a: number, b: number) => void;
    readonly __wbg_keygen_free: (a: number, b: number) => void;
    readonly __wbg_keyshare_free: (a: number, b: number) => void;
    readonly __wbg_nonces_free: (a: number, b: number) => void;
    readonly __wbg_outgoing_free: (a: number, b: number) => void;
    readonly __wbg_presign_free: (a: number, b: number) => void;
    readonly __wbg_presignature_free: (a: number, b: number) => void;
    readonly __wbg_publickeys_free: (a: number, b: number) => void;
    readonly __wbg_responder_free: (a: number, b: number) => void;
    readonly derivedkey_chainCode: (a: number) => [number, number];
    readonly derivedkey_derive: (a: number, b: number, c: number, d: number, e: number) => [number, number, number];
    readonly derivedkey_key: (a: number) => [number, number];
    readonly ecdsainitiator_new: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => [number, number, number];
    readonly ecdsainitiator_outcome: (a: number) => [number, number, number, number];
    readonly ecdsainitiator_receive: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly ecdsainitiator_start: (a: number) => [number, number];
    readonly ecdsaresponder_new: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => [number, number, number];
    readonly ecdsaresponder_outcome: (a: number) => [number, number, number];
    readonly ecdsaresponder_receive: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly ecdsaresponder_start: (a: number) => [number, number];
    readonly engineerror_blame: (a: number) => [number, number];
    readonly engineerror_code: (a: number) => [number, number];
    readonly engineerror_culprits: (a: number) => [number, number];
    readonly engineerror_detail: (a: number) => [number, number];
    readonly engineerror_round: (a: number) => number;
    readonly initiator_new: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number) => [number, number, number];
    readonly initiator_outcome: (a: number) => [number, number, number, number];
    readonly initiator_receive: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly initiator_start: (a: number) => [number, number];
    readonly keygen_new: (a: number, b: number, c: number, d: number, e: number, f: number) => [number, number, number];
    readonly keygen_outcome: (a: number) => [number, number, number];
    readonly keygen_receive: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly keygen_start: (a: number) => [number, number];
    readonly keyshare_decode: (a: number, b: number, c: number) => [number, number, number];
    readonly keyshare_encode: (a: number) => [number, number, number];
    readonly keyshare_party: (a: number) => number;
    readonly keyshare_publicPackage: (a: number) => [number, number];
    readonly nonces_commitments: (a: number) => [number, number, number, number];
    readonly nonces_new: (a: number, b: number) => number;
    readonly outgoing_intoPayload: (a: number) => number;
    readonly outgoing_round: (a: number) => number;
    readonly outgoing_to: (a: number) => number;
    readonly presign_askEarly: (a: number, b: number, c: number, d: number, e: number, f: number) => [number, number, number];
    readonly presign_new: (a: number, b: number, c: number, d: number, e: number, f: number) => [number, number, number];
    readonly presign_outcome: (a: number) => [number, number, number, number];
    readonly presign_receive: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly presign_start: (a: number) => [number, number];
    readonly presignature_id: (a: number) => [number, number];
    readonly publickeys_decode: (a: number, b: number) => [number, number, number];
    readonly publickeys_ecdsa: (a: number) => [number, number];
    readonly publickeys_ecdsaChainCode: (a: number) => [number, number];
    readonly publickeys_ed25519: (a: number) => [number, number];
    readonly publickeys_roster: (a: number) => [number, number];
    readonly publickeys_taproot: (a: number) => [number, number];
    readonly publickeys_taprootChainCode: (a: number) => [number, number];
    readonly publickeys_threshold: (a: number) => number;
    readonly responder_new: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => [number, number, number];
    readonly responder_outcome: (a: number) => [number, number, number];
    readonly responder_receive: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly responder_start: (a: number) => [number, number];
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
