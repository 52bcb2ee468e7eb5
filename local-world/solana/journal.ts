/** What the local Solana has executed, on disk before anybody is told. The virtual machine is rebuilt from it. */
import { DatabaseSync } from 'node:sqlite';
import type { TransactionFailure } from './failure.ts';

/** An executed transaction as RPC methods tell of it. */
export interface Executed {
  readonly signature: string;
  readonly slot: number;
  readonly unixMs: number;
  /** Wire form. */
  readonly raw: Uint8Array;
  readonly accounts: readonly string[];
  readonly fee: number;
  readonly failure: TransactionFailure | null;
  readonly logs: readonly string[];
  readonly computeUnits: number;
  readonly preBalances: readonly number[];
  readonly postBalances: readonly number[];
}

export interface Genesis {
  readonly unixMs: number;
  readonly seed: Uint8Array;
  /** Ed25519 secret of the account that airdrops come from; its money exists on this machine only. */
  readonly faucetSecret: Uint8Array;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS genesis (unix_ms INTEGER NOT NULL, seed BLOB NOT NULL, faucet_secret BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS executed (sequence INTEGER PRIMARY KEY, signature TEXT NOT NULL UNIQUE, raw BLOB NOT NULL, record TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS mentions (account TEXT NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (account, sequence)) WITHOUT ROWID;
`;

type Row = Record<string, unknown> | undefined;

export class Journal {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(SCHEMA);
  }

  genesis(make: () => Genesis): Genesis {
    const row: Row = this.#database.prepare('SELECT unix_ms, seed, faucet_secret FROM genesis').get();
    if (row !== undefined) {
      return { unixMs: Number(row['unix_ms']), seed: row['seed'] as Uint8Array, faucetSecret: row['faucet_secret'] as Uint8Array };
    }
    const made = make();
    this.#database.prepare('INSERT INTO genesis VALUES (?, ?, ?)').run(made.unixMs, made.seed, made.faucetSecret);
    return made;
  }

  append(executed: Executed): void {
    const { raw, ...record } = executed;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const insert = this.#database.prepare('INSERT INTO executed (signature, raw, record) VALUES (?, ?, ?)');
      const { lastInsertRowid } = insert.run(executed.signature, raw, JSON.stringify(record));
      const mention = this.#database.prepare('INSERT INTO mentions VALUES (?, ?)');
      for (const account of new Set(executed.accounts)) mention.run(account, lastInsertRowid);
      this.#database.exec('COMMIT');
    } catch (cause) {
      this.#database.exec('ROLLBACK');
      throw cause;
    }
  }

  find(signature: string): Executed | undefined {
    return read(this.#database.prepare('SELECT raw, record FROM executed WHERE signature = ?').get(signature));
  }

  /** Newest first; both bounds are signatures and exclusive. */
  mentioning(account: string, options: { limit: number; before?: string | undefined; until?: string | undefined }): Executed[] {
    const sequenceOf = (signature: string | undefined, otherwise: number): number => {
      if (signature === undefined) return otherwise;
      const row: Row = this.#database.prepare('SELECT sequence FROM executed WHERE signature = ?').get(signature);
      return row === undefined ? otherwise : Number(row['sequence']);
    };
    const rows = this.#database
      .prepare(
        `SELECT raw, record FROM mentions JOIN executed USING (sequence)
         WHERE account = ? AND sequence < ? AND sequence > ? ORDER BY sequence DESC LIMIT ?`,
      )
      .all(account, sequenceOf(options.before, Number.MAX_SAFE_INTEGER), sequenceOf(options.until, 0), options.limit);
    return rows.flatMap((row) => read(row) ?? []);
  }

  /** Everything, in the order of execution. */
  *all(): Generator<Executed> {
    for (const row of this.#database.prepare('SELECT raw, record FROM executed ORDER BY sequence').iterate()) {
      const executed = read(row);
      if (executed !== undefined) yield executed;
    }
  }

  close(): void {
    this.#database.close();
  }
}

const read = (row: Row): Executed | undefined =>
  row === undefined ? undefined : { ...JSON.parse(String(row['record'])), raw: new Uint8Array(row['raw'] as Uint8Array) };
