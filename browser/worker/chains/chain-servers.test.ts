/** What the adapters make of servers that fail, lie or say nothing useful. */
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bitcoinRegtest } from '#shared/chains/bitcoin/plugin.ts';
import { ethereumLocal } from '#shared/chains/evm/plugin.ts';
import { solanaLocalnet } from '#shared/chains/solana/plugin.ts';
import type { ChainClient } from '#shared/ports/chain.ts';
import { plainWallet } from '#test/support/plain-wallet.ts';
import { bitcoinClient } from './bitcoin/bitcoin-client.ts';
import { evmClient } from './evm/evm-client.ts';
import { openChain } from './open-chain.ts';
import { solanaClient } from './solana/solana-client.ts';

type Reply = { status?: number; body?: string; headers?: Record<string, string>; cut?: boolean };

const { keys } = plainWallet('adapters');
const TOKEN = { address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', symbol: 'TOK', name: 'Token', decimals: 18 };
const refusal = (code: string) => expect.objectContaining({ name: 'TrefoilError', code });

describe('chain servers that misbehave', () => {
  let server: Server;
  let url: string;
  let reply: (path: string, body: string) => Reply;

  beforeEach(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { status = 200, body: answer = '', headers = {}, cut = false } = reply(request.url ?? '', body);
      if (cut) response.destroy();
      else response.writeHead(status, headers).end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const clientsOf = (server: string): ChainClient[] => [
    solanaClient(solanaLocalnet, server),
    bitcoinClient(bitcoinRegtest, server),
    evmClient(ethereumLocal, server, [TOKEN], () => 0),
  ];
  const rpcResult = (result: unknown): Reply => ({ body: JSON.stringify({ jsonrpc: '2.0', id: 1, result }) });

  it.each<[string, Reply]>([
    ['is broken', { status: 500, body: 'oops' }],
    ['asks to slow down', { status: 429 }],
    ['answers no JSON', { body: '<html>' }],
    ['answers nothing', { body: '' }],
    ['answers another shape', { body: '{"jsonrpc":"2.0","id":1,"result":{"value":"much"}}' }],
    ['answers negative money', { body: '{"jsonrpc":"2.0","id":1,"result":{"value":-1}}' }],
    ['answers more money than a number holds', { body: '{"jsonrpc":"2.0","id":1,"result":{"value":1e30}}' }],
    ['refuses', { body: '{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"node is behind"}}' }],
    ['redirects', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
    ['hangs up', { cut: true }],
    ['never ends', { body: ' '.repeat(9 * 1024 * 1024) }],
  ])('is unavailable when the server %s', async (_, answer) => {
    reply = () => answer;
    for (const client of clientsOf(url)) {
      const payments = [{ to: client.plugin.addresses(keys)[0].address, amount: 1n, token: undefined }];
      await expect(client.balance(keys, undefined)).rejects.toEqual(refusal('chain/unavailable'));
      await expect(client.history(keys)).rejects.toEqual(refusal('chain/unavailable'));
      await expect(client.status('ab'.repeat(32))).rejects.toEqual(refusal('chain/unavailable'));
      await expect(client.buildTransfers({ keys, payments })).rejects.toEqual(refusal('chain/unavailable'));
    }
  });

  it('is unavailable when there is no server', async () => {
    for (const client of clientsOf('http://127.0.0.1:1')) {
      await expect(client.balance(keys, undefined)).rejects.toEqual(refusal('chain/unavailable'));
    }
  });

  it('has no tokens where tokens are not supported', async () => {
    for (const client of clientsOf(url).slice(0, 2)) {
      await expect(client.balance(keys, 'x')).rejects.toEqual(refusal('intent/unsupported'));
    }
  });

  it('keeps reasons short and printable', async () => {
    const noise = `bad\u0000\u202e news ${'x'.repeat(5000)}`;
    reply = () => ({ status: 400, body: noise });
    const transaction = { raw: new Uint8Array(10), id: 'ab'.repeat(32) };
    const thrown = await bitcoinClient(bitcoinRegtest, url)
      .broadcast(transaction)
      .catch((error: unknown) => error);
    expect(thrown).toEqual(refusal('chain/rejected'));
    expect((thrown as { detail: string }).detail).toMatch(/^bad news x{1,200}$/);
  });

  it('calls a transaction dropped only once its blockhash has expired', async () => {
    let height = 1_000;
    reply = (_, body) => (body.includes('getBlockHeight') ? rpcResult(height) : rpcResult({ value: [null] }));
    const client = solanaClient(solanaLocalnet, url);
    expect(await client.status('s')).toEqual({ state: 'pending' });
    height += 150;
    expect(await client.status('s')).toEqual({ state: 'pending' });
    height += 1;
    expect(await client.status('s')).toEqual({ state: 'dropped' });
  });

  it('tells failure and confirmations apart', async () => {
    const client = solanaClient(solanaLocalnet, url);
    const answers = [
      [{ confirmations: 0, confirmationStatus: 'processed', err: null }, { state: 'pending' }],
      [
        { confirmations: 3, confirmationStatus: 'confirmed', err: null },
        { state: 'confirmed', confirmations: 3 },
      ],
      [
        { confirmations: null, confirmationStatus: 'finalized', err: null },
        { state: 'confirmed', confirmations: 32 },
      ],
      [
        { confirmations: 3, confirmationStatus: 'confirmed', err: { InstructionError: [0, 'X'] } },
        { state: 'failed', reason: '{"InstructionError":[0,"X"]}' },
      ],
    ] as const;
    for (const [status, expected] of answers) {
      reply = () => rpcResult({ value: [status] });
      expect(await client.status('s')).toEqual(expected);
    }
  });

  it('does not spend money that others have not confirmed', async () => {
    const [{ address }, segwit] = bitcoinRegtest.addresses(keys);
    const utxo = (byte: string, confirmed: boolean) => ({ txid: byte.repeat(32), vout: 0, value: 1_000, status: { confirmed } });
    const spending = (byte: string, from: string) => ({
      txid: byte.repeat(32),
      vin: [{ txid: 'ee'.repeat(32), vout: 0, prevout: { scriptpubkey_address: from, value: 2_000 } }],
      vout: [{ scriptpubkey_address: address, value: 1_000 }],
      fee: 1_000,
      status: { confirmed: false },
    });
    reply = (path) => ({
      body: JSON.stringify(
        !path.includes(address)
          ? path.endsWith('/utxo')
            ? [utxo('dd', true)]
            : []
          : path.endsWith('/utxo')
            ? [utxo('aa', true), utxo('bb', false), utxo('cc', false)]
            : [spending('bb', address), spending('cc', 'bcrt1other')],
      ),
    });
    expect(await bitcoinClient(bitcoinRegtest, url).balance(keys, undefined)).toBe(3_000n);
    // Change of a payment that only the other address made is own change too.
    reply = (path) => ({
      body: JSON.stringify(
        !path.includes(address) ? [] : path.endsWith('/utxo') ? [utxo('bb', false)] : [spending('bb', segwit?.address ?? '')],
      ),
    });
    expect(await bitcoinClient(bitcoinRegtest, url).balance(keys, undefined)).toBe(1_000n);
  });

  it('opens chains as the release says', () => {
    expect(openChain({ id: bitcoinRegtest.id, unavailable: 'Go is missing' })).toMatchObject({
      client: undefined,
      unavailable: 'Go is missing',
    });
    expect(() => openChain({ id: 'eip155:2', kind: 'solana', url })).toThrow(refusal('chain/unknown'));
    expect(() => openChain({ id: 'eip155:1', kind: 'solana', url })).toThrow(refusal('service/configuration'));
    expect(() => openChain({ id: solanaLocalnet.id, kind: 'evm', url, tokens: [] })).toThrow(refusal('service/configuration'));
    const ethereum = openChain({ id: 'eip155:1', kind: 'evm', url, tokens: [TOKEN] });
    expect([ethereum.tokens, ethereum.client?.plugin.id]).toEqual([[TOKEN], 'eip155:1']);
    const lower = { ...TOKEN, address: TOKEN.address.toLowerCase() };
    for (const token of [lower, { ...TOKEN, address: 'x' }]) {
      expect(() => openChain({ id: 'eip155:1', kind: 'evm', url, tokens: [token] })).toThrow(refusal('service/configuration'));
    }
    expect(() => openChain({ id: bitcoinRegtest.id, kind: 'solana', url })).toThrow(refusal('service/configuration'));
    expect(() => openChain({ id: solanaLocalnet.id, kind: 'bitcoin', url })).toThrow(refusal('service/configuration'));
  });
});
