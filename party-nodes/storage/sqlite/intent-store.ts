/** The ids of accepted intents, durably: an approval is good for one signature, also after a crash. */
import type { DatabaseSync } from 'node:sqlite';
import { TrefoilError } from '#shared/errors.ts';
import type { IntentId, UnixMs, WalletId } from '#shared/ids.ts';

export class IntentStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** On disk when this returns. @throws TrefoilError `intent/repeated` */
  accept(intent: { intentId: IntentId; walletId: WalletId; hash: Uint8Array; now: UnixMs }): void {
    const { changes } = this.#database
      .prepare(
        'INSERT INTO accepted_intents (intent_id, wallet_id, intent_hash, accepted_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      )
      .run(intent.intentId, intent.walletId, intent.hash, intent.now);
    if (Number(changes) !== 1) throw new TrefoilError('intent/repeated', { operation: 'accept' });
  }
}
