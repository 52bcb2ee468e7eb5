import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChain } from '../browser/worker/chains/open-chain.ts';
import { bitcoinRegtest } from '../shared/chains/bitcoin/plugin.ts';
import { plainWallet } from '../shared/chains/plain-wallet.ts';
import { solanaLocalnet } from '../shared/chains/solana/plugin.ts';
import type { ChainClient, SignedTransaction, TransactionStatus } from '../shared/ports/chain.ts';
import { type ChainPorts, type LocalChains, startChains } from './chains.ts';

const alice = plainWallet('alice');
const bob = plainWallet('bob');
const refusal = (code: string) => expect.objectContaining({ name: 'TrefoilError', code });

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function rpc(
  url: string,
  method: string,
  params: unknown[] = [],
): Promise<{ result?: unknown; error?: { code: number; message: string } }> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
  return (await response.json()) as { result?: unknown; error?: { code: number; message: string } };
}

async function untilConfirmed(client: ChainClient, id: string): Promise<TransactionStatus> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const status = await client.status(id);
    if (status.state !== 'pending') return status;
    await sleep(100);
  }
  throw new Error('still pending after 6 seconds');
}

/** A transfer signed with plain keys. */
async function transfer(
  client: ChainClient,
  to: string,
  amount: bigint,
): Promise<{ signed: SignedTransaction; fee: bigint; change: bigint }> {
  const { plugin } = client;
  const unsigned = await client.buildTransfer({ keys: alice.keys, to, amount });
  const sign = plugin.keyKind === 'ed25519' ? alice.signEd25519 : alice.signTaproot;
  const signed = plugin.assemble(unsigned, plugin.digests(unsigned, alice.keys).map(sign), alice.keys);
  const { fee, change } = plugin.decode(unsigned, alice.keys);
  return { signed, fee, change };
}

describe('the local chains', () => {
  let dataDir: string;
  let ports: ChainPorts;
  let chains: LocalChains;
  const clients = (): { solana: ChainClient; bitcoin: ChainClient } => {
    if ('unavailable' in chains.bitcoin) throw new Error(chains.bitcoin.unavailable);
    const solana = openChain({ id: solanaLocalnet.id, kind: 'solana', url: chains.solana }).client;
    const bitcoin = openChain({ id: bitcoinRegtest.id, kind: 'esplora', url: chains.bitcoin.url }).client;
    if (solana === undefined || bitcoin === undefined) throw new Error('no client');
    return { solana, bitcoin };
  };
  const ask = (chain: string, address: string): Promise<Response> =>
    fetch(`${chains.faucet}/faucet`, { method: 'POST', body: JSON.stringify({ chain, address }) });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'chains-'));
    ports = { solana: await freePort(), bitcoin: await freePort(), btcdRpc: await freePort(), faucet: await freePort() };
    chains = await startChains(dataDir, ports, () => undefined);
  }, 900_000);
  afterAll(async () => {
    await chains.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const cases = [
    { name: 'solana' as const, plugin: solanaLocalnet, gift: 5_000_000_000n, amount: 1_500_000_000n },
    { name: 'bitcoin' as const, plugin: bitcoinRegtest, gift: 50_000_000n, amount: 12_345_678n },
  ];
  it.each(cases)(
    '$name: a gift arrives, a transfer waits, confirms and shows in both histories',
    async ({ name, plugin, gift, amount }) => {
      const client = clients()[name];
      const from = plugin.address(alice.keys);
      const to = plugin.address(bob.keys);
      expect((await ask(plugin.id, from)).status).toBe(200);
      expect(await client.balance(from)).toBe(gift);

      const { signed, fee } = await transfer(client, to, amount);
      await client.broadcast(signed);
      await client.broadcast(signed);
      if (name === 'bitcoin') {
        expect(await client.status(signed.id)).toEqual({ state: 'pending' });
        expect((await client.history(from))[0]).toMatchObject({ id: signed.id, confirmed: false, direction: 'out' });
        expect(await client.balance(to)).toBe(0n);
      }
      expect(await untilConfirmed(client, signed.id)).toMatchObject({ state: 'confirmed' });
      expect(await client.balance(from)).toBe(gift - amount - fee);
      expect(await client.balance(to)).toBe(amount);
      expect((await client.history(from))[0]).toMatchObject({
        id: signed.id,
        direction: 'out',
        amount,
        fee,
        counterparty: to,
        confirmed: true,
      });
      expect((await client.history(to))[0]).toMatchObject({ id: signed.id, direction: 'in', amount, fee: undefined, counterparty: from });
      expect(await client.history(from)).toHaveLength(2);
    },
  );

  it('spends unconfirmed change and several coins at once', async () => {
    const { bitcoin } = clients();
    const from = bitcoinRegtest.address(alice.keys);
    await ask(bitcoinRegtest.id, from);
    const before = await bitcoin.balance(from);
    const first = await transfer(bitcoin, bitcoinRegtest.address(bob.keys), 60_000_000n);
    await bitcoin.broadcast(first.signed);
    expect(await bitcoin.balance(from)).toBe(before - 60_000_000n - first.fee);
    const second = await transfer(bitcoin, bitcoinRegtest.address(bob.keys), 1_000_000n);
    await bitcoin.broadcast(second.signed);
    expect(await untilConfirmed(bitcoin, second.signed.id)).toMatchObject({ state: 'confirmed', confirmations: 1 });
    expect(await untilConfirmed(bitcoin, first.signed.id)).toMatchObject({ state: 'confirmed' });
  });

  it('tells what the network refuses', async () => {
    const { solana, bitcoin } = clients();
    const spent = await transfer(bitcoin, bitcoinRegtest.address(bob.keys), 100_000n);
    const rival = await transfer(bitcoin, bitcoinRegtest.address(plainWallet('carol').keys), 200_000n);
    await bitcoin.broadcast(spent.signed);
    await untilConfirmed(bitcoin, spent.signed.id);
    await expect(bitcoin.broadcast(rival.signed)).rejects.toEqual(refusal('chain/rejected'));
    const good = await transfer(solana, solanaLocalnet.address(bob.keys), 1_000_000n);
    const forged = { ...good.signed, raw: good.signed.raw.map((byte, at) => (at === 5 ? byte ^ 1 : byte)) };
    await expect(solana.broadcast(forged)).rejects.toEqual(refusal('chain/rejected'));
    expect(await bitcoin.status('ab'.repeat(32))).toEqual({ state: 'dropped' });
  });

  it('faucet answers bad wishes with problem details', async () => {
    for (const [chain, address, code, status] of [
      [solanaLocalnet.id, 'nonsense', 'chain/bad-address', 422],
      [bitcoinRegtest.id, 'bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr', 'chain/bad-address', 422],
      ['eip155:1', 'x', 'chain/unknown', 422],
    ] as const) {
      const response = await ask(chain, address);
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ code });
    }
    const malformed = await fetch(`${chains.faucet}/faucet`, { method: 'POST', body: '{' });
    expect(malformed.status).toBe(400);
    expect((await fetch(chains.faucet)).status).toBe(404);
  });

  it('speaks JSON-RPC as validators do', async () => {
    expect(await rpc(chains.solana, 'getHealth')).toMatchObject({ result: 'ok' });
    expect(await rpc(chains.solana, 'nosuch')).toMatchObject({ error: { code: -32601 } });
    expect(await rpc(chains.solana, 'getBalance', ['x'])).toMatchObject({ error: { code: -32602 } });
    expect(await rpc(chains.solana, 'sendTransaction', ['AAAA', { encoding: 'base64' }])).toMatchObject({ error: { code: -32602 } });
    const batch = await fetch(chains.solana, {
      method: 'POST',
      body: JSON.stringify([{ jsonrpc: '2.0', id: 7, method: 'getSlot' }, { id: 1 }]),
    });
    expect(await batch.json()).toMatchObject([{ id: 7 }, { error: { code: -32600 } }]);
    const broken = await fetch(chains.solana, { method: 'POST', body: '{' });
    expect(await broken.json()).toMatchObject({ error: { code: -32700 } });
    const preflight = await fetch(chains.solana, { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    const account = await rpc(chains.solana, 'getAccountInfo', [solanaLocalnet.address(alice.keys), { encoding: 'base64' }]);
    expect(account).toMatchObject({
      result: { value: { owner: '11111111111111111111111111111111', executable: false, data: ['', 'base64'] } },
    });
  });

  it('keeps everything over a restart, also what still waited', async () => {
    const before = clients();
    const addresses = { solana: solanaLocalnet.address(alice.keys), bitcoin: bitcoinRegtest.address(alice.keys) };
    const waiting = await transfer(before.bitcoin, bitcoinRegtest.address(bob.keys), 100_000n);
    await before.bitcoin.broadcast(waiting.signed);
    const solanaBalance = await before.solana.balance(addresses.solana);
    const bitcoinBalance = await before.bitcoin.balance(addresses.bitcoin);
    const solanaHistory = await before.solana.history(addresses.solana);
    await chains.close();
    chains = await startChains(dataDir, ports, () => undefined);
    const after = clients();
    expect(await after.solana.balance(addresses.solana)).toBe(solanaBalance);
    expect(await after.solana.history(addresses.solana)).toEqual(solanaHistory);
    expect(await untilConfirmed(after.bitcoin, waiting.signed.id)).toMatchObject({ state: 'confirmed' });
    expect(await after.bitcoin.balance(addresses.bitcoin)).toBe(bitcoinBalance);
  });
});
