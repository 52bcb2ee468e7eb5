/**
 * The blocks and the waiting transactions, on disk before anybody is told: btcd deletes its regtest chain whenever it
 * starts and never keeps its mempool.
 */
import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS blocks (height INTEGER PRIMARY KEY, hex TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS waiting (txid TEXT PRIMARY KEY, hex TEXT NOT NULL, arrival INTEGER NOT NULL);
`;

export class BlockJournal {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(SCHEMA);
  }

  /** In the order of the chain. */
  blocks(): string[] {
    return this.#database
      .prepare('SELECT hex FROM blocks ORDER BY height')
      .all()
      .map(({ hex }) => String(hex));
  }

  /** In the order of arrival. */
  waiting(): { txid: string; hex: string }[] {
    return this.#database
      .prepare('SELECT txid, hex FROM waiting ORDER BY arrival')
      .all()
      .map(({ txid, hex }) => ({ txid: String(txid), hex: String(hex) }));
  }

  addWaiting(txid: string, hex: string): void {
    this.#database.prepare('INSERT OR IGNORE INTO waiting SELECT ?, ?, COALESCE(MAX(arrival), 0) + 1 FROM waiting').run(txid, hex);
  }

  dropWaiting(txid: string): void {
    this.#database.prepare('DELETE FROM waiting WHERE txid = ?').run(txid);
  }

  /** The blocks, and that their transactions no longer wait, in one step. */
  addBlocks(blocks: readonly { height: number; hex: string; txids: readonly string[] }[]): void {
    this.#database.exec('BEGIN IMMEDIATE');
    for (const { height, hex, txids } of blocks) {
      this.#database.prepare('INSERT OR REPLACE INTO blocks VALUES (?, ?)').run(height, hex);
      for (const txid of txids) this.dropWaiting(txid);
    }
    this.#database.exec('COMMIT');
  }

  close(): void {
    this.#database.close();
  }
}
