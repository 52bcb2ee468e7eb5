/**
 * Where a party keeps its share of one wallet. Two real implementations: the browser's vault (IndexedDB) and the
 * node's share table (SQLite). Both seal the share before it touches a disk, and both write a step atomically and
 * durably before the returned promise resolves: a party only says PREPARED or COMMITTED after that.
 *
 * Must never: write a plaintext share, or lose the committed epoch while a newer one is only prepared.
 */
import type { Epoch, PartyId, WalletId } from '../ids.ts';

/** What a party has to keep for an epoch. */
export interface EpochRecord {
  readonly walletId: WalletId;
  readonly epoch: Epoch;
  readonly party: PartyId;
  /** Plaintext share from `KeyShare.encode()`; the store seals it and the caller wipes it afterwards. */
  readonly share: Uint8Array;
  readonly publicPackage: Uint8Array;
  /** Ed25519 identity keys of all parties, by party id. */
  readonly roster: ReadonlyMap<PartyId, Uint8Array>;
}

/** Proof that every party of the roster has prepared the same package: their signed PREPARED statements. */
export interface CommitCertificate {
  readonly walletId: WalletId;
  readonly epoch: Epoch;
  /** SHA-256 of the public package. */
  readonly publicPackageHash: Uint8Array;
  /** Ed25519 signature of each party's PREPARED statement. */
  readonly signatures: ReadonlyMap<PartyId, Uint8Array>;
}

export interface EpochStore {
  /** Stores the share as prepared. @throws TrefoilError `wallet/exists`, `epoch/conflict` */
  prepare(record: EpochRecord): Promise<void>;
  /** Makes the prepared epoch the wallet's current one, in one atomic step. @throws TrefoilError `epoch/conflict` */
  commit(certificate: CommitCertificate): Promise<void>;
  /**
   * Every party has said COMMITTED: older epochs are deleted, and a new wallet's addresses may be shown. Nothing else
   * deletes an epoch. @throws TrefoilError `epoch/conflict` when it is not the committed one
   */
  complete(walletId: WalletId, epoch: Epoch): Promise<void>;
}
