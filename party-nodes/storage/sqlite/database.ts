/** The node's embedded database: SQLite in WAL mode with full synchronisation, so that what was answered survives a power cut. */
import { DatabaseSync } from 'node:sqlite';
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

/** @throws TrefoilError `service/configuration` for a database of a newer version */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000 });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  migrate(database);
  return database;
}

function migrate(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version > MIGRATIONS.length) {
    throw new TrefoilError('service/configuration', {
      operation: 'openDatabase',
      detail: `the database has version ${version}; this node knows ${MIGRATIONS.length}`,
    });
  }
  MIGRATIONS.slice(version).forEach((sql, i) => {
    inTransaction(database, () => database.exec(`${sql} PRAGMA user_version = ${version + i + 1};`));
  });
}

/** Runs `step` atomically: all of it is on disk when this returns, or none of it. */
export function inTransaction<T>(database: DatabaseSync, step: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = step();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
