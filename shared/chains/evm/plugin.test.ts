import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { type Hex, recoverTransactionAddress, type TransactionSerializable, verifyMessage } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { keccak256, parseGwei, serializeTransaction, toHex } from 'viem/utils';
import { describe, expect, it } from 'vitest';
import type { Payment } from '#shared/ports/chain.ts';
import { mutationsOf, verdict } from '#test/support/mutations.ts';
import { plainWallet } from '#test/support/plain-wallet.ts';
import { readMessage, readTransaction, signTransaction } from '#test/support/read-request.ts';
import { buildEvmTransfers, type EvmState } from './build-transfer.ts';
import { transferData } from './erc20-transfer.ts';
import { MESSAGE_MAX_BYTES } from './personal-message.ts';
import { ethereum, ethereumSepolia, isEvm, ethereumLocal as plugin } from './plugin.ts';
import { readSender } from './signed-transaction.ts';

const wallet = plainWallet('ethereum');
const { keys } = wallet;
const account = privateKeyToAccount(toHex(wallet.ecdsaSecret));
const from = account.address;
const to = privateKeyToAccount(toHex(plainWallet('recipient').ecdsaSecret)).address;
const token = privateKeyToAccount(toHex(plainWallet('token').ecdsaSecret)).address;
const refusal = (code: string) => expect.objectContaining({ name: 'TrefoilError', code });

const base = { chainId: 31_337, nonce: 3, to, value: 10n ** 18n };
const eip1559 = { ...base, type: 'eip1559', gas: 21_000n, maxFeePerGas: parseGwei('30'), maxPriorityFeePerGas: parseGwei('1') } as const;
const eip2930 = { ...base, type: 'eip2930', gas: 30_000n, gasPrice: parseGwei('20') } as const;
const legacy = { ...base, type: 'legacy', gas: 21_000n, gasPrice: parseGwei('20') } as const;
const erc20 = { ...eip1559, to: token, value: 0n, data: transferData(to, 5n), gas: 60_000n } as const;
const accessList = [{ address: token.toLowerCase() as Hex, storageKeys: [`0x${'11'.repeat(32)}` as Hex] }];
const bytes = (transaction: TransactionSerializable): Uint8Array => hexToBytes(serializeTransaction(transaction).slice(2));
const sign = (unsigned: Uint8Array): Uint8Array[] => plugin.read(unsigned, keys).tasks.map(wallet.sign);

describe('EVM transactions', () => {
  it('has the address that viem derives', () => {
    expect(plugin.addresses(keys)).toEqual([{ format: '', address: from }]);
    expect(isEvm(plugin)).toBe(true);
    expect(() => plugin.addresses({ ...keys, ecdsa: new Uint8Array(33) })).toThrow(refusal('input/malformed'));
  });

  // The key, digest and signed bytes of EIP-155's example
  it('signs the example of EIP-155', () => {
    const secret: Hex = `0x${'46'.repeat(32)}`;
    const exampleKeys = { ...keys, ecdsa: hexToBytes(compressed(privateKeyToAccount(secret).publicKey)) };
    const unsigned = hexToBytes('ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080');
    const { tasks, assemble } = readTransaction(ethereum, unsigned, exampleKeys);
    expect(bytesToHex(tasks[0]?.digest ?? new Uint8Array())).toBe('daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53');
    const [r, s] = [
      '28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276',
      '67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83',
    ];
    expect(bytesToHex(assemble([hexToBytes(`${r}${s}00`)]).raw)).toBe(
      `f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a0${r}a0${s}`,
    );
  });

  it.each<[string, TransactionSerializable]>([
    ['EIP-1559', eip1559],
    ['EIP-1559 with a token', erc20],
    ['EIP-1559 with an access list', { ...eip1559, accessList }],
    ['EIP-1559 with nonce 0', { ...eip1559, nonce: 0 }],
    ['EIP-2930', { ...eip2930, accessList }],
    ['EIP-2930 without a list', eip2930],
    ['legacy', legacy],
    ['legacy with a token', { ...legacy, to: token, value: 0n, data: transferData(to, 5n), gas: 60_000n }],
  ])('signs the same bytes as viem: %s', async (_, transaction) => {
    const unsigned = bytes(transaction);
    const { raw, id } = signTransaction(plugin, unsigned, wallet);
    const serialized = await account.signTransaction(transaction as never);
    expect(toHex(raw)).toBe(serialized);
    expect(await recoverTransactionAddress({ serializedTransaction: serialized as never })).toBe(from);
    expect(id).toBe(keccak256(serialized));
    expect(readSender(raw)).toEqual({ account: from, nonce: transaction.nonce });
    expect(plugin.read(unsigned, keys).content).toMatchObject({ type: 'transaction', chain: 'eip155:31337', from });
  });

  it('tells the sender also where the signature begins with zeros', () => {
    // One in 128 signatures has a zero in front, which transactions leave out.
    for (let nonce = 0; nonce < 300; nonce++) {
      const unsigned = bytes({ ...legacy, nonce });
      expect(readSender(signTransaction(plugin, unsigned, wallet).raw)).toEqual({ account: from, nonce });
    }
    for (const wrong of [new Uint8Array(), bytes(eip1559), bytes(legacy)])
      expect(() => readSender(wrong)).toThrow(refusal('input/malformed'));
  });

  it('tells what leaves, what returns and the most that it costs', () => {
    const fee = 21_000n * parseGwei('30');
    expect(plugin.read(bytes(eip1559), keys).content).toEqual({
      type: 'transaction',
      chain: plugin.id,
      from,
      payments: [{ to, amount: 10n ** 18n, token: undefined }],
      change: 0n,
      fee,
    });
    expect(plugin.read(bytes({ ...eip1559, to: from }), keys).content).toMatchObject({ payments: [], change: 10n ** 18n, fee });
    expect(plugin.read(bytes(erc20), keys).content).toMatchObject({
      payments: [{ to, amount: 5n, token }],
      fee: 60_000n * parseGwei('30'),
    });
    expect(plugin.read(bytes(legacy), keys).content).toMatchObject({ fee: 21_000n * parseGwei('20') });
  });

  const transfer = transferData(to, 5n);
  const call = (data: string): Uint8Array => bytes({ ...erc20, data: data as Hex });
  it.each([
    ['another chain', bytes({ ...eip1559, chainId: 1 })],
    ['a legacy transaction for any chain', bytes({ ...legacy, chainId: undefined } as never)],
    ['a contract creation', bytes({ ...eip1559, to: undefined, data: '0x60' } as never)],
    ['the zero address', bytes({ ...eip1559, to: `0x${'00'.repeat(20)}` })],
    ['nothing that moves', bytes({ ...eip1559, value: 0n })],
    ['data with a payment', bytes({ ...eip1559, data: '0x00' })],
    ['a call of another function', call(`0x095ea7b3${transfer.slice(10)}`)],
    ['a transfer with a trailing byte', call(`${transfer}00`)],
    ['a transfer that is cut', call(transfer.slice(0, -2))],
    ['a transfer with dirt before the address', call(`${transfer.slice(0, 10)}01${transfer.slice(12)}`)],
    ['a transfer of nothing', call(transferData(to, 0n))],
    ['a transfer to the zero address', call(transferData(`0x${'00'.repeat(20)}`, 5n))],
    ['a transfer to the contract itself', call(transferData(token, 5n))],
    ['a transfer to oneself', call(transferData(from, 5n))],
    ['a transfer with other money', bytes({ ...erc20, value: 1n })],
    ['too little gas', bytes({ ...eip1559, gas: 20_999n })],
    ['too much gas', bytes({ ...eip1559, gas: 1_000_001n })],
    ['a ruinous fee', bytes({ ...eip1559, maxFeePerGas: parseGwei('5000') })],
    ['a signed transaction', bytes({ ...eip1559, r: `0x${'11'.repeat(32)}`, s: `0x${'11'.repeat(32)}`, yParity: 0 } as never)],
    ['a blob transaction', Uint8Array.of(0x03, ...bytes(eip1559).slice(1))],
    ['a delegation', Uint8Array.of(0x04, ...bytes(eip1559).slice(1))],
    ['a trailing byte', Uint8Array.of(...bytes(eip1559), 0)],
    ['nothing', new Uint8Array()],
    ['more than the limit', new Uint8Array(64 * 1024 + 1).fill(2)],
    ['a list nested too deeply', new Uint8Array(64 * 1024).fill(0xc1)],
  ])('refuses %s', (_, unsigned) => {
    expect(() => plugin.read(unsigned, keys)).toThrow(refusal('intent/unsupported'));
  });

  it('refuses a tip above the price', () => {
    // viem does not write one, so the two prices are exchanged in its bytes.
    const [price, tip] = ['8506fc23ac00', '843b9aca00'];
    const swapped = bytesToHex(bytes(eip1559)).replace(`${tip}${price}`, `${price}${tip}`);
    expect(() => plugin.read(hexToBytes(swapped), keys).content).toThrow(refusal('intent/unsupported'));
  });

  it('gives another digest or a typed error for every mutation', () => {
    for (const transaction of [eip1559, erc20, { ...eip2930, accessList }, legacy]) {
      const unsigned = bytes(transaction);
      const original = verdict(plugin, unsigned, keys);
      expect(original).toMatch(/^ecdsa [0-9a-f]{64}$/);
      for (const mutation of mutationsOf(unsigned)) expect(verdict(plugin, mutation, keys)).not.toBe(original);
    }
  });

  it('survives arbitrary bytes', () => {
    for (const prefix of ['', '01', '02', '1901', '1945', 'f8']) {
      const known = hexToBytes(prefix);
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 300 }),
          (rest) => verdict(plugin, Uint8Array.of(...known, ...rest), keys) === 'intent/unsupported',
        ),
        { numRuns: 500 },
      );
    }
  });

  it('refuses wrong signatures', () => {
    const unsigned = bytes(eip1559);
    const { tasks, assemble } = readTransaction(plugin, unsigned, keys);
    const [good = new Uint8Array()] = tasks.map(wallet.sign);
    const other = good.map((byte, at) => (at === 64 ? 1 - byte : byte));
    const stranger = plainWallet('other').signEcdsa(tasks[0]?.digest ?? new Uint8Array());
    for (const wrong of [[], [good, good], [good.slice(0, 64)], [other], [stranger], [new Uint8Array(65)]]) {
      expect(() => assemble(wrong)).toThrow(refusal('input/malformed'));
    }
    expect(assemble([good]).raw.length).toBeGreaterThan(100);
  });
});

describe('EVM payments', () => {
  const state: EvmState = {
    balance: 10n ** 18n,
    tokenBalances: new Map([[token, 100n]]),
    nonce: 7,
    price: { maxFeePerGas: parseGwei('30'), maxPriorityFeePerGas: parseGwei('1') },
    gas: [21_000n, 60_000n],
  };
  const ether = (amount: bigint): Payment => ({ to, amount, token: undefined });
  const tokens = (amount: bigint): Payment => ({ to, amount, token });
  const build = (payments: Payment[], change: Partial<EvmState> = {}) =>
    buildEvmTransfers({ keys, payments }, { ...state, ...change }, 31_337);

  it('makes one transaction for each payment, with rising nonces', () => {
    const built = build([ether(5n), tokens(100n)]);
    expect(built).toEqual([bytes({ ...eip1559, nonce: 7, value: 5n }), bytes({ ...erc20, nonce: 8, data: transferData(to, 100n) })]);
    expect(built.map((unsigned) => plugin.read(unsigned, keys).content)).toMatchObject([
      { payments: [ether(5n)] },
      { payments: [tokens(100n)] },
    ]);
    expect(build([ether(5n)], { price: { gasPrice: parseGwei('20') } })).toEqual([bytes({ ...legacy, nonce: 7, value: 5n })]);
  });

  const fee = 21_000n * parseGwei('30');
  it.each<[string, Payment[], Partial<EvmState>]>([
    ['chain/bad-amount', [ether(0n)], {}],
    ['chain/bad-amount', [tokens(2n ** 256n)], {}],
    ['chain/bad-address', [{ ...ether(1n), to: 'x' }], {}],
    ['chain/bad-address', [{ ...ether(1n), token: 'x' }], {}],
    ['chain/insufficient-funds', [ether(10n ** 18n)], {}],
    ['chain/insufficient-funds', [ether(10n ** 18n - fee + 1n)], {}],
    ['chain/insufficient-funds', [{ ...ether(10n ** 18n), to: from }], {}],
    ['chain/insufficient-funds', [tokens(101n)], { gas: [60_000n] }],
    ['chain/insufficient-funds', [tokens(60n), tokens(60n)], { gas: [60_000n, 60_000n] }],
    ['chain/insufficient-funds', [tokens(1n)], { gas: [60_000n], balance: 0n }],
    ['chain/insufficient-funds', [{ ...ether(1n), token: to, to: token }], { gas: [60_000n] }],
    ['intent/unsupported', [{ ...tokens(1n), to: token }], { gas: [60_000n] }],
    ['intent/unsupported', [ether(1n)], { price: { gasPrice: 10n ** 15n } }],
    ['input/malformed', [], {}],
  ])('says %s (case %#)', (code, payments, change) => {
    expect(() => build(payments, change)).toThrow(refusal(code));
  });

  it('lets an account be emptied', () => {
    expect(build([ether(10n ** 18n - fee)])).toHaveLength(1);
  });

  it('reads addresses with their checksum', () => {
    expect(plugin.parseAddress(to.toLowerCase())).toBe(to);
    expect(plugin.parseAddress('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed')).toBe('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed');
    const mixed = to.replace(/[a-f]/, (digit) => digit.toUpperCase());
    for (const text of [mixed, to.slice(2), `${to}0`, to.toUpperCase(), `0x${'0'.repeat(40)}`]) {
      expect(() => plugin.parseAddress(text)).toThrow(refusal('chain/bad-address'));
    }
  });
});

describe('personal messages', () => {
  const forms = plugin.messages;
  if (forms === undefined) throw new Error('no messages');

  it.each(['hello', '1', 'é 🌍 👩‍👩‍👧', '12345678901', 'a\nb\tc', 'x'.repeat(MESSAGE_MAX_BYTES)])(
    'signs as viem does: %.20s',
    async (text) => {
      const unsigned = forms.text(text);
      expect(plugin.read(unsigned, keys).content).toEqual({ type: 'message', chain: plugin.id, from, text, bytes: utf8ToBytes(text) });
      const signature = toHex(readMessage(plugin, unsigned, keys).assemble(sign(unsigned)));
      expect(signature).toBe(await account.signMessage({ message: text }));
      expect(await verifyMessage({ address: from, message: text, signature })).toBe(true);
    },
  );

  it('shows as bytes what cannot be shown as text', () => {
    for (const text of ['a\u0000', '\u202eabc', '\ufeffabc', 'a\u200bb', '\u001b[2J']) {
      expect(plugin.read(forms.text(text), keys).content).toMatchObject({ text: undefined, bytes: utf8ToBytes(text) });
    }
    const raw = Uint8Array.of(...utf8ToBytes('\u0019Ethereum Signed Message:\n2'), 0xff, 0xfe);
    expect(plugin.read(raw, keys).content).toMatchObject({ text: undefined, bytes: Uint8Array.of(0xff, 0xfe) });
  });

  it('refuses what is no message', () => {
    expect(() => forms.text('')).toThrow(refusal('input/malformed'));
    expect(() => forms.text('\ud800')).toThrow(refusal('input/malformed'));
    expect(() => forms.text('x'.repeat(MESSAGE_MAX_BYTES + 1))).toThrow(refusal('input/too-large'));
    for (const rest of ['', '0', '1', '01x', '2x', '1xx', '+1x', ' 1x', `${MESSAGE_MAX_BYTES + 1}${'x'.repeat(MESSAGE_MAX_BYTES + 1)}`]) {
      const unsigned = utf8ToBytes(`\u0019Ethereum Signed Message:\n${rest}`);
      expect(verdict(plugin, unsigned, keys)).toBe('intent/unsupported');
    }
  });

  it('keeps messages and transactions apart', () => {
    const message = forms.text('hello');
    const transaction = bytes(eip1559);
    const [asMessage, asTransaction] = [plugin.read(message, keys), plugin.read(transaction, keys)];
    expect([asMessage.kind, asTransaction.kind]).toEqual(['message', 'transaction']);
    for (const wrong of [sign(transaction), []]) expect(() => asMessage.assemble(wrong)).toThrow(refusal('input/malformed'));
    expect(() => asTransaction.assemble(sign(message))).toThrow(refusal('input/malformed'));
    expect(ethereumSepolia.messages?.text('hello')).toEqual(message);
  });

  it('gives another digest or a typed error for every mutation', () => {
    const unsigned = forms.text('hello, 12 worlds');
    const original = verdict(plugin, unsigned, keys);
    for (const mutation of mutationsOf(unsigned)) expect(verdict(plugin, mutation, keys)).not.toBe(original);
  });
});

/** From 65 bytes of SEC1 as hex. */
const compressed = (publicKey: Hex): string =>
  `${Number.parseInt(publicKey.slice(-1), 16) % 2 === 0 ? '02' : '03'}${publicKey.slice(4, 68)}`;
