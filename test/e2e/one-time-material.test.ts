/** One-time commitments and presignatures live in the memory of those who made them, and nowhere else. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { intentHash, makeIntent } from '#shared/intent/intent.ts';
import { createTestWallet, messageOf, signerOf, type TestWallet, transferOf } from '../support/device.ts';
import { type Edge, joinEdge } from '../support/edge.ts';
import { openPool, refusalOf } from '../support/node-client.ts';
import { clock } from '../support/parties.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await joinEdge();
});
afterEach(() => edge.honest());
afterAll(() => edge?.close());

describe('one-time commitments and presignatures', () => {
  let wallet: TestWallet;
  beforeAll(async () => {
    wallet = await createTestWallet(edge.release);
  });
  const filesOf = (folder: string): Record<string, string> =>
    Object.fromEntries(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')]),
    );

  it('are gone with the process that made them', async () => {
    for (const node of edge.nodes) {
      const pool = await openPool(node, wallet);
      const { requests, tasks } = transferOf(wallet);
      const intent = makeIntent({ walletId: wallet.walletId, requests, now: clock() });
      const deviceSignature = await wallet.identity.sign(intentHash(intent));
      const call = await pool.device.request({ intent, deviceSignature, tasks });
      await node.kill();
      await node.start();
      expect(await refusalOf(pool.carry(call))).toMatchObject({ code: 'session/unknown' });
      call.cancel();
    }
  });

  it('are never written: a node’s folder is byte for byte the same with and without them', async () => {
    for (const node of edge.nodes) {
      await node.kill();
      await node.start();
      const before = filesOf(node.dataDir);
      expect(Object.keys(before).length).toBeGreaterThanOrEqual(3);
      for (let i = 0; i < 5; i += 1) {
        const pool = await openPool(node, wallet, { taproot: 24, ed25519: 12 });
        const batch = await pool.carry(await pool.device.prepare({ presignatures: 2, commitments: { taproot: 1, ed25519: 1 } }));
        if (batch === undefined) throw new Error('a batch');
        expect(await pool.carry(await pool.device.complete(batch))).toBe(2);
      }
      expect(filesOf(node.dataDir)).toEqual(before);
    }
  });

  it('have no place in a node’s database', () => {
    const expected = {
      accepted_intents: ['intent_id', 'wallet_id', 'intent_hash', 'accepted_at_ms'],
      shares: ['wallet_id', 'epoch', 'state', 'party', 'wrapped_data_key', 'sealed_share', 'public_package', 'roster', 'certificate'],
    };
    for (const node of edge.nodes) {
      const database = new DatabaseSync(join(node.dataDir, 'node.sqlite'), { readOnly: true });
      const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
      const columns = tables.map(({ name }) => [
        name,
        database
          .prepare('SELECT name FROM pragma_table_info(?)')
          .all(String(name))
          .map((column) => column['name']),
      ]);
      expect(Object.fromEntries(columns)).toEqual(expected);
      database.close();
    }
  });

  it('leave no envelope behind at the gateway: it keeps none of signing', async () => {
    const signer = await signerOf(wallet, edge.release);
    const { signatures } = await signer.sign(messageOf(wallet));
    expect(signatures).toHaveLength(1);
    signer.close();
    const rooms = readdirSync(edge.gateway.dataDir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sqlite'));
    let sessions = 0;
    let events = 0;
    let relayed = 0;
    for (const room of rooms) {
      const database = new DatabaseSync(join(edge.gateway.dataDir, room), { readOnly: true });
      const has = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'envelopes'").get()?.['n'] === 1;
      if (has) {
        const stray = 'SELECT count(*) AS n FROM envelopes WHERE session_id NOT IN (SELECT session_id FROM sessions)';
        expect(database.prepare(stray).get()).toEqual({ n: 0 });
        sessions += Number(database.prepare('SELECT count(*) AS n FROM sessions').get()?.['n']);
        const columns = database.prepare("SELECT name FROM pragma_table_info('relayed')").all();
        expect(columns.map(({ name }) => name)).toEqual(['sequence', 'session_id', 'round', 'sender', 'part', 'bytes', 'hash']);
        relayed += Number(database.prepare('SELECT count(*) AS n FROM relayed WHERE length(hash) = 32').get()?.['n']);
        events += Number(database.prepare("SELECT count(*) AS n FROM events WHERE session_id LIKE '%/%' AND phase = 'FINAL'").get()?.['n']);
      }
      database.close();
    }
    expect(sessions).toBeGreaterThan(0);
    expect(events).toBeGreaterThan(0);
    expect(relayed).toBeGreaterThan(0);
  });
});
