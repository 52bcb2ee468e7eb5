/** The ids of accepted intents in SQLite. */
import { TrefoilError } from '#shared/errors.ts';
import type { AcceptedIntent, IntentStore } from '../ports.ts';
import type { Database } from './database.ts';

export class SqliteIntentStore implements IntentStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async accept(intent: AcceptedIntent): Promise<void> {
    const { changes } = this.#database
      .prepare(
        'INSERT INTO accepted_intents (intent_id, wallet_id, intent_hash, accepted_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      )
      .run(intent.intentId, intent.walletId, intent.hash, intent.acceptedAt);
    if (Number(changes) !== 1) throw new TrefoilError('intent/repeated', { operation: 'accept' });
  }
}
