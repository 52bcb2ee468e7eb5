import { schnorr } from '@noble/curves/secp256k1.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { OutScript, p2tr, p2wpkh, RawTx, SigHash, Transaction } from '@scure/btc-signer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutationsOf, verdict } from '#test/support/mutations.ts';
import { plainWallet } from '#test/support/plain-wallet.ts';
import { type BitcoinState, buildBitcoinTransfer, type Coin } from './build-transfer.ts';
import { dustLimit, type OwnScript, ownScripts, REGTEST, scriptOfAddress } from './network.ts';
import { bitcoin, bitcoinRegtest as plugin } from './plugin.ts';
import { signatureHashes } from './signature-hashes.ts';
import { SEQUENCE, writeUnsignedTransaction } from './unsigned-transaction.ts';
import vector from './vectors/bip341-key-path.json' with { type: 'json' };

const wallet = plainWallet('bitcoin');
const { keys } = wallet;
const { taproot: own, segwit } = ownScripts(keys, REGTEST);
const [{ address: to }] = plugin.addresses(plainWallet('recipient').keys);
const toScript = scriptOfAddress(to, REGTEST);
const coin = (byte: number, amount: bigint, index = 0, key: Coin['key'] = 'taproot'): Coin => ({
  txid: byte.toString(16).padStart(2, '0').repeat(32),
  index,
  amount,
  key,
});
const input = (byte: number, amount: bigint, script: OwnScript = own) => ({
  txid: new Uint8Array(32).fill(byte),
  index: 0,
  amount,
  own: script,
});
const pay = (amount: bigint) => [{ to, amount, token: undefined }];
const build = (amount: bigint, state: Partial<BitcoinState> = {}): Uint8Array =>
  buildBitcoinTransfer(
    { keys, payments: pay(amount) },
    { coins: [coin(1, 1_000_000n), coin(2, 700_000n, 3)], feeRate: 2, ...state },
    REGTEST,
  );
const refusal = (code: string) => expect.objectContaining({ name: 'TrefoilError', code });

/** A PSBT with one of the wallet's coins, changed by `alter`. */
function compose(
  alter: (transaction: Transaction) => void,
  options: { version?: number; lockTime?: number; sequence?: number } = {},
): Uint8Array {
  const transaction = new Transaction({
    version: options.version ?? 2,
    lockTime: options.lockTime ?? 0,
    allowUnknownOutputs: true,
    disableScriptCheck: true,
  });
  const witnessUtxo = { script: own.script, amount: 100_000n };
  transaction.addInput({
    txid: new Uint8Array(32).fill(1),
    index: 0,
    sequence: options.sequence ?? SEQUENCE,
    witnessUtxo,
    tapInternalKey: own.internalKey,
  });
  transaction.addOutput({ script: toScript, amount: 90_000n });
  alter(transaction);
  return transaction.toPSBT(0);
}

describe('Bitcoin', () => {
  // BIP341 scriptPubKey vector 0 and the first two receiving addresses of BIP86
  it.each([
    ['d6889cb081036e0faefa3a35157ad71086b123b2b144b649798b494c300a961d', 'bc1p2wsldez5mud2yam29q22wgfh9439spgduvct83k3pm50fcxa5dps59h4z5'],
    ['cc8a4bc64d897bddc5fbc2f670f7a8ba0b386779106cf1223c6fc5d7cd6fc115', 'bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr'],
    ['83dfe85a3151d2517290da461fe2815591ef69f2b18a2ce63f01697a8b313145', 'bc1p4qhjn9zdvkux4e44uhx8tc55attvtyu358kutcqkudyccelu0was9fqzwh'],
  ])('derives the address of internal key %s', (internalKey, address) => {
    for (const parity of ['02', '03']) {
      expect(bitcoin.addresses({ ...keys, taproot: hexToBytes(parity + internalKey) })[0]).toEqual({ format: 'Taproot', address });
    }
  });

  it('computes the BIP341 digest of the published wallet vector', () => {
    const transaction = Transaction.fromRaw(hexToBytes(vector.rawUnsignedTx), {
      allowUnknownOutputs: true,
      allowUnknownInputs: true,
      disableScriptCheck: true,
    });
    const coins = vector.utxosSpent.map(([script, amount]) => ({
      key: 'taproot' as const,
      script: hexToBytes(String(script)),
      amount: BigInt(amount ?? 0),
    }));
    expect(bytesToHex(signatureHashes(transaction, coins)[vector.defaultSighashInput]?.digest ?? new Uint8Array())).toBe(vector.sigHash);
  });

  it('builds, signs and assembles a payment whose fee is the rate times the size', () => {
    const unsigned = build(1_200_000n);
    const { content: decoded, tasks, assemble } = plugin.read(unsigned, keys);
    expect(decoded).toMatchObject({ chain: plugin.id, from: own.address, payments: pay(1_200_000n) });
    expect(decoded.change + decoded.fee).toBe(500_000n);
    expect(tasks.map(({ key }) => key)).toEqual(['taproot', 'taproot']);
    const { raw, id } = assemble(tasks.map(wallet.sign));
    const final = Transaction.fromRaw(raw);
    expect(final.id).toBe(id);
    expect(decoded.fee).toBe(2n * BigInt(final.vsize));
    const parsed = RawTx.decode(raw);
    expect(parsed.inputs.map(({ sequence }) => sequence)).toEqual([SEQUENCE, SEQUENCE]);
    for (const [at, [signature = new Uint8Array()]] of (parsed.witnesses ?? []).entries()) {
      expect(schnorr.verify(signature, tasks[at]?.digest ?? new Uint8Array(), own.outputKey)).toBe(true);
    }
  });

  it('is unchanged by assembling and needs every signature', () => {
    const unsigned = build(1_200_000n);
    const transaction = plugin.read(unsigned, keys);
    const signatures = transaction.tasks.map(wallet.sign);
    const [first = new Uint8Array(), second = new Uint8Array()] = signatures;
    for (const wrong of [
      [],
      [first],
      [second, first],
      [first, second, second],
      [first, second.slice(1)],
      [first, Uint8Array.of(...second, 0)],
    ]) {
      expect(() => transaction.assemble(wrong)).toThrow(refusal('input/malformed'));
    }
    const signed = transaction.assemble(signatures);
    expect(signed.id).toHaveLength(64);
    expect(transaction.assemble(signatures)).toEqual(signed);
  });

  it('makes several payments with one transaction and sends change to taproot', () => {
    const other = plugin.addresses(plainWallet('other').keys)[1]?.address ?? '';
    const payments = [...pay(300_000n), { to: other, amount: 200_000n, token: undefined }];
    const unsigned = buildBitcoinTransfer({ keys, payments }, { coins: [coin(1, 1_000_000n, 0, 'ecdsa')], feeRate: 2 }, REGTEST);
    const { content: decoded } = plugin.read(unsigned, keys);
    expect(new Set(decoded.payments)).toEqual(new Set(payments));
    expect(decoded.change + decoded.fee).toBe(500_000n);
    const outputs = RawTx.decode(Transaction.fromPSBT(unsigned).unsignedTx).outputs;
    expect(outputs.some(({ script }) => bytesToHex(script) === bytesToHex(own.script))).toBe(true);
    for (const wrong of [[], Array.from({ length: 17 }, () => payments[0])]) {
      const request = { keys, payments: wrong as typeof payments };
      expect(() => buildBitcoinTransfer(request, { coins: [coin(1, 10_000_000n)], feeRate: 2 }, REGTEST)).toThrow(
        refusal('input/malformed'),
      );
    }
    const token = { to, amount: 1_000n, token: to };
    expect(() => buildBitcoinTransfer({ keys, payments: [token] }, { coins: [], feeRate: 2 }, REGTEST)).toThrow(
      refusal('intent/unsupported'),
    );
  });

  it('leaves change below the dust limit to the fee', () => {
    const decoded = plugin.read(build(999_600n, { coins: [coin(1, 1_000_000n)], feeRate: 1 }), keys).content;
    expect(decoded).toMatchObject({ change: 0n, fee: 400n });
  });

  it.each([
    ['chain/bad-amount', 0n],
    ['chain/bad-amount', -5n],
    ['chain/dust', 329n],
    ['chain/insufficient-funds', 1_700_000n],
    ['chain/insufficient-funds', 50_000_000n],
  ] as const)('says %s for %i satoshis', (code, amount) => {
    expect(() => build(amount)).toThrow(refusal(code));
  });

  it('refuses payments that need too many coins or an absurd fee', () => {
    const coins = Array.from({ length: 70 }, (_, at) => coin(at + 1, 10_000n));
    expect(() => build(650_000n, { coins, feeRate: 1 })).toThrow(refusal('chain/insufficient-funds'));
    expect(() => build(20_000n, { feeRate: 900 })).toThrow(refusal('intent/unsupported'));
  });

  it('knows the dust limits of Bitcoin Core', () => {
    const limits = {
      '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2': 546n,
      '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy': 540n,
      bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4: 294n,
    };
    for (const [address, limit] of Object.entries(limits)) expect(dustLimit(scriptOfAddress(address, bitcoin.network))).toBe(limit);
    expect(dustLimit(own.script)).toBe(330n);
  });

  it('reads addresses of its own network only, in canonical form', () => {
    expect(plugin.parseAddress(to.toUpperCase())).toBe(to);
    for (const text of [
      bitcoin.addresses(keys)[0].address,
      to.replace('bcrt', 'tb'),
      `${to.slice(0, -1)}q`,
      'bc1p5d7rjq7g6rdk2yhzks9smlaqtedr4dekq08ge8ztwac72sfr9rusxg3297',
    ]) {
      expect(() => plugin.parseAddress(text)).toThrow(refusal('chain/bad-address'));
    }
  });

  const { taproot: stranger } = ownScripts(plainWallet('stranger').keys, REGTEST);
  it.each([
    ['a coin of somebody else', writeUnsignedTransaction([input(1, 100_000n, stranger)], [{ script: toScript, amount: 90_000n }])],
    ['an input without its coin', compose((psbt) => psbt.addInput({ txid: new Uint8Array(32).fill(2), index: 0, sequence: SEQUENCE }))],
    ['another sighash type', compose((psbt) => psbt.updateInput(0, { sighashType: SigHash.SINGLE_ANYONECANPAY }))],
    ['an explicit default sighash type', compose((psbt) => psbt.updateInput(0, { sighashType: SigHash.DEFAULT }))],
    ['a signature that is already there', compose((psbt) => psbt.updateInput(0, { tapKeySig: new Uint8Array(64).fill(1) }))],
    [
      'a P2WPKH coin with an internal key',
      compose((psbt) => psbt.updateInput(0, { witnessUtxo: { script: segwit.script, amount: 100_000n } })),
    ],
    ['a taproot coin without an internal key', compose((psbt) => psbt.updateInput(0, { tapInternalKey: undefined } as never))],
    ['another internal key', compose((psbt) => psbt.updateInput(0, { tapInternalKey: stranger.internalKey }))],
    ['a data output', compose((psbt) => psbt.addOutput({ script: hexToBytes('6a0101'), amount: 0n }))],
    ['an unknown script', compose((psbt) => psbt.addOutput({ script: hexToBytes('51'), amount: 1_000n }))],
    ['an amount below dust', compose((psbt) => psbt.addOutput({ script: toScript, amount: 100n }))],
    ['more out than in', compose((psbt) => psbt.addOutput({ script: toScript, amount: 90_000n }))],
    ['another version', compose(() => undefined, { version: 1 })],
    ['a lock time', compose(() => undefined, { lockTime: 500 })],
    ['another sequence', compose(() => undefined, { sequence: 0xffff_ffff })],
    ['a fee above a quarter of the amount', writeUnsignedTransaction([input(1, 1_000_000n)], [{ script: toScript, amount: 700_000n }])],
    ['a ruinous fee rate', writeUnsignedTransaction([input(1, 100_000_000n)], [{ script: toScript, amount: 90_000_000n }])],
    ['no output', writeUnsignedTransaction([input(1, 1_000n)], [])],
    ['no input', writeUnsignedTransaction([], [{ script: toScript, amount: 1_000n }])],
    ['a trailing byte', Uint8Array.of(...build(100_000n), 0)],
    ['an empty PSBT', new Uint8Array()],
    ['more than the limit', new Uint8Array(64 * 1024 + 1)],
  ])('refuses %s', (_, unsigned) => {
    expect(() => plugin.read(unsigned, keys)).toThrow(refusal('intent/unsupported'));
  });

  it('accepts the plain transaction that those are made from', () => {
    expect(
      plugin.read(
        compose(() => undefined),
        keys,
      ).content,
    ).toMatchObject({ fee: 10_000n, change: 0n });
  });

  it('gives another digest or a typed error for every mutation', () => {
    for (const key of ['taproot', 'ecdsa'] as const) {
      const unsigned = build(100_000n, { coins: [coin(1, 1_000_000n, 0, key)] });
      const original = verdict(plugin, unsigned, keys);
      for (const mutation of mutationsOf(unsigned)) expect(verdict(plugin, mutation, keys)).not.toBe(original);
    }
  }, 60_000);

  it('survives arbitrary bytes', () => {
    const magic = hexToBytes('70736274ff');
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        (bytes) => verdict(plugin, Uint8Array.of(...magic, ...bytes), keys) === 'intent/unsupported',
      ),
      { numRuns: 1000 },
    );
  });

  it('pays every standard kind of address', () => {
    for (const script of [
      p2wpkh(keys.ecdsa, REGTEST).script,
      p2tr(keys.ecdsa.slice(1)).script,
      OutScript.encode({ type: 'pkh', hash: new Uint8Array(20) }),
    ]) {
      const unsigned = writeUnsignedTransaction([input(1, 100_000n)], [{ script, amount: 90_000n }]);
      expect(plugin.read(unsigned, keys).content.fee).toBe(10_000n);
    }
  });
});
