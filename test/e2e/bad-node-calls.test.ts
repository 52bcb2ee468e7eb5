/** What reaches a node from whoever reaches it, and what its disk gives back, malformed in every field: a typed refusal with the right blame, and nothing has changed. */
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { createClient } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { idBytes } from '#shared/ids.ts';
import { intentHash, makeIntent } from '#shared/intent/intent.ts';
import { RELAYED_MAX_BYTES } from '#shared/limits.ts';
import { Health, HealthCheckResponse_ServingStatus } from '#shared/proto/gen/grpc/health/v1/health_pb.js';
import type { Envelope } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { AbortSessionRequestSchema, ExchangeRequestSchema, OpenSessionRequestSchema } from '#shared/proto/gen/trefoil/v1/node_pb.js';
import { badEnvelopes } from '../support/bad-envelopes.ts';
import { createTestWallet, stillSigns, type TestWallet, transferOf } from '../support/device.ts';
import { type Edge, joinEdge } from '../support/edge.ts';
import { nodeClient, nodeTransport, openPool, refusalOf, signingHello } from '../support/node-client.ts';
import { clock } from '../support/parties.ts';
import { GATEWAY_TOKEN, type TestNode } from '../support/party-nodes.ts';

let edge: Edge;
let wallet: TestWallet;
beforeAll(async () => {
  edge = await joinEdge();
  wallet = await createTestWallet(edge.release);
});
afterEach(() => edge.honest());
afterAll(() => edge?.close());

describe.each(['connect', 'grpc'] as const)('a node over %s', (transport) => {
  const client = (token: string | undefined = GATEWAY_TOKEN) => nodeClient(edge.nodes[0], { transport, token });
  const codeFor = async (step: Promise<unknown>): Promise<string> => (await refusalOf(step)).code;

  it('serves nobody without the gateway’s token, whatever the call', async () => {
    const { hello } = await signingHello(edge.nodes[0], wallet, { taproot: 1, ed25519: 1 });
    for (const token of ['', 'x', `${GATEWAY_TOKEN}x`, GATEWAY_TOKEN.slice(0, -1), GATEWAY_TOKEN.toUpperCase()]) {
      const stranger = client(token);
      expect(await codeFor(stranger.openSession({ hello }))).toBe('service/unauthenticated');
      expect(await codeFor(stranger.exchange({}))).toBe('service/unauthenticated');
      expect(await codeFor(stranger.abortSession({}))).toBe('service/unauthenticated');
    }
    expect(await codeFor(nodeClient(edge.nodes[0], { transport, token: undefined }).openSession({ hello }))).toBe(
      'service/unauthenticated',
    );
  });

  it('refuses a lie in every field of every request', async () => {
    const pool = await openPool(edge.nodes[0], wallet);
    const [walletId, sessionId] = [idBytes(wallet.walletId), idBytes(pool.channel.sessionId)];
    const lies: [string, () => Promise<unknown>, string][] = [
      ['OpenSessionRequest.hello', () => client().openSession({}), 'input/unsupported-version'],
      ['ExchangeRequest.wallet_id', () => client().exchange({ walletId: new Uint8Array(15), sessionId }), 'input/malformed'],
      ['ExchangeRequest.wallet_id', () => client().exchange({ walletId: new Uint8Array(16), sessionId }), 'channel/wrong-wallet'],
      ['ExchangeRequest.session_id', () => client().exchange({ walletId, sessionId: new Uint8Array(31) }), 'input/malformed'],
      ['ExchangeRequest.session_id', () => client().exchange({ walletId, sessionId: new Uint8Array(32) }), 'session/unknown'],
      [
        'ExchangeRequest.hellos',
        () => client().exchange({ walletId, sessionId: new Uint8Array(32), hellos: [pool.hello] }),
        'session/unknown',
      ],
      ['ExchangeRequest.envelopes', () => client().exchange({ walletId, sessionId, envelopes: [{}] }), 'input/unsupported-version'],
      ['AbortSessionRequest.wallet_id', () => client().abortSession({ walletId: new Uint8Array(16), sessionId }), 'channel/wrong-wallet'],
      ['AbortSessionRequest.session_id', () => client().abortSession({ walletId, sessionId: new Uint8Array(1) }), 'input/malformed'],
      [
        'AbortSessionRequest.reason',
        () => client().abortSession({ walletId, sessionId: new Uint8Array(32), reason: 'nonsense' }),
        'no error',
      ],
    ];
    const fields = [OpenSessionRequestSchema, ExchangeRequestSchema, AbortSessionRequestSchema].flatMap((schema) =>
      schema.fields.map(({ name }) => `${schema.name}.${name}`),
    );
    expect([...new Set(lies.map(([field]) => field))].sort()).toEqual(fields.sort());
    for (const [field, step, code] of lies) expect(`${field}: ${await codeFor(step())}`).toBe(`${field}: ${code}`);
    // The pool is as it was.
    const call = await requestOn(pool);
    expect(await pool.carry(call)).toHaveLength(1);
  });

  it('refuses bad envelopes of a session and stays as it was', async () => {
    const pool = await openPool(edge.nodes[0], wallet);
    const call = await requestOn(pool);
    const [asked] = call.envelopes;
    if (asked === undefined) throw new Error('an envelope');
    const ask = (envelope: Envelope) =>
      client().exchange({ walletId: idBytes(wallet.walletId), sessionId: idBytes(pool.channel.sessionId), envelopes: [envelope] });
    for (const [what, envelope, expected] of await badEnvelopes(asked, wallet.identity)) {
      const { code } = await refusalOf(ask(envelope));
      expect(`${what}: ${code}`).toMatch(new RegExp(expected.source.replace('^', '^.*: ')));
    }
    expect(await codeFor(ask(await pool.second(1, new Uint8Array([1]))))).toBe('session/wrong-round');
    const reply = await pool.ask(asked);
    expect((await ask(asked)).envelopes).toEqual([reply]);
    expect(await refusalOf(ask(await pool.second(2, new Uint8Array([1]))))).toMatchObject({ code: 'session/conflict', culprits: [1] });
    expect(await call.finish([reply])).toHaveLength(1);
  });

  it('answers the standard health service to anybody', async () => {
    const health = createClient(Health, nodeTransport(edge.nodes[0], { transport }));
    for (const service of ['', 'trefoil.v1.PartyNode']) {
      expect((await health.check({ service })).status).toBe(HealthCheckResponse_ServingStatus.SERVING);
    }
    await expect(health.check({ service: 'other' })).rejects.toMatchObject({ rawMessage: 'unknown service' });
    const watched = await Array.fromAsync(health.watch({ service: '' }));
    expect(watched.map(({ status }) => status)).toEqual([HealthCheckResponse_ServingStatus.SERVING]);
  });
});

/** An honest request for one Solana signature. */
async function requestOn(pool: Awaited<ReturnType<typeof openPool>>) {
  const { requests, tasks } = transferOf(wallet);
  const intent = makeIntent({ walletId: wallet.walletId, requests, now: clock() });
  return pool.device.request({ intent, deviceSignature: await wallet.identity.sign(intentHash(intent)), tasks });
}

describe('a node', () => {
  it('refuses bytes that are no message, too many of them, and routes that it has not', async () => {
    const headers = { 'content-type': 'application/proto', authorization: `Bearer ${GATEWAY_TOKEN}` };
    const ask = async (path: string, body: Uint8Array, type = 'application/proto') => {
      const response = await fetch(edge.nodes[0].url + path, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body: body as BodyInit,
      });
      return { status: response.status, text: await response.text() };
    };
    const open = '/trefoil.v1.PartyNode/OpenSession';
    for (const bytes of [new Uint8Array([255, 255]), new Uint8Array([10, 200])]) {
      const { status, text } = await ask(open, bytes);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(JSON.parse(text)).toHaveProperty('code');
      expect(text).not.toMatch(/node_modules|\.ts:|at /);
    }
    expect(JSON.parse((await ask(open, new Uint8Array(RELAYED_MAX_BYTES + 1))).text)).toMatchObject({ code: 'resource_exhausted' });
    expect((await ask(open, new Uint8Array(), 'text/plain')).status).toBe(415);
    expect((await ask('/trefoil.v1.PartyNode/Steal', new Uint8Array())).status).toBe(404);
    expect(await stillSigns(wallet, edge.release)).toBe(true);
  });

  it('says whether it runs and whether it can serve', async () => {
    for (const path of ['/healthz', '/readyz']) expect(await (await fetch(edge.nodes[0].url + path)).text()).toBe('ok\n');
  });
});

describe('a stored record', () => {
  /** Changes one column of the wallet's row while the node runs, as a broken disk or a thief would. */
  async function damaged(node: TestNode, column: string, value: Uint8Array | string | number): Promise<string> {
    const database = new DatabaseSync(join(node.dataDir, 'node.sqlite'), { timeout: 5000 });
    const { was } = database.prepare(`SELECT ${column} AS was FROM shares WHERE wallet_id = ?`).get(wallet.walletId) as { was: Uint8Array };
    database.prepare(`UPDATE shares SET ${column} = ? WHERE wallet_id = ?`).run(value, wallet.walletId);
    try {
      const { hello } = await signingHello(node, wallet, { taproot: 1, ed25519: 1 });
      return (await refusalOf(nodeClient(node).openSession({ hello }))).code;
    } finally {
      database.prepare(`UPDATE shares SET ${column} = ? WHERE wallet_id = ?`).run(was, wallet.walletId);
      database.close();
    }
  }

  it('of a wallet, damaged in any column, is refused by its node, and serves again once it is restored', async () => {
    const [node] = edge.nodes;
    const bytes = (length: number) => new Uint8Array(length).fill(7);
    const damages: [string, Uint8Array | string | number, string][] = [
      ['wrapped_data_key', bytes(80), 'service/configuration'],
      ['wrapped_data_key', bytes(3), 'service/configuration'],
      ['sealed_share', bytes(400), 'service/configuration'],
      ['sealed_share', bytes(3), 'service/configuration'],
      ['public_package', bytes(300), 'engine/stored-share'],
      ['public_package', bytes(0), 'engine/stored-share'],
      ['roster', 'not json', 'service/configuration'],
      ['roster', '[[1,"zz"]]', 'service/configuration'],
      ['roster', '[]', 'channel/roster-mismatch'],
      ['epoch', 1, 'channel/wrong-epoch'],
      ['party', 3, 'service/configuration'],
      ['state', 'prepared', 'wallet/not-committed'],
    ];
    for (const [column, value, code] of damages) {
      expect(`${column} ${String(value).slice(0, 12)}: ${await damaged(node, column, value)}`).toBe(
        `${column} ${String(value).slice(0, 12)}: ${code}`,
      );
    }
    await openPool(node, wallet);
    expect(await stillSigns(wallet, edge.release)).toBe(true);
  });

  it('of a node itself, damaged or readable by others, keeps it from starting, and it says what to do', async () => {
    const [, node] = edge.nodes;
    await node.kill();
    const config = join(node.dataDir, '..', `${node.name}.json`);
    const refusal = async (): Promise<string> => {
      const main = join(import.meta.dirname, '../../party-nodes/main.ts');
      const run = promisify(execFile)(process.execPath, [main, 'serve', '--config', config], { timeout: 20_000 });
      return run.then(
        () => 'it started',
        ({ stderr }: { stderr: string }) => stderr,
      );
    };
    try {
      for (const name of ['identity.key', 'keyring.json']) {
        const path = join(node.dataDir, name);
        const good = readFileSync(path);
        for (const bad of ['', 'zz', good.toString('utf8').slice(1)]) {
          writeFileSync(path, bad);
          expect(await refusal()).toMatch(/damaged[\s\S]*Correct the named setting/);
        }
        writeFileSync(path, good);
        chmodSync(path, 0o644);
        expect(await refusal()).toMatch(/others can read/);
        chmodSync(path, 0o600);
      }
    } finally {
      await node.start();
    }
    await openPool(node, wallet);
  });
});
