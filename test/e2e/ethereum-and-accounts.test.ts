/** With nothing but the page: Ether and a token leave on a real chain, both of Bitcoin's keys sign one payment, messages verify, and a second account lives on its own. */

import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { BrowserContext, Page } from 'playwright-core';
import { type Address, bytesToHex, createPublicClient, erc20Abi, type Hex, http, parseEther, verifyMessage, verifyTypedData } from 'viem';
import { HDKey } from 'viem/accounts';
import { publicKeyToAddress } from 'viem/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bitcoinRegtest } from '#shared/chains/bitcoin/plugin.ts';
import { joinStory } from './join-story.ts';
import { bitcoinReceived, createWallet, evmUrl, fund, goHome, type Story, unlock } from './topology.ts';

let story: Story;
let context: BrowserContext;
let page: Page;
let chain: ReturnType<typeof createPublicClient>;
let token: Address;

beforeAll(async () => {
  story = await joinStory();
  context = await story.newContext();
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(story.world.page);
  chain = createPublicClient({ transport: http(evmUrl(story.world)) });
  const ethereum = story.world.release.chains.find(({ id }) => id === 'eip155:31337');
  if (ethereum === undefined || !('tokens' in ethereum)) throw new Error('Ethereum with a token');
  token = ethereum.tokens[0]?.address as Address;
}, 15 * 60_000);
afterAll(() => story?.close());

const newAddress = (): Address => publicKeyToAddress(bytesToHex(crypto.getRandomValues(new Uint8Array(65))));
const held = (address: Address): Promise<bigint> => chain.getBalance({ address });
const tokens = (address: Address): Promise<bigint> =>
  chain.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [address] });
const approve = async (): Promise<void> => {
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('heading', { name: 'Sent', exact: true }).waitFor({ timeout: 60_000 });
};

async function pay(asset: string, ...payments: { to: string; amount: string }[]): Promise<void> {
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByLabel('Asset').selectOption({ label: asset });
  for (const [i, { to, amount }] of payments.entries()) {
    if (i > 0) await page.getByRole('button', { name: 'Add another recipient' }).click();
    await page.getByLabel('To').nth(i).fill(to);
    await page.getByLabel('Amount').nth(i).fill(amount);
  }
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('heading', { name: 'Check before you approve' }).waitFor();
}

/** The addresses that the page shows for an asset of the account that is chosen. */
async function receiveAddresses(asset: string): Promise<string[]> {
  await page.getByRole('button', { name: 'Receive', exact: true }).click();
  await page.getByLabel('Asset').selectOption({ label: asset });
  const shown = await page.locator('.receive-addresses .whole-address').allTextContents();
  await goHome(page);
  return shown.map((text) => text.replace(/\s/g, ''));
}
const ethereumAddress = async (): Promise<Address> => (await receiveAddresses('ETH · Ethereum on this machine'))[0] as Address;

async function giveBitcoin(address: string): Promise<void> {
  const body = JSON.stringify({ chain: bitcoinRegtest.id, address });
  const answer = await fetch(`${story.world.faucet}/faucet`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  if (!answer.ok) throw new Error(await answer.text());
}

const signs = () =>
  page
    .workers()[0]
    ?.evaluate(() => performance.getEntriesByName('trefoil.sign').map((entry) => (entry as unknown as { detail: unknown }).detail));

describe('Ethereum', () => {
  it('gives test money, and a token with it', async () => {
    await createWallet(page);
    await fund(page, 'ETH', /^5/);
    await page.getByText('1,000 LUSD').or(page.getByText('1000 LUSD')).first().waitFor({ timeout: 30_000 });
  });

  it('takes Ether from the page', async () => {
    const to = newAddress();
    await pay('ETH · Ethereum on this machine', { to, amount: '1.5' });
    await approve();
    await expect.poll(() => held(to), { timeout: 30_000 }).toBe(parseEther('1.5'));
    await goHome(page);
  });

  it('takes an ERC-20 token from the page, and tells the fee in Ether', async () => {
    const to = newAddress();
    await pay('LUSD · Ethereum on this machine', { to, amount: '25.5' });
    expect(await page.locator('main').textContent()).toMatch(/25\.5 LUSD[\s\S]*0\.0+\d+ ETH/);
    await approve();
    await expect.poll(() => tokens(to), { timeout: 30_000 }).toBe(parseEther('25.5'));
    await goHome(page);
  });

  it('takes three payments with one approval and one signing request', async () => {
    const before = (await signs())?.length ?? 0;
    const payments = ['0.1', '0.2', '0.3'].map((amount) => ({ to: newAddress(), amount }));
    await pay('ETH · Ethereum on this machine', ...payments);
    await page.getByText(/one approval.*3 transactions/i).waitFor();
    await approve();
    for (const { to, amount } of payments) await expect.poll(() => held(to), { timeout: 30_000 }).toBe(parseEther(amount));
    const after = (await signs()) ?? [];
    expect(after.length).toBe(before + 1);
    expect(after.at(-1)).toMatchObject({ roundTrips: 1 });
    await goHome(page);
  });

  it('has messages and typed data signed, and viem verifies both', async () => {
    const address = await ethereumAddress();
    const sign = async (tab: 'Text' | 'Typed data', content: string): Promise<Hex> => {
      await page.getByRole('button', { name: 'Sign a message' }).click();
      await page.getByRole('tab', { name: tab }).click();
      await page.locator('#message').fill(content);
      await page.getByRole('button', { name: 'Review' }).click();
      await page.getByRole('heading', { name: 'Check before you sign' }).waitFor();
      if (tab === 'Typed data') expect(await page.locator('main').textContent()).toMatch(/Local Market[\s\S]*seller[\s\S]*price/);
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByRole('heading', { name: 'Signed', exact: true }).waitFor({ timeout: 30_000 });
      const signature = ((await page.locator('.signature').textContent()) ?? '').replace(/\s/g, '') as Hex;
      await goHome(page);
      return signature;
    };
    const message = 'I hold this account.\nOn 21 November.';
    expect(await verifyMessage({ address, message, signature: await sign('Text', message) })).toBe(true);
    const typed = {
      domain: { name: 'Local Market', version: '1', chainId: 31337, verifyingContract: token },
      types: {
        Offer: [
          { name: 'seller', type: 'address' },
          { name: 'price', type: 'uint256' },
          { name: 'items', type: 'Item[]' },
        ],
        Item: [
          { name: 'name', type: 'string' },
          { name: 'count', type: 'uint32' },
        ],
      },
      primaryType: 'Offer' as const,
      message: { seller: address, price: 12n * 10n ** 18n, items: [{ name: 'clover', count: 3 }] },
    };
    const EIP712Domain = [
      { name: 'name', type: 'string' },
      { name: 'version', type: 'string' },
      { name: 'chainId', type: 'uint256' },
      { name: 'verifyingContract', type: 'address' },
    ];
    const json = JSON.stringify({ ...typed, types: { EIP712Domain, ...typed.types } }, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    expect(await verifyTypedData({ address, ...typed, signature: await sign('Typed data', json) })).toBe(true);
  });
});

describe('Bitcoin', () => {
  it('spends P2WPKH and P2TR coins together in one transaction', async () => {
    const [taproot, segwit] = await receiveAddresses('BTC · Bitcoin on this machine');
    expect([taproot?.startsWith('bcrt1p'), segwit?.startsWith('bcrt1q')]).toEqual([true, true]);
    await giveBitcoin(taproot ?? '');
    await giveBitcoin(segwit ?? '');
    await page
      .locator('.accounts > li')
      .filter({ hasText: 'BTC' })
      .locator('.balance')
      .filter({ hasText: /^1 / })
      .waitFor({ timeout: 60_000 });
    // More than either coin holds, to an address of nobody.
    const nobody = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';
    await pay('BTC · Bitcoin on this machine', { to: nobody, amount: '0.8' });
    await approve();
    await expect.poll(() => bitcoinReceived(story.world, nobody), { timeout: 60_000 }).toBe(80_000_000);
    if ('unavailable' in story.world.bitcoin) throw new Error(story.world.bitcoin.unavailable);
    const history = (await (await fetch(`${story.world.bitcoin.url}/address/${nobody}/txs`)).json()) as {
      vin: { prevout: { scriptpubkey_address: string } }[];
    }[];
    const spent = history[0]?.vin.map(({ prevout }) => prevout.scriptpubkey_address).sort();
    expect(spent).toEqual([taproot, segwit].sort());
    await goHome(page);
  });
});

describe('a second account', () => {
  it('receives and spends Ether and Bitcoin, and comes back after a reload', async () => {
    const first = await ethereumAddress();
    await page.getByRole('button', { name: 'Add account' }).click();
    await page.getByText('Account 2 was added.').waitFor();
    const second = await ethereumAddress();
    const [bitcoin] = await receiveAddresses('BTC · Bitcoin on this machine');
    expect(second).not.toBe(first);
    await page.getByLabel('Account').selectOption({ label: 'Account 1' });
    await pay('ETH · Ethereum on this machine', { to: second, amount: '1' });
    await approve();
    await goHome(page);
    await giveBitcoin(bitcoin ?? '');
    await page.reload();
    await unlock(page);
    await page.getByLabel('Account').selectOption({ label: 'Account 2' });
    expect(await ethereumAddress()).toBe(second);
    const to = newAddress();
    await pay('ETH · Ethereum on this machine', { to, amount: '0.75' });
    await approve();
    await expect.poll(() => held(to), { timeout: 30_000 }).toBe(parseEther('0.75'));
    await goHome(page);
    const elsewhere = 'bcrt1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qzf4jry';
    await page
      .locator('.accounts > li')
      .filter({ hasText: 'BTC' })
      .locator('.balance')
      .filter({ hasText: /^0\.5/ })
      .waitFor({ timeout: 60_000 });
    await pay('BTC · Bitcoin on this machine', { to: elsewhere, amount: '0.25' });
    await approve();
    await expect.poll(() => bitcoinReceived(story.world, elsewhere), { timeout: 60_000 }).toBe(25_000_000);
    await goHome(page);
  });

  it('is where the extended public key says, for a library that is not ours', async () => {
    const shown = await ethereumAddress();
    await page.getByText('Watch-only keys').click();
    await page.getByText(/^tpub/).nth(1).waitFor();
    const extended = (await page.locator('dl .mono').allTextContents())
      .map((text) => text.trim())
      .filter((text) => text.startsWith('tpub'));
    const master = HDKey.fromExtendedKey(extended[1] ?? '', { private: 0x04358394, public: 0x043587cf });
    const child = master.derive('m/0/1').publicKey;
    if (child == null) throw new Error('a child');
    const uncompressed = secp256k1.Point.fromBytes(child).toBytes(false);
    expect(publicKeyToAddress(bytesToHex(uncompressed))).toBe(shown);
  });
});
