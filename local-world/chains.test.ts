import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transaction } from '@scure/btc-signer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChain } from '#browser/worker/chains/open-chain.ts';
import { bitcoinRegtest } from '#shared/chains/bitcoin/plugin.ts';
import { ethereumLocal } from '#shared/chains/evm/plugin.ts';
import { solanaLocalnet } from '#shared/chains/solana/plugin.ts';
import type { ChainClient } from '#shared/ports/chain.ts';
import { claimPort } from '#test/support/claim-ports.ts';
import { addressOf, alice, bob, payAll, payOnce, untilConfirmed } from '#test/support/plain-payments.ts';
import { plainWallet } from '#test/support/plain-wallet.ts';
import { type ChainPorts, type LocalChains, startChains } from './chains.ts';
import { LOCAL_DOLLAR } from './evm/local-dollar.ts';

const refusal = (code: string) => expect.objectContaining({ name: 'TrefoilError', code });

async function rpc(
  url: string,
  method: string,
  params: unknown[] = [],
): Promise<{ result?: unknown; error?: { code: number; message: string } }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
  return (await response.json()) as { result?: unknown; error?: { code: number; message: string } };
}

describe('the local chains', () => {
  let dataDir: string;
  let ports: ChainPorts;
  let chains: LocalChains;
  const clients = (): { solana: ChainClient; evm: ChainClient; bitcoin: ChainClient } => {
    if ('unavailable' in chains.bitcoin) throw new Error(chains.bitcoin.unavailable);
    if ('unavailable' in chains.evm) throw new Error(chains.evm.unavailable);
    const solana = openChain({ id: solanaLocalnet.id, kind: 'solana', url: chains.solana }).client;
    const evm = openChain({ id: ethereumLocal.id, kind: 'evm', url: chains.evm.url, tokens: [LOCAL_DOLLAR] }).client;
    const bitcoin = openChain({ id: bitcoinRegtest.id, kind: 'bitcoin', url: chains.bitcoin.url }).client;
    if (solana === undefined || bitcoin === undefined || evm === undefined) throw new Error('no client');
    return { solana, evm, bitcoin };
  };
  const ask = (chain: string, address: string): Promise<Response> =>
    fetch(`${chains.faucet}/faucet`, { method: 'POST', body: JSON.stringify({ chain, address }) });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'chains-'));
    const [solana, bitcoin, btcdRpc, faucet, evm] = [
      await claimPort(),
      await claimPort(),
      await claimPort(),
      await claimPort(),
      await claimPort(),
    ];
    ports = { solana, bitcoin, btcdRpc, faucet, evm };
    chains = await startChains(dataDir, ports, () => undefined);
  }, 900_000);
  afterAll(async () => {
    await chains.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const cases = [
    { name: 'solana' as const, plugin: solanaLocalnet, gift: 5_000_000_000n, amount: 1_500_000_000n },
    { name: 'evm' as const, plugin: ethereumLocal, gift: 5n * 10n ** 18n, amount: 15n * 10n ** 17n },
    { name: 'bitcoin' as const, plugin: bitcoinRegtest, gift: 50_000_000n, amount: 12_345_678n },
  ];
  it.each(cases)(
    '$name: a gift arrives, a transfer waits, confirms and shows in both histories',
    async ({ name, plugin, gift, amount }) => {
      const client = clients()[name];
      const from = addressOf(plugin, alice);
      const to = addressOf(plugin, bob);
      expect((await ask(plugin.id, from)).status).toBe(200);
      expect(await client.balance(alice.keys, undefined)).toBe(gift);

      const { signed, fee: most } = await payOnce(client, to, amount);
      await client.broadcast(signed);
      await client.broadcast(signed);
      if (name === 'bitcoin') {
        expect(await client.status(signed.id)).toEqual({ state: 'pending' });
        expect((await client.history(alice.keys))[0]).toMatchObject({ id: signed.id, confirmed: false, direction: 'out' });
        expect(await client.balance(bob.keys, undefined)).toBe(0n);
      }
      expect(await untilConfirmed(client, signed.id)).toMatchObject({ state: 'confirmed' });
      const sent = (await client.history(alice.keys)).find(({ id }) => id === signed.id);
      expect(sent).toMatchObject({ direction: 'out', amount, token: undefined, counterparty: to, confirmed: true });
      const fee = sent?.fee ?? 0n;
      // Ethereum tells the most that a transaction can cost; the others, what it costs.
      if (name === 'evm') expect(fee > 0n && fee <= most).toBe(true);
      else expect(fee).toBe(most);
      expect(await client.balance(alice.keys, undefined)).toBe(gift - amount - fee);
      expect(await client.balance(bob.keys, undefined)).toBe(amount);
      const [received] = await client.history(bob.keys);
      expect(received).toMatchObject({ id: signed.id, direction: 'in', amount, fee: undefined, counterparty: from });
      // The gift of the local Ethereum is two transactions.
      expect(await client.history(alice.keys)).toHaveLength(name === 'evm' ? 3 : 2);
    },
  );

  it('bitcoin: spends taproot and P2WPKH coins together', async () => {
    const { bitcoin } = clients();
    const both = plainWallet('both');
    for (const at of [0, 1]) expect((await ask(bitcoinRegtest.id, addressOf(bitcoinRegtest, both, at))).status).toBe(200);
    expect(await bitcoin.balance(both.keys, undefined)).toBe(100_000_000n);
    const payments = [
      { to: addressOf(bitcoinRegtest, bob), amount: 70_000_000n, token: undefined },
      { to: addressOf(bitcoinRegtest, bob, 1), amount: 20_000_000n, token: undefined },
    ];
    const [spent, ...more] = await payAll(bitcoin, payments, both);
    if (spent === undefined) throw new Error('no transaction');
    expect(more).toEqual([]);
    expect(spent.keys.toSorted()).toEqual(['ecdsa', 'taproot']);
    await bitcoin.broadcast(spent.signed);
    expect(await bitcoin.balance(both.keys, undefined)).toBe(spent.change);
    expect(await untilConfirmed(bitcoin, spent.signed.id)).toMatchObject({ state: 'confirmed' });
    expect(spent.fee).toBeGreaterThanOrEqual(2n * BigInt(Transaction.fromRaw(spent.signed.raw).vsize));
    const history = await bitcoin.history(both.keys);
    // A line for each recipient, and the two gifts.
    expect(history).toHaveLength(4);
    const sent = history.filter(({ id }) => id === spent.signed.id);
    expect(sent.map(({ amount }) => amount).reduce((sum, amount) => sum + amount)).toBe(90_000_000n);
    for (const line of sent) expect(line).toMatchObject({ direction: 'out', fee: spent.fee, confirmed: true });
  });

  it('spends unconfirmed change and several coins at once', async () => {
    const { bitcoin } = clients();
    await ask(bitcoinRegtest.id, addressOf(bitcoinRegtest, alice));
    const before = await bitcoin.balance(alice.keys, undefined);
    const first = await payOnce(bitcoin, addressOf(bitcoinRegtest, bob), 60_000_000n);
    await bitcoin.broadcast(first.signed);
    expect(await bitcoin.balance(alice.keys, undefined)).toBe(before - 60_000_000n - first.fee);
    const second = await payOnce(bitcoin, addressOf(bitcoinRegtest, bob), 1_000_000n);
    await bitcoin.broadcast(second.signed);
    expect(await untilConfirmed(bitcoin, second.signed.id)).toMatchObject({ state: 'confirmed', confirmations: 1 });
    expect(await untilConfirmed(bitcoin, first.signed.id)).toMatchObject({ state: 'confirmed' });
  });

  it('tells what the network refuses', async () => {
    const { solana, bitcoin } = clients();
    const spent = await payOnce(bitcoin, addressOf(bitcoinRegtest, bob), 100_000n);
    const rival = await payOnce(bitcoin, addressOf(bitcoinRegtest, plainWallet('carol')), 200_000n);
    await bitcoin.broadcast(spent.signed);
    await untilConfirmed(bitcoin, spent.signed.id);
    await expect(bitcoin.broadcast(rival.signed)).rejects.toEqual(refusal('chain/rejected'));
    const good = await payOnce(solana, addressOf(solanaLocalnet, bob), 1_000_000n);
    const forged = { ...good.signed, raw: good.signed.raw.map((byte, at) => (at === 5 ? byte ^ 1 : byte)) };
    await expect(solana.broadcast(forged)).rejects.toEqual(refusal('chain/rejected'));
    expect(await bitcoin.status('ab'.repeat(32))).toEqual({ state: 'dropped' });
  });

  it('faucet answers bad wishes with problem details', async () => {
    for (const [chain, address, code, status] of [
      [solanaLocalnet.id, 'nonsense', 'chain/bad-address', 422],
      [bitcoinRegtest.id, 'bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr', 'chain/bad-address', 422],
      [ethereumLocal.id, '0x01', 'chain/bad-address', 422],
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
    const account = await rpc(chains.solana, 'getAccountInfo', [addressOf(solanaLocalnet, alice), { encoding: 'base64' }]);
    expect(account).toMatchObject({
      result: { value: { owner: '11111111111111111111111111111111', executable: false, data: ['', 'base64'] } },
    });
  });

  it('lets every page ask the local Ethereum', async () => {
    const url = 'url' in chains.evm ? chains.evm.url : '';
    expect(await rpc(url, 'eth_chainId')).toMatchObject({ result: '0x7a69' });
    expect(await rpc(url, 'eth_accounts')).toMatchObject({ result: [] });
    const headers = {
      origin: 'http://127.0.0.1:1',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const preflight = await fetch(url, { method: 'OPTIONS', headers });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  });

  it('keeps everything over a restart, also what still waited', async () => {
    const before = clients();
    const waiting = await payOnce(before.bitcoin, addressOf(bitcoinRegtest, bob), 100_000n);
    await before.bitcoin.broadcast(waiting.signed);
    const bitcoinBalance = await before.bitcoin.balance(alice.keys, undefined);
    const seen = async ({ solana, evm }: ReturnType<typeof clients>): Promise<unknown[]> => [
      await solana.balance(alice.keys, undefined),
      await solana.history(alice.keys),
      await evm.balance(alice.keys, undefined),
      await evm.balance(alice.keys, LOCAL_DOLLAR.address),
      await evm.history(alice.keys),
    ];
    const everything = await seen(before);
    await chains.close();
    chains = await startChains(dataDir, ports, () => undefined);
    const after = clients();
    expect(await seen(after)).toEqual(everything);
    expect(await untilConfirmed(after.bitcoin, waiting.signed.id)).toMatchObject({ state: 'confirmed' });
    expect(await after.bitcoin.balance(alice.keys, undefined)).toBe(bitcoinBalance);
  });
});
