/** The Ethereum adapter against a node that answers as told; local-world/chains.test.ts has a real one. */
import { createServer, type Server } from 'node:http';
import { bytesToHex } from '@noble/hashes/utils.js';
import { encodeEventTopics, numberToHex, parseAbiItem, parseTransaction, toHex } from 'viem';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ethereumLocal as plugin } from '#shared/chains/evm/plugin.ts';
import type { ChainClient, SignedTransaction } from '#shared/ports/chain.ts';
import { plainWallet } from '#test/support/plain-wallet.ts';
import { signTransaction } from '#test/support/read-request.ts';
import { evmClient } from './evm-client.ts';

const wallet = plainWallet('adapter');
const { keys } = wallet;
const [{ address: own }] = plugin.addresses(keys);
const [{ address: other }] = plugin.addresses(plainWallet('other').keys);
const token = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const refusal = (code: string, detail?: string) =>
  expect.objectContaining({ name: 'TrefoilError', code, ...(detail === undefined ? {} : { detail }) });
const hash = (byte: number): string => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
const word = (value: bigint): string => numberToHex(value, { size: 32 });

class Refusal {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}
type Answers = Record<string, (params: unknown[]) => unknown>;

const block = (number: number, transactions: object[] = [], parent = number) => ({
  number: toHex(number),
  hash: hash(number + 1),
  parentHash: hash(parent),
  timestamp: toHex(1_000 + number),
  baseFeePerGas: '0x64',
  transactions,
});
const receipt = (number: number, status = '0x1') => ({
  blockNumber: toHex(number),
  status,
  gasUsed: '0x5208',
  effectiveGasPrice: '0xa',
  from: own,
  transactionHash: hash(9),
  logs: [],
  type: '0x2',
});

describe('the Ethereum adapter', () => {
  let server: Server;
  let client: ChainClient;
  let answers: Answers;
  let asked: string[];
  let now: number;

  beforeEach(async () => {
    asked = [];
    now = 0;
    answers = {
      eth_getBalance: () => toHex(10n ** 18n),
      eth_getTransactionCount: () => '0x7',
      eth_getBlockByNumber: () => block(3),
      eth_maxPriorityFeePerGas: () => '0x5',
      eth_estimateGas: () => '0x5208',
      eth_blockNumber: () => '0x3',
      eth_call: () => word(50n),
      eth_getLogs: () => [],
      eth_sendRawTransaction: () => hash(1),
      eth_getTransactionReceipt: () => null,
      eth_getTransactionByHash: () => null,
    };
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { id, method, params = [] } = JSON.parse(body) as { id: number; method: string; params?: unknown[] };
      asked.push(method);
      const answer = answers[method]?.(params) ?? null;
      const result = answer instanceof Refusal ? { error: { code: -32000, message: answer.message } } : { result: answer };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, ...result }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    client = evmClient(plugin, url, [{ address: token, symbol: 'TOK', name: 'Token', decimals: 6 }], () => now);
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const build = (amount: bigint, asset?: string) => client.buildTransfers({ keys, payments: [{ to: other, amount, token: asset }] });
  async function signed(amount: bigint): Promise<SignedTransaction> {
    const [unsigned = new Uint8Array()] = await build(amount);
    return signTransaction(plugin, unsigned, wallet);
  }
  const read = (unsigned: Uint8Array | undefined) => parseTransaction(`0x02${bytesToHex(unsigned ?? new Uint8Array()).slice(2)}`);
  const nonceOf = async (): Promise<number> => read((await build(1n))[0]).nonce ?? 0;

  it('asks for price, nonce and gas', async () => {
    expect(read((await build(1n))[0])).toMatchObject({ nonce: 7, maxFeePerGas: 205n, maxPriorityFeePerGas: 5n, gas: 21_000n, value: 1n });
    answers['eth_estimateGas'] = () => '0xc350';
    expect(read((await build(1n, token))[0])).toMatchObject({ gas: 62_500n, to: token.toLowerCase() });
  });

  it('pays one price where the chain has no base fee', async () => {
    answers['eth_getBlockByNumber'] = () => ({ ...block(3), baseFeePerGas: undefined });
    answers['eth_gasPrice'] = () => '0x9';
    const [unsigned = new Uint8Array()] = await build(1n);
    expect(parseTransaction(toHex(unsigned))).toMatchObject({ type: 'legacy', gasPrice: 9n, chainId: 31_337 });
  });

  it('tells what is missing before it asks for gas, and a refused estimate in the network’s words', async () => {
    await expect(build(10n ** 19n)).rejects.toEqual(refusal('chain/insufficient-funds'));
    await expect(build(51n, token)).rejects.toEqual(refusal('chain/insufficient-funds'));
    expect(asked).not.toContain('eth_estimateGas');
    answers['eth_estimateGas'] = () => new Refusal('execution reverted: paused');
    await expect(build(1n, token)).rejects.toEqual(refusal('chain/rejected', 'execution reverted: paused'));
  });

  it('gives two quick payments two nonces, and a refused one back', async () => {
    await client.broadcast(await signed(1n));
    expect(await nonceOf()).toBe(8);
    const second = await signed(2n);
    answers['eth_sendRawTransaction'] = () => new Refusal('replacement transaction underpriced');
    await expect(client.broadcast(second)).rejects.toEqual(refusal('chain/rejected', 'replacement transaction underpriced'));
    expect(await nonceOf()).toBe(8);
    now = 10 * 60 * 1000;
    expect(await nonceOf()).toBe(7);
  });

  it('takes a refusal of what the network already has for success', async () => {
    const transaction = await signed(1n);
    answers['eth_sendRawTransaction'] = () => new Refusal('already known');
    await expect(client.broadcast(transaction)).rejects.toEqual(refusal('chain/rejected'));
    answers['eth_getTransactionByHash'] = () => ({ hash: transaction.id, type: '0x2', from: own, to: other, value: '0x1' });
    await client.broadcast(transaction);
    expect(await client.status(transaction.id)).toEqual({ state: 'pending' });
  });

  it('keeps the nonce when nobody knows whether the transaction arrived', async () => {
    const transaction = await signed(1n);
    answers['eth_sendRawTransaction'] = () => ({ nothing: true });
    await expect(client.broadcast(transaction)).rejects.toEqual(refusal('chain/unavailable'));
    expect(await nonceOf()).toBe(8);
    expect(await client.status(transaction.id)).toEqual({ state: 'pending' });
  });

  it('follows a transaction to its end', async () => {
    const { id } = await signed(1n);
    expect(await client.status(id)).toEqual({ state: 'dropped' });
    const transaction = await signed(1n);
    await client.broadcast(transaction);
    expect(await client.status(id)).toEqual({ state: 'pending' });
    // Another transaction took its nonce.
    answers['eth_getTransactionCount'] = () => '0x8';
    expect(await client.status(id)).toEqual({ state: 'dropped' });
    // Or it came in between two questions.
    let questions = 0;
    answers['eth_getTransactionReceipt'] = () => {
      questions += 1;
      return questions === 1 ? null : receipt(2);
    };
    expect(await client.status(id)).toEqual({ state: 'confirmed', confirmations: 2 });
    answers['eth_getTransactionReceipt'] = () => receipt(3, '0x0');
    expect(await client.status(id)).toMatchObject({ state: 'failed', reason: expect.stringContaining('refused') });
  });

  it('finds payments in new blocks and tokens in logs, newest first, and asks for a block once', async () => {
    const paid = (from: string, to: string, value: bigint, byte: number) => ({
      hash: hash(byte),
      from,
      to,
      value: toHex(value),
      transactionIndex: toHex(byte),
      type: '0x2',
    });
    const chain = [
      block(0),
      block(1, [paid(other, own, 5n, 0xa1), paid(other, other, 9n, 0xa2)]),
      block(2, [paid(own, other, 6n, 0xa3)]),
      block(3),
    ];
    answers['eth_getBlockByNumber'] = ([which]) => chain[which === 'latest' ? 3 : Number(which)];
    answers['eth_getTransactionReceipt'] = () => receipt(2);
    const event = parseAbiItem('event Transfer(address indexed from, address indexed to, uint256 value)');
    const topics = encodeEventTopics({ abi: [event], args: { from: other as `0x${string}`, to: own as `0x${string}` } });
    const log = {
      address: token,
      blockNumber: '0x3',
      blockHash: hash(4),
      transactionHash: hash(0xb1),
      transactionIndex: '0x0',
      logIndex: '0x0',
      data: word(8n),
      topics,
      removed: false,
    };
    answers['eth_getLogs'] = ([filter]) => (JSON.stringify(filter).includes('null') ? [log] : []);
    const expected = [
      { id: hash(0xb1), direction: 'in', amount: 8n, token, fee: undefined, counterparty: other, confirmed: true, time: 1_003 },
      { id: hash(0xa3), direction: 'out', amount: 6n, token: undefined, fee: 210_000n, counterparty: other, confirmed: true, time: 1_002 },
      { id: hash(0xa1), direction: 'in', amount: 5n, token: undefined, fee: undefined, counterparty: other, confirmed: true, time: 1_001 },
    ];
    expect(await client.history(keys)).toEqual(expected);
    asked = [];
    expect(await client.history(keys)).toEqual(expected);
    // The newest block, and the two kinds of logs.
    expect(asked.toSorted()).toEqual(['eth_getBlockByNumber', 'eth_getLogs', 'eth_getLogs']);
    // Another block takes the place of the second last: the payment in it is gone.
    chain[3] = { ...block(3), hash: hash(0xc3), parentHash: hash(0xc2) };
    chain[2] = { ...block(2), hash: hash(0xc2) };
    expect((await client.history(keys)).map(({ id }) => id)).toEqual([hash(0xb1), hash(0xa1)]);
  });

  it('does not believe what no node can say', async () => {
    for (const wrong of ['-0x1', word(1n).replace('0x', '0x1'), 'much', {}, null, -1]) {
      answers['eth_getBalance'] = () => wrong;
      await expect(client.balance(keys, undefined)).rejects.toEqual(refusal('chain/unavailable'));
    }
    answers['eth_call'] = () => '0x';
    await expect(client.balance(keys, token)).rejects.toEqual(refusal('chain/unavailable'));
  });
});
