/** What every storage of a node does alike, tried from outside through its port. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomWalletId } from '#shared/ids.ts';
import { codeOf } from '#test/support/code-of.ts';
import { acceptedIntent, certificateOf, epochRecord, PLAINTEXT_SHARE } from '#test/support/node-records.ts';
import { createKeyring, openKeyring } from '../at-rest/local-keyring.ts';
import { MemoryStorage } from './memory/memory-storage.ts';
import type { AcceptedIntent, NodeStorage } from './ports.ts';
import { SqliteStorage } from './sqlite/sqlite-storage.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trefoil-storage-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function sqlite(): NodeStorage {
  const keyring = join(folder, 'keyring.json');
  createKeyring(keyring);
  return new SqliteStorage(join(folder, 'node.sqlite'), openKeyring(keyring));
}

const STORAGES: readonly (readonly [string, () => NodeStorage])[] = [
  ['SQLite', sqlite],
  ['memory', () => new MemoryStorage()],
];

describe.each(STORAGES)('a node’s storage in %s', (_name, make) => {
  let storage: NodeStorage;
  beforeEach(() => {
    storage = make();
  });
  afterEach(() => storage.close());

  /** A wallet that was prepared and committed. */
  async function committedRecord() {
    const record = epochRecord();
    await storage.shares.prepare(record);
    await storage.shares.commit(certificateOf(record));
    return record;
  }
  const accept = (intent: AcceptedIntent): Promise<void> => storage.unit(({ intents }) => intents.accept(intent));

  it('gives a committed share back, whatever its giver does with the bytes afterwards', async () => {
    const record = await committedRecord();
    record.share.fill(0);
    const wallet = await storage.shares.committed(record.walletId);
    expect(wallet).toMatchObject({ epoch: 0, party: 2, publicPackage: record.publicPackage, roster: record.roster });
    expect(await storage.shares.withShare(wallet, (share) => Uint8Array.from(share))).toEqual(PLAINTEXT_SHARE);
  });

  it('wipes the plaintext when its user is done, also after a failure', async () => {
    const { walletId } = await committedRecord();
    const seen: Uint8Array[] = [];
    const use = (share: Uint8Array): never => {
      seen.push(share);
      throw new Error('stopped');
    };
    await expect(storage.shares.withShare(await storage.shares.committed(walletId), use)).rejects.toThrow('stopped');
    expect(seen.map((share) => share.every((byte) => byte === 0))).toEqual([true]);
  });

  it('serves no wallet that was only prepared, and none twice', async () => {
    const record = epochRecord();
    expect(await storage.shares.has(record.walletId)).toBe(false);
    await storage.shares.prepare(record);
    expect(await storage.shares.has(record.walletId)).toBe(true);
    expect(await codeOf(storage.shares.committed(record.walletId))).toBe('wallet/not-committed');
    expect(await codeOf(storage.shares.committed(randomWalletId()))).toBe('wallet/unknown');
    expect(await codeOf(storage.shares.prepare(record))).toBe('wallet/exists');
  });

  it('commits only the package that was prepared, and completes only the epoch that was committed', async () => {
    const record = epochRecord();
    const { shares } = storage;
    await shares.prepare(record);
    expect(await codeOf(shares.commit({ ...certificateOf(record), publicPackageHash: sha256(new Uint8Array([9])) }))).toBe(
      'epoch/conflict',
    );
    expect(await codeOf(shares.commit({ ...certificateOf(record), walletId: randomWalletId() }))).toBe('epoch/conflict');
    expect(await codeOf(shares.committed(record.walletId))).toBe('wallet/not-committed');
    await shares.commit(certificateOf(record));
    expect(await codeOf(shares.complete(record.walletId, 1 as typeof record.epoch))).toBe('epoch/conflict');
    await shares.complete(record.walletId, record.epoch);
    expect((await shares.committed(record.walletId)).epoch).toBe(0);
  });

  it('accepts an intent id once, also when two ask at the same time', async () => {
    const intent = acceptedIntent();
    const codes = await Promise.all([codeOf(accept(intent)), codeOf(accept(intent)), codeOf(accept(acceptedIntent()))]);
    expect(codes).toEqual(['no error', 'intent/repeated', 'no error']);
    expect(await codeOf(accept(intent))).toBe('intent/repeated');
  });

  it('keeps nothing of a unit that fails, and reads in it what is committed', async () => {
    const { walletId } = await committedRecord();
    const intent = acceptedIntent();
    const failing = storage.unit(async ({ shares, intents }) => {
      expect((await shares.committed(walletId)).epoch).toBe(0);
      await intents.accept(intent);
      throw new Error('something else was not true');
    });
    await expect(failing).rejects.toThrow('something else');
    expect(await codeOf(accept(intent))).toBe('no error');
  });
});
