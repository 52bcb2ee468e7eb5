/** The Ethereum plugin and its client against a real node. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, hashTypedData, recoverTypedDataAddress } from 'viem';
import { bytesToHex, hexToBytes, serializeTransaction } from 'viem/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evmClient } from '#browser/worker/chains/evm/evm-client.ts';
import { ethereumLocal } from '#shared/chains/evm/plugin.ts';
import { readSender } from '#shared/chains/evm/signed-transaction.ts';
import type { ChainClient } from '#shared/ports/chain.ts';
import { claimPort } from '#test/support/claim-ports.ts';
import { addressOf, alice, bob, payAll, payOnce, untilConfirmed } from '#test/support/plain-payments.ts';
import { type PlainWallet, plainWallet } from '#test/support/plain-wallet.ts';
import { readMessage, signTransaction } from '#test/support/read-request.ts';
import { LOCAL_DOLLAR } from './local-dollar.ts';
import { type LocalEvm, startEvm } from './local-evm.ts';
import { provideAnvil } from './provide-anvil.ts';

const GIFT = { ether: 5n * 10n ** 18n, dollars: 1_000n * 10n ** 18n };
const refusal = (code: string) => expect.objectContaining({ name: 'TrefoilError', code });

describe('payments on the local Ethereum', () => {
  let folder: string;
  let chain: LocalEvm;
  let ethereum: ChainClient;

  beforeAll(async () => {
    const anvil = provideAnvil();
    if ('unavailable' in anvil) throw new Error(anvil.unavailable);
    folder = await mkdtemp(join(tmpdir(), 'ethereum-'));
    chain = await startEvm({ binary: anvil.path, dataDir: folder, port: await claimPort() });
    ethereum = evmClient(ethereumLocal, chain.url, [LOCAL_DOLLAR], Date.now);
    await chain.give(addressOf(ethereumLocal, alice), GIFT);
  });
  afterAll(async () => {
    await chain.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('sends a token, and several payments with rising nonces', async () => {
    const [token, to] = [LOCAL_DOLLAR.address, addressOf(ethereumLocal, bob)];
    const before = await ethereum.balance(alice.keys, token);
    const { signed } = await payOnce(ethereum, to, 7n * 10n ** 18n, token);
    await ethereum.broadcast(signed);
    expect(await untilConfirmed(ethereum, signed.id)).toEqual({ state: 'confirmed', confirmations: 1 });
    expect(await ethereum.balance(alice.keys, token)).toBe(before - 7n * 10n ** 18n);
    expect(await ethereum.balance(bob.keys, token)).toBe(7n * 10n ** 18n);
    const [entry] = await ethereum.history(alice.keys);
    expect(entry).toMatchObject({ id: signed.id, direction: 'out', amount: 7n * 10n ** 18n, token, counterparty: to });
    expect(entry?.fee).toBeGreaterThan(0n);

    const payments = [
      { to, amount: 5n, token: undefined },
      { to, amount: 6n, token },
      { to: addressOf(ethereumLocal, plainWallet('carol')), amount: 7n, token: undefined },
    ];
    const all = await payAll(ethereum, payments);
    expect(all).toHaveLength(3);
    for (const one of all) await ethereum.broadcast(one.signed);
    for (const one of all) expect(await untilConfirmed(ethereum, one.signed.id)).toMatchObject({ state: 'confirmed' });
    const ids = (await ethereum.history(alice.keys)).slice(0, 3).map(({ id }) => id);
    expect(ids).toEqual(all.map((one) => one.signed.id).reverse());
  });

  it('a second account receives and spends, also tokens', async () => {
    const second = plainWallet('alice', 1);
    await chain.give(addressOf(ethereumLocal, second), GIFT);
    const payments = [
      { to: addressOf(ethereumLocal, alice), amount: 10n ** 17n, token: undefined },
      { to: addressOf(ethereumLocal, alice), amount: 1n, token: LOCAL_DOLLAR.address },
    ];
    for (const { signed } of await payAll(ethereum, payments, second)) {
      await ethereum.broadcast(signed);
      expect(await untilConfirmed(ethereum, signed.id)).toMatchObject({ state: 'confirmed' });
    }
  });

  it('tells what cannot be paid, was refused, and lost its nonce to another', async () => {
    const to = addressOf(ethereumLocal, bob);
    const poor = plainWallet('poor');
    const build = (wallet: PlainWallet, amount: bigint, token?: string) =>
      ethereum.buildTransfers({ keys: wallet.keys, payments: [{ to, amount, token }] });
    await expect(build(poor, 1n)).rejects.toEqual(refusal('chain/insufficient-funds'));
    await expect(build(alice, 10n ** 24n)).rejects.toEqual(refusal('chain/insufficient-funds'));
    await expect(build(alice, 10n ** 24n, LOCAL_DOLLAR.address)).rejects.toEqual(refusal('chain/insufficient-funds'));
    await expect(build(alice, 0n)).rejects.toEqual(refusal('chain/bad-amount'));

    const first = await payOnce(ethereum, to, 1n);
    const rival = await payOnce(ethereum, to, 2n);
    await ethereum.broadcast(first.signed);
    await untilConfirmed(ethereum, first.signed.id);
    await expect(ethereum.broadcast(rival.signed)).rejects.toEqual(refusal('chain/rejected'));
    expect(await ethereum.status(rival.signed.id)).toEqual({ state: 'dropped' });
    // The refusal has not used up a nonce.
    const next = await payOnce(ethereum, to, 3n);
    await ethereum.broadcast(next.signed);
    expect(await untilConfirmed(ethereum, next.signed.id)).toMatchObject({ state: 'confirmed' });
  });

  it('takes transactions of the older kinds', async () => {
    const to = addressOf(ethereumLocal, bob) as Address;
    const gasPrice = 3n * 10n ** 9n;
    for (const type of ['eip2930', 'legacy'] as const) {
      const [{ signed: latest } = {}] = await payAll(ethereum, [{ to, amount: 1n, token: undefined }]);
      const { nonce } = readSender(latest?.raw ?? new Uint8Array());
      const accessList = [{ address: LOCAL_DOLLAR.address as Address, storageKeys: [`0x${'00'.repeat(32)}` as const] }];
      const fields = { chainId: 31_337, nonce, gas: 40_000n, gasPrice, to, value: 9n };
      const serialized = serializeTransaction(type === 'legacy' ? { type, ...fields } : { type, ...fields, accessList });
      const unsigned = hexToBytes(serialized);
      const signed = signTransaction(ethereumLocal, unsigned, alice);
      await ethereum.broadcast(signed);
      expect(await untilConfirmed(ethereum, signed.id)).toMatchObject({ state: 'confirmed' });
    }
  });

  it('signs typed data that others verify', async () => {
    const data = {
      types: { Vote: [{ name: 'choice', type: 'string' }] },
      primaryType: 'Vote' as const,
      domain: { name: 'Club', chainId: 31_337 },
      message: { choice: 'yes' },
    };
    const unsigned = ethereumLocal.messages?.typedData(JSON.stringify(data)) ?? new Uint8Array();
    const { tasks, assemble } = readMessage(ethereumLocal, unsigned, alice.keys);
    expect(tasks.map(({ digest }) => bytesToHex(digest))).toEqual([hashTypedData(data)]);
    const signature = bytesToHex(assemble(tasks.map(alice.sign)));
    expect(await recoverTypedDataAddress({ ...data, signature })).toBe(addressOf(ethereumLocal, alice));
  });
});
