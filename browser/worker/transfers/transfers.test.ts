/** The real Solana plugin and a real Ed25519 key; the network is the adversary. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildSolanaTransfer } from '../../../shared/chains/solana/build-transfer.ts';
import { solanaLocalnet as plugin } from '../../../shared/chains/solana/plugin.ts';
import { TrefoilError } from '../../../shared/errors.ts';
import type { UnixMs } from '../../../shared/ids.ts';
import type { ChainClient, SignedTransaction } from '../../../shared/ports/chain.ts';
import type { PublicKeys } from '../../../shared/ports/engine.ts';
import type { Network } from '../network.ts';
import { SentLog } from './sent-log.ts';
import { Transfers } from './transfers.ts';

const MINUTE_MS = 60_000;
const secret = ed25519.utils.randomSecretKey();
const point = new Uint8Array(33).fill(2);
const keys: PublicKeys = {
  ...{ threshold: 2, roster: [], ecdsa: point, taproot: point },
  ed25519: ed25519.getPublicKey(secret),
  chainCodes: { ecdsa: new Uint8Array(32), taproot: new Uint8Array(32) },
};
const own = plugin.address(keys);
const addressOf = (seed: Uint8Array): string => plugin.address({ ...keys, ed25519: ed25519.getPublicKey(seed) });
const friend = addressOf(ed25519.utils.randomSecretKey());
const thief = addressOf(ed25519.utils.randomSecretKey());
const state = {
  balance: 10n ** 10n,
  blockhash: own,
  lastValidBlockHeight: 1n,
  rentExemptMinimum: 890_880n,
  recipientBalance: 10n ** 9n,
  microLamports: 0n,
};
const wish = { chain: plugin.id, to: friend, amount: 2_000_000n };

let now: number;
let signed: number;
let waits: number[];
let sent: SignedTransaction[];
/** What the network answers to each broadcast, then acceptance. */
let refusals: TrefoilError[];
/** What the network builds instead of what it was asked for. */
let swap: (request: { to: string; amount: bigint }) => { to: string; amount: bigint };
let log: SentLog;
let transfers: Transfers;

beforeEach(() => {
  [now, signed, waits, sent, refusals, swap] = [1_000_000, 0, [], [], [], (request) => request];
  let stored: Uint8Array | undefined;
  log = new SentLog({
    readSent: async () => stored,
    writeSent: async (plaintext) => {
      stored = plaintext;
    },
  });
  const client: ChainClient = {
    plugin,
    balance: async () => state.balance,
    buildTransfer: async (request) => buildSolanaTransfer({ keys: request.keys, ...swap(request) }, state),
    broadcast: async (transaction) => {
      const refusal = refusals.shift();
      if (refusal !== undefined) throw refusal;
      sent.push(transaction);
    },
    status: async () => ({ state: 'pending' }),
    history: async () => [],
  };
  const network: Network = { chains: [{ plugin, client, unavailable: undefined }], nodes: [], requestTestMoney: undefined };
  transfers = new Transfers({
    ...{ network, keys, log },
    signer: {
      sign: async ({ digests }) => {
        signed += 1;
        return { signatures: digests.map((digest) => ed25519.sign(digest, secret)), servedBy: 'Frankfurt', roundTrips: 1 };
      },
    },
    known: async () => [],
    now: () => now as UnixMs,
    sleep: async (ms) => {
      waits.push(ms);
    },
  });
});

const approve = (id: string) => transfers.approve(id, () => {});

describe('a transfer', () => {
  it('is reviewed from its own bytes, signed and sent', async () => {
    const prepared = await transfers.prepare(wish);
    expect(prepared).toMatchObject({
      payments: [{ to: friend, amount: 2_000_000n }],
      fee: 5_000n,
      total: 2_005_000n,
      warnings: ['new-recipient'],
    });
    const { transactionId, servedBy } = await approve(prepared.id);
    expect([sent[0]?.id, servedBy]).toEqual([transactionId, 'Frankfurt']);
    expect(await log.entries()).toMatchObject([{ id: transactionId, to: friend, amount: 2_000_000n, state: 'pending' }]);
  });

  it.each([
    ['pays somebody else', { to: thief, amount: 2_000_000n }],
    ['pays more', { to: friend, amount: 2_000_001n }],
    ['pays nobody', { to: own, amount: 2_000_000n }],
  ])('that %s than was asked for is never shown for approval', async (_, other) => {
    swap = () => other;
    await expect(transfers.prepare(wish)).rejects.toMatchObject({ code: 'intent/unsupported' });
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
