/** The node's embedded database: SQLite in WAL mode with full synchronisation, so that what was answered survives a power cut. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { TrefoilError } from '#shared/errors.ts';

/** Each entry brings the schema from its index to the next version. Entries are never changed, only added. */
const MIGRATIONS = [
  `CREATE TABLE shares (
     wallet_id TEXT NOT NULL,
     epoch INTEGER NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('prepared', 'committed')),
     party INTEGER NOT NULL,
     wrapped_data_key BLOB NOT NULL,
     sealed_share BLOB NOT NULL,
     public_package BLOB NOT NULL,
     roster TEXT NOT NULL,
     certificate TEXT,
     PRIMARY KEY (wallet_id, epoch)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE accepted_intents (
     intent_id TEXT NOT NULL PRIMARY KEY,
     wallet_id TEXT NOT NULL,
     intent_hash BLOB NOT NULL,
     accepted_at_ms INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,
];

export class Database {
  readonly #handle: DatabaseSync;
  #queue: Promise<unknown> = Promise.resolve();

  /** @throws TrefoilError `service/configuration` for a database of a newer version */
  constructor(path: string) {
    this.#handle = new DatabaseSync(path, { timeout: 5000 });
    this.#handle.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    migrate(this.#handle);
  }

  /** A statement for one use. */
  prepare(sql: string): StatementSync {
    return this.#handle.prepare(sql);
  }

  /**
   * Runs `step` atomically, after those before it: all of it is on disk when this resolves, or none of it. The one connection is
   * inside the transaction meanwhile, so a step awaits nothing but this database.
   */
  transact<T>(step: () => T | Promise<T>): Promise<T> {
    const run = this.#queue.then(async () => {
      this.#handle.exec('BEGIN IMMEDIATE');
      try {
        const result = await step();
        this.#handle.exec('COMMIT');
        return result;
      } catch (error) {
        this.#handle.exec('ROLLBACK');
        throw error;
      }
    });
    this.#queue = run.catch(() => undefined);
    return run;
  }

  close(): void {
    this.#handle.close();
  }
}

function migrate(handle: DatabaseSync): void {
  const version = Number(handle.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version > MIGRATIONS.length) {
    throw new TrefoilError('service/configuration', {
      operation: 'openDatabase',
      detail: `the database has version ${version}; this node knows ${MIGRATIONS.length}`,
    });
  }
  MIGRATIONS.slice(version).forEach((sql, i) => {
    handle.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${version + i + 1}; COMMIT;`);
  });
}
