/** A node's storage in one SQLite file, sealed with the node's KMS. */
import type { Kms } from '#party-nodes/at-rest/kms.ts';
import type { NodeStorage, UnitOfWork } from '../ports.ts';
import { Database } from './database.ts';
import { SqliteIntentStore } from './intent-store.ts';
import { SqliteShareStore } from './share-store.ts';

export class SqliteStorage implements NodeStorage {
  readonly shares: SqliteShareStore;
  readonly #database: Database;
  readonly #unit: UnitOfWork;

  /** @throws TrefoilError `service/configuration` for a database of a newer version */
  constructor(path: string, kms: Kms) {
    this.#database = new Database(path);
    this.shares = new SqliteShareStore(this.#database, kms);
    this.#unit = { shares: this.shares, intents: new SqliteIntentStore(this.#database) };
  }

  unit<T>(step: (unit: UnitOfWork) => Promise<T>): Promise<T> {
    return this.#database.transact(() => step(this.#unit));
  }

  close(): void {
    this.#database.close();
  }
}
