/** The account's P2WPKH coins, alone and beside taproot. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { p2wpkh, RawTx, SigHash, Transaction } from '@scure/btc-signer';
import { describe, expect, it } from 'vitest';
import { plainWallet } from '#test/support/plain-wallet.ts';
import { buildBitcoinTransfer, type Coin } from './build-transfer.ts';
import { ownScripts, REGTEST } from './network.ts';
import { bitcoin, bitcoinRegtest as plugin } from './plugin.ts';
import { signatureHashes } from './signature-hashes.ts';
import { writeUnsignedTransaction } from './unsigned-transaction.ts';
import bip143 from './vectors/bip143-p2wpkh.json' with { type: 'json' };

const wallet = plainWallet('bitcoin');
const { keys } = wallet;
const { taproot: own, segwit } = ownScripts(keys, REGTEST);
const [{ address: to }] = plugin.addresses(plainWallet('recipient').keys);
const coin = (byte: number, amount: bigint, key: Coin['key']): Coin => ({
  txid: byte.toString(16).padStart(2, '0').repeat(32),
  index: 0,
  amount,
  key,
});
const build = (amount: bigint, coins: readonly Coin[]): Uint8Array =>
  buildBitcoinTransfer({ keys, payments: [{ to, amount, token: undefined }] }, { coins, feeRate: 2 }, REGTEST);
const refusal = (code: string) => expect.objectContaining({ name: 'TrefoilError', code });

describe('Bitcoin P2WPKH', () => {
  // The native P2WPKH example of BIP143; its first input is of another kind and not asked for.
  it('computes the BIP143 digest of the published example', () => {
    const transaction = Transaction.fromRaw(hexToBytes(bip143.rawUnsignedTx), { allowUnknownInputs: true, disableScriptCheck: true });
    const script = p2wpkh(hexToBytes(bip143.publicKey)).script;
    expect(bytesToHex(script)).toBe(bip143.script);
    const coins = [625_000_000n, BigInt(bip143.amount)].map((amount) => ({ key: 'ecdsa' as const, script, amount }));
    expect(bytesToHex(signatureHashes(transaction, coins)[1]?.digest ?? new Uint8Array())).toBe(bip143.sigHash);
  });

  // The first receiving address of BIP84
  it('derives the P2WPKH address of a published key', () => {
    const ecdsa = hexToBytes('0330d54fd0dd420a6e5f8d3624f5f3482cae350f79d5f0753bf5beef9c2d91af3c');
    const expected = { format: 'SegWit', address: 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu' };
    expect(bitcoin.addresses({ ...keys, ecdsa })[1]).toEqual(expected);
  });

  it('spends taproot and P2WPKH coins together, with the fee for the larger witness', () => {
    const coins = [coin(1, 600_000n, 'taproot'), coin(2, 700_000n, 'ecdsa'), coin(3, 500_000n, 'ecdsa')];
    const unsigned = build(1_700_000n, coins);
    const { content, tasks, assemble } = plugin.read(unsigned, keys);
    expect(tasks.map(({ key }) => key)).toEqual(['taproot', 'ecdsa', 'ecdsa']);
    const { fee, change } = content;
    const { raw, id } = assemble(tasks.map(wallet.sign));
    const final = Transaction.fromRaw(raw);
    expect(final.id).toBe(id);
    // A signature in DER has 70 or 71 bytes here, and the fee is made for 71.
    expect(fee).toBeGreaterThanOrEqual(2n * BigInt(final.vsize));
    expect(fee).toBeLessThanOrEqual(2n * BigInt(final.vsize + 1));
    expect(fee + change).toBe(100_000n);
    const [, [signature = new Uint8Array(), publicKey] = []] = RawTx.decode(raw).witnesses ?? [];
    expect(publicKey).toEqual(keys.ecdsa);
    const digest = tasks[1]?.digest ?? new Uint8Array();
    expect(signature.at(-1)).toBe(SigHash.ALL);
    expect(secp256k1.verify(signature.slice(0, -1), digest, keys.ecdsa, { prehash: false, format: 'der', lowS: true })).toBe(true);
  });

  it('takes only true, low ECDSA signatures with the right recovery id', () => {
    const unsigned = build(500_000n, [coin(1, 600_000n, 'ecdsa')]);
    const { tasks, assemble } = plugin.read(unsigned, keys);
    const digest = tasks[0]?.digest ?? new Uint8Array();
    const good = wallet.signEcdsa(digest);
    const order = secp256k1.Point.CURVE().n;
    const high = order - BigInt(`0x${bytesToHex(good.slice(32, 64))}`);
    const flipped = (at: number): Uint8Array => good.map((byte, index) => (index === at ? byte ^ 1 : byte));
    const highS = hexToBytes(`${bytesToHex(good.slice(0, 32))}${high.toString(16).padStart(64, '0')}0${1 - (good[64] ?? 0)}`);
    for (const wrong of [good.slice(0, 64), flipped(64), flipped(3), flipped(40), highS, plainWallet('x').signEcdsa(digest)]) {
      expect(() => assemble([wrong])).toThrow(refusal('input/malformed'));
    }
    expect(() => assemble([new Uint8Array(65)])).toThrow(refusal('input/malformed'));
    expect(assemble([good]).id).toHaveLength(64);
  });

  it('refuses a P2WPKH coin of somebody else', () => {
    const { segwit: stranger } = ownScripts(plainWallet('stranger').keys, REGTEST);
    const output = { script: own.script, amount: 90_000n };
    const unsigned = writeUnsignedTransaction([{ txid: new Uint8Array(32).fill(1), index: 0, amount: 100_000n, own: stranger }], [output]);
    expect(() => plugin.read(unsigned, keys)).toThrow(refusal('intent/unsupported'));
  });

  it('counts both own scripts as change', () => {
    const outputs = [own.script, segwit.script].map((script) => ({ script, amount: 45_000n }));
    const unsigned = writeUnsignedTransaction([{ txid: new Uint8Array(32).fill(1), index: 0, amount: 100_000n, own: segwit }], outputs);
    expect(plugin.read(unsigned, keys).content).toMatchObject({ payments: [], change: 90_000n, fee: 10_000n, from: own.address });
  });
});
