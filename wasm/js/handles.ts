/**
 * What lives in the memory of the module, as this side holds it: a reference that is forgotten when it is consumed or freed, so
 * that a second use is refused here with a typed error, before the module sees it.
 *
 * Must never: keep a copy of a secret, or offer one to be kept. Nonces and presignatures have no bytes on this side at all.
 */
import { TrefoilError } from '#shared/errors.ts';
import type { PartyId } from '#shared/ids.ts';
import type { FrostSuite, KeyShare, Nonces, Presignature } from '#shared/ports/engine.ts';
import type * as wasm from '../pkg/trefoil.js';
import { guarded, misuse } from './border.ts';

/** A validated share. */
export class ShareHandle implements KeyShare {
  readonly party: PartyId;
  readonly publicPackage: Uint8Array;
  #handle: wasm.KeyShare | null;

  constructor(handle: wasm.KeyShare) {
    this.#handle = handle;
    this.party = handle.party as PartyId;
    this.publicPackage = handle.publicPackage();
  }

  encode(): Uint8Array {
    return guarded('encodeShare', () => this.use('encodeShare').encode());
  }

  /** The live handle. @throws TrefoilError `engine/misuse` after {@link free} */
  use(operation: string): wasm.KeyShare {
    if (this.#handle === null) throw misuse(operation, 'the share was freed');
    return this.#handle;
  }

  free(): void {
    this.#handle?.free();
    this.#handle = null;
  }
}

/** Nonces that were not used yet. */
export class NoncesHandle implements Nonces {
  readonly suite: FrostSuite;
  readonly commitments: Uint8Array;
  #handle: wasm.Nonces | null;

  constructor(handle: wasm.Nonces, suite: FrostSuite) {
    this.#handle = handle;
    this.suite = suite;
    this.commitments = handle.commitments();
  }

  /** Hands the nonces over, once. @throws TrefoilError `engine/nonce-spent` */
  consume(operation: string): wasm.Nonces {
    const handle = this.#handle;
    if (handle === null) throw new TrefoilError('engine/nonce-spent', { operation });
    this.#handle = null;
    return handle;
  }

  free(): void {
    this.#handle?.free();
    this.#handle = null;
  }
}

/** A presignature that was not used yet. */
export class PresignatureHandle implements Presignature {
  readonly #id: Uint8Array;
  #handle: wasm.Presignature | null;

  constructor(handle: wasm.Presignature) {
    this.#handle = handle;
    this.#id = handle.id;
  }

  get id(): Uint8Array {
    return this.#id.slice();
  }

  /** Hands the presignature over, once. @throws TrefoilError `engine/presignature-spent` */
  consume(operation: string): wasm.Presignature {
    const handle = this.#handle;
    if (handle === null) throw new TrefoilError('engine/presignature-spent', { operation });
    this.#handle = null;
    return handle;
  }

  free(): void {
    this.#handle?.free();
    this.#handle = null;
  }
}

/** Prepares what goes into the module together with a handle that was already forgotten; wiped if that fails. */
export function withTaken<T>(taken: { free(): void }, prepare: () => T): T {
  try {
    return prepare();
  } catch (thrown) {
    taken.free();
    throw thrown;
  }
}

/** The module's share. @throws TrefoilError `engine/misuse` */
export function shareHandle(share: KeyShare, operation: string): wasm.KeyShare {
  if (!(share instanceof ShareHandle)) throw misuse(operation, 'the share is not one of this engine');
  return share.use(operation);
}
