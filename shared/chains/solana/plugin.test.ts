import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { base58 } from '@scure/base';
import { AccountRole, type Address, getAddressDecoder, getCompiledTransactionMessageEncoder } from '@solana/web3.js';
import fc from 'fast-check';
import { LiteSVM } from 'litesvm';
import { describe, expect, it } from 'vitest';
import { mutationsOf, verdict } from '#test/support/mutations.ts';
import { plainWallet } from '#test/support/plain-wallet.ts';
import { readTransaction } from '#test/support/read-request.ts';
import { buildSolanaTransfers, type SolanaState } from './build-transfer.ts';
import { COMPUTE_BUDGET_PROGRAM, priorityInstructions, SYSTEM_PROGRAM, transferInstruction } from './instructions.ts';
import { solanaLocalnet as plugin } from './plugin.ts';

const wallet = plainWallet('solana');
const { keys } = wallet;
const from = plugin.addresses(keys)[0].address as Address;
const to = plugin.addresses(plainWallet('recipient').keys)[0].address as Address;
const other = plugin.addresses(plainWallet('other').keys)[0].address as Address;
const state: SolanaState = {
  balance: 5_000_000_000n,
  blockhash: base58.encode(new Uint8Array(32).fill(9)),
  lastValidBlockHeight: 150n,
  rentExemptMinimum: 890_880n,
  recipientBalances: new Map(),
  microLamports: 0n,
};
const only = (messages: readonly Uint8Array[]): Uint8Array => {
  expect(messages).toHaveLength(1);
  return messages[0] ?? new Uint8Array();
};
const build = (amount: bigint, change: Partial<SolanaState> = {}): Uint8Array =>
  only(buildSolanaTransfers({ keys, payments: [{ to, amount, token: undefined }] }, { ...state, ...change }));
const refusal = (code: string) => expect.objectContaining({ name: 'TrefoilError', code });

/** A message put together by hand, so that it can be wrong. */
function compose(change: {
  signers?: number;
  readonly?: number;
  version?: 'legacy' | 0;
  accounts?: Address[];
  instructions?: object[];
  lookups?: object[];
}): Uint8Array {
  const transfer = transferInstruction(from, to, 1_000_000n).data;
  const message = {
    version: change.version ?? 0,
    header: { numSignerAccounts: change.signers ?? 1, numReadonlySignerAccounts: 0, numReadonlyNonSignerAccounts: change.readonly ?? 1 },
    staticAccounts: change.accounts ?? [from, to, SYSTEM_PROGRAM],
    lifetimeToken: state.blockhash,
    instructions: change.instructions ?? [{ programAddressIndex: 2, accountIndices: [0, 1], data: transfer }],
    ...(change.lookups === undefined ? {} : { addressTableLookups: change.lookups }),
  };
  return new Uint8Array(getCompiledTransactionMessageEncoder().encode(message as never));
}

describe('Solana', () => {
  it('builds the bytes that the message format prescribes', () => {
    const accounts = `${bytesToHex(keys.ed25519 ?? new Uint8Array())}${bytesToHex(base58.decode(to))}${'00'.repeat(32)}`;
    expect(bytesToHex(build(1_000_000n))).toBe(`8001000103${accounts}${'09'.repeat(32)}01020200010c0200000040420f000000000000`);
  });

  it('decodes a known message of another library (legacy, web3.js 1)', () => {
    const payer = hexToBytes('06'.repeat(32));
    const recipient = hexToBytes('05'.repeat(32));
    const message = hexToBytes(
      `01000103${'06'.repeat(32)}${'05'.repeat(32)}${'00'.repeat(32)}${'07'.repeat(32)}01020200010c02000000cdab000000000000`,
    );
    expect(plugin.read(message, { ...keys, ed25519: payer }).content).toEqual({
      type: 'transaction',
      chain: plugin.id,
      from: getAddressDecoder().decode(payer),
      payments: [{ to: getAddressDecoder().decode(recipient), amount: 0xabcdn, token: undefined }],
      change: 0n,
      fee: 5000n,
    });
  });

  it('tells what leaves, what returns and the fee', () => {
    expect(plugin.read(build(1_000_000n, { microLamports: 2_500n }), keys).content).toEqual({
      type: 'transaction',
      chain: 'solana:localnet',
      from,
      payments: [{ to, amount: 1_000_000n, token: undefined }],
      change: 0n,
      fee: 5_003n,
    });
    const toSelf = only(buildSolanaTransfers({ keys, payments: [{ to: from, amount: 7n, token: undefined }] }, state));
    expect(plugin.read(toSelf, keys).content).toMatchObject({ payments: [], change: 7n, fee: 5000n });
  });

  it('executes in the SVM when assembled', () => {
    const svm = new LiteSVM();
    svm.airdrop(from as never, 5_000_000_000n as never);
    const unsigned = build(1_000_000_000n, { blockhash: svm.latestBlockhash(), microLamports: 1_000n });
    const { content, tasks, assemble } = readTransaction(plugin, unsigned, keys);
    expect(tasks).toEqual([{ key: 'ed25519', digest: unsigned }]);
    const [signature = new Uint8Array()] = tasks.map(wallet.sign);
    const { raw, id } = assemble([signature]);
    expect(id).toBe(base58.encode(signature));
    expect(raw.slice(1 + 64)).toEqual(unsigned);
    const result = svm.sendTransaction({ messageBytes: unsigned, signatures: { [from]: raw.slice(1, 65) } } as never);
    expect(result.toString()).not.toContain('err');
    expect(svm.getBalance(to as never)).toBe(1_000_000_000n);
    expect(svm.getBalance(from as never)).toBe(5_000_000_000n - 1_000_000_000n - content.fee);
  });

  it('keeps what it read, whatever becomes of the bytes that it was given', () => {
    const given = build(1_000_000n);
    const original = given.slice();
    const { unsigned, tasks, assemble } = readTransaction(plugin, given, keys);
    given.fill(0);
    expect([unsigned, tasks[0]?.digest]).toEqual([original, original]);
    expect(assemble([wallet.signEd25519(original)]).raw.slice(1 + 64)).toEqual(original);
  });

  it('refuses wrong signatures', () => {
    const unsigned = build(1_000_000n);
    const good = wallet.signEd25519(unsigned);
    const stranger = plainWallet('other').signEd25519(unsigned);
    for (const signatures of [[], [good, good], [good.slice(1)], [stranger], [new Uint8Array(64)]]) {
      expect(() => readTransaction(plugin, unsigned, keys).assemble(signatures)).toThrow(refusal('input/malformed'));
    }
  });

  const transfer = (accountIndices: number[], program = 2) => ({
    programAddressIndex: program,
    accountIndices,
    data: transferInstruction(from, to, 1n).data,
  });
  const budget = (at: number) => ({ programAddressIndex: 3, data: priorityInstructions(1_000, 5n)[at]?.data });
  const withBudget = { accounts: [from, to, SYSTEM_PROGRAM, COMPUTE_BUDGET_PROGRAM], readonly: 2 };
  it.each([
    ['a second signer', compose({ signers: 2 })],
    ['another fee payer', compose({ accounts: [other, to, SYSTEM_PROGRAM] })],
    ['an unused account', compose({ accounts: [from, to, SYSTEM_PROGRAM, other], readonly: 2 })],
    [
      'an account named twice',
      compose({ accounts: [from, to, SYSTEM_PROGRAM, to], readonly: 2, instructions: [transfer([0, 1]), transfer([0, 3])] }),
    ],
    [
      'a lookup table',
      compose({
        lookups: [
          {
            lookupTableAddress: other,
            writableIndices: [0],
            readableIndices: [],
            writableIndexes: [0],
            readonlyIndexes: [],
            readonlyIndices: [],
          },
        ],
      }),
    ],
    ['no instruction', compose({ instructions: [] })],
    ['another program', compose({ accounts: [from, to, other] })],
    ['a transfer from somebody else', compose({ instructions: [transfer([1, 0])] })],
    ['a transfer with a third account', compose({ instructions: [transfer([0, 1, 1])] })],
    ['a transfer to an account that does not exist', compose({ instructions: [transfer([0, 9])] })],
    ['a transfer to a read-only account', compose({ readonly: 2 })],
    [
      'another system instruction',
      compose({ instructions: [{ programAddressIndex: 2, accountIndices: [0, 1], data: Uint8Array.of(1, 0, 0, 0) }] }),
    ],
    ['a price without a limit', compose({ ...withBudget, instructions: [budget(1), transfer([0, 1])] })],
    ['a limit set twice', compose({ ...withBudget, instructions: [budget(0), budget(0), transfer([0, 1])] })],
    [
      'only a priority fee',
      compose({ accounts: [from, COMPUTE_BUDGET_PROGRAM], instructions: [{ ...budget(0), programAddressIndex: 1 }] }),
    ],
    ['a ruinous priority fee', build(1_000_000n, { microLamports: 20_000_000_000n })],
    ['a trailing byte', Uint8Array.of(...build(1_000_000n), 0)],
    ['a version above 0', build(1_000_000n).map((byte, at) => (at === 0 ? 0x81 : byte))],
    ['an empty message', new Uint8Array()],
    ['a message above the packet size', new Uint8Array(2000)],
  ])('refuses %s', (_, unsigned) => {
    expect(() => plugin.read(unsigned, keys)).toThrow(refusal('intent/unsupported'));
  });

  it('gives another digest or a typed error for every mutation', () => {
    for (const unsigned of [build(1_000_000n, { microLamports: 2_500n }), compose({ version: 'legacy' })]) {
      const original = verdict(plugin, unsigned, keys);
      for (const mutation of mutationsOf(unsigned)) expect(verdict(plugin, mutation, keys)).not.toBe(original);
    }
  });

  it('survives arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1300 }), (bytes) => verdict(plugin, bytes, keys) === 'intent/unsupported'),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['chain/bad-amount', 0n, {}],
    ['chain/bad-amount', -1n, {}],
    ['chain/bad-amount', 2n ** 64n, {}],
    ['chain/dust', 890_879n, {}],
    ['chain/insufficient-funds', 5_000_000_000n, {}],
    ['chain/insufficient-funds', 4_999_900_000n, {}],
  ] as const)('says %s for %i lamports', (code, amount, change) => {
    expect(() => build(amount, change)).toThrow(refusal(code));
  });

  it('lets a wallet be emptied and small amounts go to existing accounts', () => {
    expect(plugin.read(build(4_999_995_000n), keys).content).toMatchObject({ payments: [{ amount: 4_999_995_000n }] });
    const existing = new Map([[to as string, 890_880n]]);
    expect(plugin.read(build(1n, { recipientBalances: existing }), keys).content).toMatchObject({ payments: [{ amount: 1n }] });
  });

  it('makes the payments of one approval with one message', () => {
    const recipients = Array.from({ length: 16 }, (_, at) => plugin.addresses(plainWallet(`recipient ${at}`).keys)[0].address);
    const payments = recipients.map((address, at) => ({ to: address, amount: 1_000_000n + BigInt(at), token: undefined }));
    const unsigned = only(buildSolanaTransfers({ keys, payments }, { ...state, microLamports: 1_000n }));
    expect(plugin.read(unsigned, keys).content).toMatchObject({ payments, fee: 5_006n });
    const twice = payments.slice(0, 1).flatMap((payment) => [payment, payment]);
    expect(plugin.read(only(buildSolanaTransfers({ keys, payments: twice }, state)), keys).content).toMatchObject({ payments: twice });
    const halves = [500_000n, 500_000n].map((amount) => ({ to, amount, token: undefined }));
    expect(plugin.read(only(buildSolanaTransfers({ keys, payments: halves }, state)), keys).content).toMatchObject({ payments: halves });
    const tooMuch = [3_000_000_000n, 2_000_000_000n].map((amount) => ({ to, amount, token: undefined }));
    expect(() => buildSolanaTransfers({ keys, payments: tooMuch }, state)).toThrow(refusal('chain/insufficient-funds'));
    expect(() => buildSolanaTransfers({ keys, payments: [] }, state)).toThrow(refusal('input/malformed'));
    expect(() => buildSolanaTransfers({ keys, payments: [{ to, amount: 1n, token: to }] }, state)).toThrow(refusal('intent/unsupported'));
  });

  it('has only the first account', () => {
    const second = plainWallet('solana', 1).keys;
    expect(() => plugin.addresses(second)).toThrow(refusal('chain/no-account'));
    expect(() => plugin.read(build(1_000_000n), second)).toThrow(refusal('chain/no-account'));
    expect(plugin.derivesAccounts).toBe(false);
  });

  it('writes transfers with the roles that the system program needs', () => {
    expect(transferInstruction(from, to, 1n).accounts?.map(({ role }) => role)).toEqual([
      AccountRole.WRITABLE_SIGNER,
      AccountRole.WRITABLE,
    ]);
  });
});
