import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatBytes } from '@noble/hashes/utils.js';
import { base58, base64 } from '@scure/base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildSolanaTransfers } from '#shared/chains/solana/build-transfer.ts';
import { solanaLocalnet } from '#shared/chains/solana/plugin.ts';
import { plainWallet } from '#test/support/plain-wallet.ts';
import { Ledger } from './ledger.ts';
import { type Method, solanaMethods } from './methods.ts';
import { SLOT_MS } from './slots.ts';

const alice = plainWallet('alice');
const bob = plainWallet('bob');
const from = solanaLocalnet.addresses(alice.keys)[0].address;
const to = solanaLocalnet.addresses(bob.keys)[0].address;
const BASE64 = { encoding: 'base64' };

describe('Solana RPC methods', () => {
  let folder: string;
  let ledger: Ledger;
  let methods: ReadonlyMap<string, Method>;
  let now = 1_800_000_000_000;

  const open = (): void => {
    ledger = new Ledger(
      join(folder, 'journal.sqlite'),
      () => now,
      (bytes) => new Uint8Array(bytes).fill(7),
    );
    methods = solanaMethods(ledger);
  };
  // biome-ignore lint/suspicious/noExplicitAny: the answers are JSON of many shapes
  const call = (method: string, ...params: unknown[]): any => methods.get(method)?.(params);
  const latest = (): string => call('getLatestBlockhash').value.blockhash;
  const message = (amount: bigint, blockhash = latest(), microLamports = 0n): Uint8Array => {
    const state = {
      balance: 10n ** 18n,
      blockhash,
      lastValidBlockHeight: 0n,
      rentExemptMinimum: 0n,
      recipientBalances: new Map(),
      microLamports,
    };
    const payments = [{ to, amount, token: undefined }];
    return buildSolanaTransfers({ keys: alice.keys, payments }, state)[0] ?? new Uint8Array();
  };
  const sign = (bytes: Uint8Array): string => base64.encode(concatBytes(Uint8Array.of(1), alice.signEd25519(bytes), bytes));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'solana-'));
    open();
    call('requestAirdrop', from, 2_000_000_000);
  });
  afterEach(async () => {
    ledger.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('confirms with time', () => {
    const id = call('sendTransaction', sign(message(1_000_000n)), BASE64);
    const status = () => call('getSignatureStatuses', [id]).value[0];
    expect(status()).toMatchObject({ confirmations: 0, confirmationStatus: 'processed', err: null });
    now += SLOT_MS;
    expect(status()).toMatchObject({ confirmations: 1, confirmationStatus: 'confirmed' });
    now += 32 * SLOT_MS;
    expect(status()).toMatchObject({ confirmations: null, confirmationStatus: 'finalized' });
    expect(call('getSignatureStatuses', [base58.encode(new Uint8Array(64).fill(1))]).value).toEqual([null]);
  });

  it('accepts a blockhash for 150 slots and a transaction once', () => {
    const bytes = message(1_000_000n);
    const blockhash = latest();
    const other = sign(message(2_000_000n));
    call('sendTransaction', sign(bytes), BASE64);
    expect(() => call('sendTransaction', sign(bytes), BASE64)).toThrow('already been processed');
    now += 150 * SLOT_MS;
    expect(call('isBlockhashValid', blockhash).value).toBe(true);
    now += SLOT_MS;
    expect(call('isBlockhashValid', blockhash).value).toBe(false);
    expect(() => call('sendTransaction', other, BASE64)).toThrow('Blockhash not found');
    expect(call('getFeeForMessage', base64.encode(bytes)).value).toBeNull();
  });

  it('tells the fee that it will charge', () => {
    const bytes = message(1_000_000n, latest(), 2_000_000n);
    expect(call('getFeeForMessage', base64.encode(bytes)).value).toBe(7_000);
    const id = call('sendTransaction', sign(bytes), BASE64);
    const { meta, transaction, version } = call('getTransaction', id, { encoding: 'json' });
    expect({ fee: meta.fee, version, payer: transaction.message.accountKeys[0] }).toEqual({ fee: 7_000, version: 0, payer: from });
    expect(meta.preBalances[0] - meta.postBalances[0]).toBe(1_007_000);
    expect(call('getTransaction', id, BASE64).transaction[0]).toBe(sign(bytes));
  });

  it('simulates without a trace', () => {
    const bytes = message(1_000_000n);
    const unsigned = base64.encode(concatBytes(Uint8Array.of(1), new Uint8Array(64), bytes));
    expect(call('simulateTransaction', unsigned, BASE64).value).toMatchObject({ err: null, unitsConsumed: 150 });
    expect(call('simulateTransaction', unsigned, { ...BASE64, sigVerify: true }).value.err).toBe('SignatureFailure');
    expect(call('simulateTransaction', sign(message(5n)), BASE64).value.err).toEqual({ InsufficientFundsForRent: { account_index: 1 } });
    expect(call('getBalance', to).value).toBe(0);
  });

  it('charges for a transaction that fails without preflight, and refuses it with', () => {
    const tooMuch = message(10n ** 15n);
    expect(() => call('sendTransaction', sign(tooMuch), BASE64)).toThrow('custom program error: 0x1');
    const before = call('getBalance', from).value;
    const id = call('sendTransaction', sign(tooMuch), { ...BASE64, skipPreflight: true });
    expect(call('getBalance', from).value).toBe(before - 5_000);
    expect(call('getSignatureStatuses', [id]).value[0].err).toEqual({ InstructionError: [0, { Custom: 1 }] });
  });

  it('pages history and is the same after a restart', () => {
    const ids = [1, 2, 3].map((index) => call('sendTransaction', sign(message(BigInt(index) * 1_000_000n)), BASE64)).reverse();
    const list = (options: object): string[] =>
      call('getSignaturesForAddress', from, options).map(({ signature }: { signature: string }) => signature);
    expect(list({ limit: 3 })).toEqual(ids);
    expect(list({ before: ids[0], limit: 1 })).toEqual([ids[1]]);
    expect(list({ until: ids[1] })).toEqual([ids[0]]);
    const before = [call('getBalance', from), call('getBalance', to), call('getGenesisHash'), list({})];
    ledger.close();
    open();
    expect([call('getBalance', from), call('getBalance', to), call('getGenesisHash'), list({})]).toEqual(before);
  });

  it.each([
    ['getBalance', ['0x00']],
    ['getBalance', [from, {}, 'more']],
    ['getTransaction', ['x']],
    ['sendTransaction', ['!', BASE64]],
    ['sendTransaction', [base64.encode(new Uint8Array(40)), BASE64]],
    ['sendTransaction', [base64.encode(new Uint8Array(1300)), BASE64]],
    ['requestAirdrop', [from, 1e18]],
    ['getFeeForMessage', ['AA==']],
  ])('refuses malformed parameters of %s', (method, params) => {
    expect(() => call(method, ...params)).toThrow(expect.objectContaining({ code: -32602 }));
  });
});
