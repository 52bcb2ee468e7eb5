/** The real plugins and plain keys; the network is the adversary. */
import { beforeEach, describe, expect, it } from 'vitest';
import { buildEvmTransfers } from '#shared/chains/evm/build-transfer.ts';
import { ethereumLocal as evm } from '#shared/chains/evm/plugin.ts';
import { buildSolanaTransfers } from '#shared/chains/solana/build-transfer.ts';
import { solanaLocalnet as solana } from '#shared/chains/solana/plugin.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { UnixMs } from '#shared/ids.ts';
import type { ChainClient, ChainPlugin, Payment, SignedTransaction } from '#shared/ports/chain.ts';
import { plainWallet } from '#test/support/plain-wallet.ts';
import type { Network } from '../network.ts';
import { SentLog } from './sent-log.ts';
import { Transfers } from './transfers.ts';

const MINUTE_MS = 60_000;
const wallet = plainWallet('mine');
const addressOf = (plugin: ChainPlugin, name: string): string => plugin.addresses(plainWallet(name).keys)[0].address;
const [own, friend, thief] = ['mine', 'friend', 'thief'].map((name) => addressOf(solana, name)) as [string, string, string];
const solanaState = {
  balance: 10n ** 10n,
  blockhash: own,
  lastValidBlockHeight: 1n,
  rentExemptMinimum: 890_880n,
  recipientBalances: new Map([[friend, 10n ** 9n]]),
  microLamports: 0n,
};
const payment = { to: friend, amount: 2_000_000n, token: undefined };
const wish = { chain: solana.id, account: 0, payments: [payment] };

let now: number;
let signed: number;
let waits: number[];
let sent: SignedTransaction[];
/** What the network answers to each broadcast, then acceptance. */
let refusals: TrefoilError[];
/** What the network builds instead of what it was asked for. */
let swap: (payments: readonly Payment[]) => readonly Payment[];
let log: SentLog;
let transfers: Transfers;

const evmState = {
  balance: 10n ** 20n,
  tokenBalances: new Map(),
  nonce: 7,
  price: { maxFeePerGas: 2_000_000_000n, maxPriorityFeePerGas: 1n },
  gas: [21_000n, 21_000n, 21_000n],
};

beforeEach(() => {
  [now, signed, waits, sent, refusals, swap] = [1_000_000, 0, [], [], [], (payments) => payments];
  let stored: Uint8Array | undefined;
  log = new SentLog({
    readNote: async () => stored,
    writeNote: async (_kind, plaintext) => {
      stored = plaintext;
    },
  });
  const clientOf = (plugin: ChainPlugin, balance: bigint, build: (payments: readonly Payment[]) => Uint8Array[]): ChainClient => ({
    plugin,
    balance: async () => balance,
    buildTransfers: async ({ payments }) => build(swap(payments)),
    broadcast: async (transaction) => {
      const refusal = refusals.shift();
      if (refusal !== undefined) throw refusal;
      sent.push(transaction);
    },
    status: async () => ({ state: 'pending' }),
    history: async () => [],
  });
  const { keys } = wallet;
  const open = { unavailable: undefined, tokens: [] };
  const network: Network = {
    chains: [
      {
        ...open,
        plugin: solana,
        client: clientOf(solana, solanaState.balance, (payments) => buildSolanaTransfers({ keys, payments }, solanaState)),
      },
      {
        ...open,
        plugin: evm,
        client: clientOf(evm, evmState.balance, (payments) => buildEvmTransfers({ keys, payments }, evmState, 31_337)),
      },
    ],
    nodes: [],
    requestTestMoney: undefined,
  };
  transfers = new Transfers({
    ...{ network, log, keysOf: () => keys },
    signer: {
      sign: async ({ tasks }) => {
        signed += 1;
        return { signatures: tasks.map(wallet.sign), servedBy: 'Frankfurt', roundTrips: 1 };
      },
    },
    known: async () => [],
    clock: () => now as UnixMs,
    sleep: async (ms) => {
      waits.push(ms);
    },
  });
});

const several = () => {
  const to = addressOf(evm, 'friend');
  return { chain: evm.id, account: 0, payments: [1n, 2n, 3n].map((amount) => ({ to, amount, token: undefined })) };
};
const approve = (id: string) => transfers.approve(id, () => {});

describe('a transfer', () => {
  it('is reviewed from its own bytes, signed and sent', async () => {
    const prepared = await transfers.prepare(wish);
    expect(prepared).toMatchObject({
      payments: [{ to: friend, amount: 2_000_000n, warnings: ['new-recipient'] }],
      ...{ fee: 5_000n, transactions: 1, warnings: [] },
    });
    const { transactionIds, servedBy } = await approve(prepared.id);
    expect([sent.map(({ id }) => id), servedBy]).toEqual([transactionIds, 'Frankfurt']);
    expect(await log.entries()).toMatchObject([{ id: transactionIds[0], to: friend, amount: 2_000_000n, state: 'pending' }]);
  });

  it.each([
    ['pays somebody else', [{ ...payment, to: thief }]],
    ['pays more', [{ ...payment, amount: 2_000_001n }]],
    ['pays nobody', [{ ...payment, to: own }]],
    ['pays somebody else as well', [payment, { ...payment, to: thief }]],
  ])('that %s than was asked for is never shown for approval', async (_, other) => {
    swap = () => other;
    await expect(transfers.prepare(wish)).rejects.toMatchObject({ code: 'intent/unsupported' });
  });

  it('of several payments is signed with one approval and sent in order', async () => {
    const prepared = await transfers.prepare(several());
    expect(prepared).toMatchObject({ transactions: 3, fee: 3n * 21_000n * 2_000_000_000n });
    const { transactionIds } = await approve(prepared.id);
    expect([signed, sent.map(({ id }) => id)]).toEqual([1, transactionIds]);
    expect((await log.entries()).map(({ id }) => id)).toEqual(transactionIds);
  });

  it('of several payments stops where one is refused', async () => {
    const { id } = await transfers.prepare(several());
    const push = sent.push.bind(sent);
    sent.push = (transaction) => {
      refusals = [new TrefoilError('chain/rejected', { operation: 'test', detail: 'nonce too low' })];
      return push(transaction);
    };
    await expect(approve(id)).rejects.toMatchObject({
      code: 'chain/rejected',
      detail: '1 of 3 transactions were sent before; nonce too low',
    });
    expect((await log.entries()).map(({ state }) => state)).toEqual(['pending', 'failed', 'failed']);
  });

  it('pays with one asset and has at most 16 recipients', async () => {
    const refused = (payments: Payment[]) =>
      expect(transfers.prepare({ ...wish, payments })).rejects.toMatchObject({ code: 'input/malformed' });
    await refused([]);
    await refused(Array.from({ length: 17 }, () => payment));
    await refused([payment, { ...payment, token: 'another' }]);
  });

  it('is approved once', async () => {
    const { id } = await transfers.prepare(wish);
    const both = await Promise.allSettled([approve(id), approve(id)]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect([signed, sent.length]).toEqual([1, 1]);
  });

  it('cannot be approved when another one was reviewed after it, when it is old, or when it is unknown', async () => {
    const older = await transfers.prepare(wish);
    const newer = await transfers.prepare(wish);
    await expect(approve(older.id)).rejects.toMatchObject({ code: 'intent/expired' });
    now += 10 * MINUTE_MS;
    await expect(approve(newer.id)).rejects.toMatchObject({ code: 'intent/expired' });
    await expect(approve('nothing')).rejects.toMatchObject({ code: 'intent/expired' });
    expect(signed).toBe(0);
  });
});

describe('a network', () => {
  const silent = () => new TrefoilError('chain/unavailable', { operation: 'test' });

  it('that stumbles gets the same bytes again', async () => {
    refusals = [silent(), silent()];
    await approve((await transfers.prepare(wish)).id);
    expect([signed, sent.length, waits.length]).toEqual([1, 1, 2]);
  });

  it('that stays silent leaves the payment in the history, because it may have gone through', async () => {
    refusals = [silent(), silent(), silent()];
    const failure = approve((await transfers.prepare(wish)).id);
    await expect(failure).rejects.toMatchObject({ code: 'chain/unavailable', detail: expect.stringContaining('may have been sent') });
    expect(await log.entries()).toMatchObject([{ state: 'pending' }]);
  });

  it('that refuses leaves it as failed', async () => {
    refusals = [new TrefoilError('chain/rejected', { operation: 'test', detail: 'blockhash not found' })];
    await expect(approve((await transfers.prepare(wish)).id)).rejects.toMatchObject({ code: 'chain/rejected' });
    expect(await log.entries()).toMatchObject([{ state: 'failed' }]);
  });
});
