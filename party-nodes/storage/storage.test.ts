import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Epoch, IntentId, PartyId, UnixMs } from '#shared/ids.ts';
import { randomIntentId, randomWalletId } from '#shared/ids.ts';
import type { EpochRecord } from '#shared/ports/epoch-store.ts';
import { codeOf } from '#test/support/code-of.ts';
import { createKeyring, openKeyring } from '../at-rest/local-keyring.ts';
import { openAtRest, sealAtRest } from '../at-rest/seal.ts';
import { openDatabase } from './sqlite/database.ts';
import { IntentStore } from './sqlite/intent-store.ts';
import { ShareStore } from './sqlite/share-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trefoil-storage-'));
  createKeyring(join(folder, 'keyring.json'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (): string => join(folder, 'node.sqlite');
const open = () => {
  const database = openDatabase(file());
  return { database, shares: new ShareStore(database, openKeyring(join(folder, 'keyring.json'))), intents: new IntentStore(database) };
};
const SHARE = new TextEncoder().encode('a plaintext share that must never be on a disk');
const record = (): EpochRecord => ({
  walletId: randomWalletId(),
  epoch: 0 as Epoch,
  party: 2 as PartyId,
  share: SHARE.slice(),
  publicPackage: new Uint8Array([1, 2, 3]),
  roster: new Map([
    [1 as PartyId, new Uint8Array(32).fill(1)],
    [2 as PartyId, new Uint8Array(32).fill(2)],
  ]),
});
const certificate = (of: EpochRecord) => ({
  walletId: of.walletId,
  epoch: of.epoch,
  publicPackageHash: sha256(of.publicPackage),
  signatures: new Map([[1 as PartyId, new Uint8Array(64)]]),
});

describe('share store', () => {
  it('gives a share back after a restart, and no plaintext is on the disk', async () => {
    const first = open();
    const kept = record();
    await first.shares.prepare(kept);
    await first.shares.commit(certificate(kept));
    first.database.close();

    const { shares } = open();
    const wallet = shares.committed(kept.walletId);
    expect(wallet).toMatchObject({ epoch: 0, party: 2, publicPackage: kept.publicPackage, roster: kept.roster });
    const seen = await shares.withShare(wallet, (share) => Uint8Array.from(share));
    expect(seen).toEqual(SHARE);
    for (const name of ['node.sqlite', 'node.sqlite-wal']) {
      const bytes = readFileSync(join(folder, name));
      expect(bytes.includes(Buffer.from(SHARE))).toBe(false);
    }
  });

  it('wipes the plaintext when its user is done, also after a failure', async () => {
    const { shares } = open();
    const kept = record();
    await shares.prepare(kept);
    await shares.commit(certificate(kept));
    let leaked: Uint8Array = new Uint8Array();
    const use = (share: Uint8Array): never => {
      leaked = share;
      throw new Error('stopped');
    };
    await expect(shares.withShare(shares.committed(kept.walletId), use)).rejects.toThrow('stopped');
    expect(leaked.every((byte) => byte === 0)).toBe(true);
  });

  it('serves no wallet that was only prepared, and none twice', async () => {
    const { shares } = open();
    const kept = record();
    await shares.prepare(kept);
    expect(await codeOf(() => shares.committed(kept.walletId))).toBe('wallet/not-committed');
    expect(await codeOf(() => shares.committed(randomWalletId()))).toBe('wallet/unknown');
    expect(await codeOf(shares.prepare(kept))).toBe('wallet/exists');
  });

  it('commits only the package that was prepared', async () => {
    const { shares } = open();
    const kept = record();
    await shares.prepare(kept);
    expect(await codeOf(shares.commit({ ...certificate(kept), publicPackageHash: sha256(new Uint8Array([9])) }))).toBe('epoch/conflict');
    expect(await codeOf(shares.commit({ ...certificate(kept), walletId: randomWalletId() }))).toBe('epoch/conflict');
    expect(await codeOf(() => shares.committed(kept.walletId))).toBe('wallet/not-committed');
  });

  it('opens no share in another wallet’s row', async () => {
    const { shares, database } = open();
    const [mine, yours] = [record(), record()];
    for (const each of [mine, yours]) {
      await shares.prepare(each);
      await shares.commit(certificate(each));
    }
    database
      .prepare(
        'UPDATE shares SET (sealed_share, wrapped_data_key) = (SELECT sealed_share, wrapped_data_key FROM shares WHERE wallet_id = ?) WHERE wallet_id = ?',
      )
      .run(yours.walletId, mine.walletId);
    expect(await codeOf(shares.withShare(shares.committed(mine.walletId), () => 'opened'))).toBe('service/configuration');
  });
});

describe('intent store', () => {
  it('accepts an id once, also across a restart', async () => {
    const id: IntentId = randomIntentId();
    const accept = (store: IntentStore) =>
      store.accept({ intentId: id, walletId: randomWalletId(), hash: new Uint8Array(32), now: 1 as UnixMs });
    const first = open();
    accept(first.intents);
    expect(await codeOf(() => accept(first.intents))).toBe('intent/repeated');
    first.database.close();
    expect(await codeOf(() => accept(open().intents))).toBe('intent/repeated');
  });

  it('has accepted durably before it returns: a killed process leaves the id behind', () => {
    const script = `
      import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, 'sqlite/database.ts'))};
      import { IntentStore } from ${JSON.stringify(join(import.meta.dirname, 'sqlite/intent-store.ts'))};
      new IntentStore(openDatabase(${JSON.stringify(file())})).accept({ intentId: 'ab', walletId: 'cd', hash: new Uint8Array(32), now: 1 });
      process.kill(process.pid, 'SIGKILL');`;
    expect(() => execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: 'ignore' })).toThrow();
    expect(open().database.prepare('SELECT count(*) AS n FROM accepted_intents').get()).toEqual({ n: 1 });
  });
});

describe('seal at rest', () => {
  const key = new Uint8Array(32).fill(5);
  const context = new Uint8Array([1]);

  it('uses a fresh IV each time and refuses every changed byte', async () => {
    const sealed = sealAtRest(key, SHARE, context);
    expect(sealAtRest(key, SHARE, context)).not.toEqual(sealed);
    expect(Uint8Array.from(openAtRest(key, sealed, context))).toEqual(SHARE);
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = Uint8Array.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(await codeOf(() => openAtRest(key, changed, context))).toBe('service/configuration');
    }
    expect(await codeOf(() => openAtRest(key, sealed, new Uint8Array([2])))).toBe('service/configuration');
    expect(await codeOf(() => openAtRest(key, sealed.subarray(0, 10), context))).toBe('service/configuration');
  });
});

describe('local keyring', () => {
  it('wraps for one wallet only, and is never replaced', async () => {
    const path = join(folder, 'keyring.json');
    const before = readFileSync(path, 'utf8');
    createKeyring(path);
    expect(readFileSync(path, 'utf8')).toBe(before);
    const kms = openKeyring(path);
    const wrapped = await kms.wrap(new Uint8Array(32).fill(7), new Uint8Array([1]));
    expect(Uint8Array.from(await kms.unwrap(wrapped, new Uint8Array([1])))).toEqual(new Uint8Array(32).fill(7));
    expect(await codeOf(kms.unwrap(wrapped, new Uint8Array([2])))).toBe('service/configuration');
  });

  it('does not open when others can read it, when it is damaged, or missing', async () => {
    const path = join(folder, 'keyring.json');
    chmodSync(path, 0o644);
    expect(await codeOf(() => openKeyring(path))).toBe('service/configuration');
    chmodSync(path, 0o600);
    writeFileSync(path, '{}');
    expect(await codeOf(() => openKeyring(path))).toBe('service/configuration');
    expect(await codeOf(() => openKeyring(join(folder, 'none.json')))).toBe('service/configuration');
  });
});

describe('database', () => {
  it('refuses a database of a newer version and keeps it as it is', async () => {
    const { database } = open();
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(await codeOf(() => openDatabase(file()))).toBe('service/configuration');
  });

  it('is in WAL mode with full synchronisation', () => {
    const { database } = open();
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  });
});
