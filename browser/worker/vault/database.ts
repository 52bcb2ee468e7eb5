/**
 * The vault's tables in IndexedDB.
 *
 * Must never: hold a share, an identity seed or a data key in the clear. Everything in `records` is sealed; `unlocks` holds the
 * data key only wrapped; the rest is public or a counter.
 */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { TrefoilError } from '#shared/errors.ts';
import type { Epoch, PartyId, UnixMs, WalletId } from '#shared/ids.ts';
import type { RecordKind, SealedRecord } from './sealed-record.ts';
import type { UnlockRow } from './unlock/unlock-row.ts';

/** One epoch of a wallet, and the SHA-256 of its public package. */
interface EpochMark {
  readonly epoch: Epoch;
  readonly packageHash: Uint8Array;
}

/** Where a wallet stands in this browser. */
export interface WalletRow {
  readonly walletId: WalletId;
  readonly party: PartyId;
  readonly createdAt: UnixMs;
  /** What this browser signs with. */
  readonly committed: EpochMark | null;
  /** The newest epoch that every party has committed. Null: the wallet's creation never finished and nobody saw an address. */
  readonly complete: Epoch | null;
  readonly prepared: EpochMark | null;
}

/** Wrong passphrases since the last right one. */
interface AttemptsRow {
  readonly walletId: WalletId;
  readonly failed: number;
  readonly retryAt: UnixMs;
}

/** Which tab may write. A tab that lost the vault finds another token here and its transaction aborts. */
interface WriterRow {
  readonly id: 'writer';
  readonly token: string;
}

interface VaultSchema extends DBSchema {
  wallets: { key: WalletId; value: WalletRow };
  records: { key: [WalletId, RecordKind, Epoch]; value: SealedRecord };
  unlocks: { key: WalletId; value: UnlockRow };
  attempts: { key: WalletId; value: AttemptsRow };
  writer: { key: 'writer'; value: WriterRow };
}

export type VaultDatabase = IDBPDatabase<VaultSchema>;
type VaultTable = 'wallets' | 'records' | 'unlocks' | 'attempts' | 'writer';
export type WriteTransaction = IDBPTransaction<VaultSchema, VaultTable[], 'readwrite'>;

const SCHEMA_VERSION = 1;
const TABLES: VaultTable[] = ['wallets', 'records', 'unlocks', 'attempts', 'writer'];

/** Opens the database, creating it where it does not exist. */
export function openVaultDatabase(name: string): Promise<VaultDatabase> {
  return openDB<VaultSchema>(name, SCHEMA_VERSION, {
    upgrade(database) {
      database.createObjectStore('wallets', { keyPath: 'walletId' });
      database.createObjectStore('records', { keyPath: ['walletId', 'kind', 'epoch'] });
      database.createObjectStore('unlocks', { keyPath: 'walletId' });
      database.createObjectStore('attempts', { keyPath: 'walletId' });
      database.createObjectStore('writer', { keyPath: 'id' });
    },
    blocking(_current, _next, event) {
      // A newer page wants to upgrade: let it, or both tabs hang.
      (event.target as IDBDatabase).close();
    },
  });
}

/** Makes `token` the only writer. Call it only while holding the tab lock. */
export async function claimWriter(database: VaultDatabase, token: string): Promise<void> {
  const transaction = database.transaction('writer', 'readwrite', { durability: 'strict' });
  await transaction.store.put({ id: 'writer', token });
  await transaction.done;
}

/**
 * One atomic, durable step over all tables. `change` must only await requests of the transaction it is given.
 * @throws TrefoilError `vault/in-use` when another tab has become the writer
 */
export async function writeAtomically(
  database: VaultDatabase,
  token: string,
  change: (transaction: WriteTransaction) => Promise<void>,
): Promise<void> {
  const transaction = database.transaction(TABLES, 'readwrite', { durability: 'strict' });
  // An abort rejects `done` as well; the error that caused it is the one to report.
  transaction.done.catch(() => {});
  try {
    const writer = await transaction.objectStore('writer').get('writer');
    if (writer?.token !== token) {
      throw new TrefoilError('vault/in-use', { operation: 'writeAtomically' });
    }
    await change(transaction);
  } catch (failure) {
    try {
      transaction.abort();
    } catch {
      // It had already aborted by itself.
    }
    throw failure;
  }
  await transaction.done;
}

/** Deletes whatever the vault holds of one wallet. */
export async function forgetWallet(transaction: WriteTransaction, walletId: WalletId): Promise<void> {
  await transaction.objectStore('wallets').delete(walletId);
  await transaction.objectStore('unlocks').delete(walletId);
  await transaction.objectStore('attempts').delete(walletId);
  // An empty array sorts after every string: this range is all keys that begin with the wallet id.
  await transaction.objectStore('records').delete(IDBKeyRange.bound([walletId], [walletId, []]));
}
