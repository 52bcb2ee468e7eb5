/** What only a storage on a disk can get wrong; what all do alike is in `conformance.test.ts`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EpochRecord } from '#shared/ports/epoch-store.ts';
import { codeOf } from '#test/support/code-of.ts';
import { acceptedIntent, certificateOf, epochRecord, PLAINTEXT_SHARE } from '#test/support/node-records.ts';
import { createKeyring, openKeyring } from '../../at-rest/local-keyring.ts';
import { Database } from './database.ts';
import { SqliteStorage } from './sqlite-storage.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trefoil-storage-'));
  createKeyring(join(folder, 'keyring.json'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (): string => join(folder, 'node.sqlite');
const open = (): SqliteStorage => new SqliteStorage(file(), openKeyring(join(folder, 'keyring.json')));
/** The same file beside the storage, as an operator's tools would open it. */
const look = (): DatabaseSync => new DatabaseSync(file());

async function keep(storage: SqliteStorage): Promise<EpochRecord> {
  const record = epochRecord();
  await storage.shares.prepare(record);
  await storage.shares.commit(certificateOf(record));
  return record;
}

describe('storage in SQLite', () => {
  it('gives a share back after a restart, and no plaintext is on the disk', async () => {
    const first = open();
    const { walletId } = await keep(first);
    first.close();
    const { shares } = open();
    const seen = await shares.withShare(await shares.committed(walletId), (share) => Uint8Array.from(share));
    expect(seen).toEqual(PLAINTEXT_SHARE);
    for (const name of ['node.sqlite', 'node.sqlite-wal']) {
      expect(readFileSync(join(folder, name)).includes(Buffer.from(PLAINTEXT_SHARE))).toBe(false);
    }
  });

  it('opens no share in another wallet’s row', async () => {
    const { shares } = open();
    const [mine, yours] = [await keep(open()), await keep(open())];
    look()
      .prepare(
        'UPDATE shares SET (sealed_share, wrapped_data_key) = (SELECT sealed_share, wrapped_data_key FROM shares WHERE wallet_id = ?) WHERE wallet_id = ?',
      )
      .run(yours.walletId, mine.walletId);
    expect(await codeOf(shares.withShare(await shares.committed(mine.walletId), () => 'opened'))).toBe('service/configuration');
  });

  it('knows an accepted intent after a restart', async () => {
    const intent = acceptedIntent();
    const first = open();
    await first.unit(({ intents }) => intents.accept(intent));
    first.close();
    expect(await codeOf(open().unit(({ intents }) => intents.accept(intent)))).toBe('intent/repeated');
  });

  it('has accepted durably before it says so: a killed process leaves the id behind', () => {
    const script = `
      import { openKeyring } from ${JSON.stringify(join(import.meta.dirname, '../../at-rest/local-keyring.ts'))};
      import { SqliteStorage } from ${JSON.stringify(join(import.meta.dirname, 'sqlite-storage.ts'))};
      const storage = new SqliteStorage(${JSON.stringify(file())}, openKeyring(${JSON.stringify(join(folder, 'keyring.json'))}));
      await storage.unit(({ intents }) => intents.accept({ intentId: 'ab', walletId: 'cd', hash: new Uint8Array(32), acceptedAt: 1 }));
      process.kill(process.pid, 'SIGKILL');`;
    const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], { encoding: 'utf8' });
    expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
    expect(look().prepare('SELECT count(*) AS n FROM accepted_intents').get()).toEqual({ n: 1 });
  });

  it('refuses a database of a newer version and keeps it as it is', async () => {
    open().close();
    look().exec('PRAGMA user_version = 99');
    expect(await codeOf(() => open())).toBe('service/configuration');
    expect(look().prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
  });

  it('is in WAL mode with full synchronisation', () => {
    const database = new Database(file());
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  });
});
