/**
 * What a node keeps, whatever keeps it. Two real implementations (SQLite, and later PostgreSQL) and a twin in memory pass the same
 * conformance tests. Every promise resolves when the step is durable and not before.
 */
import type { Roster } from '#shared/channel/hello.ts';
import type { Epoch, IntentId, PartyId, UnixMs, WalletId } from '#shared/ids.ts';
import type { EpochStore } from '#shared/ports/epoch-store.ts';

/** A committed wallet, without its share. */
export interface CommittedWallet {
  readonly walletId: WalletId;
  readonly epoch: Epoch;
  readonly party: PartyId;
  readonly publicPackage: Uint8Array;
  readonly roster: Roster;
}

/**
 * The node's shares at rest.
 *
 * Must never: write a plaintext share, or replace a committed epoch before its successor is committed.
 */
export interface ShareStore extends EpochStore {
  /** True when this node holds any epoch of the wallet, committed or not. */
  has(walletId: WalletId): Promise<boolean>;
  /** The newest committed epoch of a wallet. @throws TrefoilError `wallet/unknown`, `wallet/not-committed` */
  committed(walletId: WalletId): Promise<CommittedWallet>;
  /**
   * Lets `use` see the plaintext share for as long as it runs; it is wiped afterwards.
   * @throws TrefoilError `wallet/unknown`, `service/configuration` when it does not open
   */
  withShare<T>(wallet: CommittedWallet, use: (share: Uint8Array) => T): Promise<T>;
}

/** An approval that this node signs for. */
export interface AcceptedIntent {
  readonly intentId: IntentId;
  readonly walletId: WalletId;
  /** SHA-256 of the serialised intent, 32 bytes. */
  readonly hash: Uint8Array;
  readonly acceptedAt: UnixMs;
}

/** The ids of accepted intents: an approval is good for one signature, also after a crash. */
export interface IntentStore {
  /** @throws TrefoilError `intent/repeated` */
  accept(intent: AcceptedIntent): Promise<void>;
}

/** What is read and written in one atomic step: all of it is durable when the step ends, or none of it is. */
export interface UnitOfWork {
  readonly shares: Pick<ShareStore, 'committed'>;
  readonly intents: IntentStore;
}

export interface NodeStorage {
  readonly shares: ShareStore;
  /** Runs `step` as one unit, after those before it; a step that throws leaves nothing behind. It must await nothing but the unit. */
  unit<T>(step: (unit: UnitOfWork) => Promise<T>): Promise<T>;
  close(): void;
}
