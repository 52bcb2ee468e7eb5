import { create } from '@bufbuild/protobuf';
import { base58 } from '@scure/base';
import { beforeAll, describe, expect, it } from 'vitest';
import { accountKeys } from '#shared/accounts.ts';
import { buildSolanaTransfers } from '#shared/chains/solana/build-transfer.ts';
import type { Identity } from '#shared/channel/identity.ts';
import { DEVICE, type Epoch, randomWalletId } from '#shared/ids.ts';
import { intentHash, makeIntent } from '#shared/intent/intent.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import { SignRequestSchema } from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import { SOLANA_LOCAL } from '#test/support/chains.ts';
import { codeOf } from '#test/support/code-of.ts';
import { certificateOf, epochRecord } from '#test/support/node-records.ts';
import { clock, makeWallet, newIdentity } from '#test/support/parties.ts';
import { loadEngine } from '#wasm/js/load-node.ts';
import { MemoryStorage } from '../storage/memory/memory-storage.ts';
import { authoriseIntent } from './authorise-intent.ts';

let device: Identity;
let keys: AccountKeys;
let context: Parameters<typeof authoriseIntent>[1];
let transaction: Uint8Array;
beforeAll(async () => {
  device = await newIdentity();
  const { shares, terms } = await makeWallet();
  const publicPackage = shares.get(DEVICE)?.publicPackage ?? new Uint8Array();
  const engine = await loadEngine();
  keys = accountKeys(engine, publicPackage, 0);
  const { walletId, epoch } = terms;
  const storage = new MemoryStorage();
  const record = epochRecord({ walletId, epoch, publicPackage, roster: new Map([[DEVICE, device.publicKey]]) });
  await storage.shares.prepare(record);
  await storage.shares.commit(certificateOf(record));
  const wallet = await storage.shares.committed(walletId);
  context = { wallet, engine, chains: new Set([SOLANA_LOCAL]), storage, accounts: new Map(), clock };
  const random = (): string => base58.encode(crypto.getRandomValues(new Uint8Array(32)));
  const [built] = buildSolanaTransfers(
    { keys, payments: [{ to: random(), amount: 1_000_000n, token: undefined }] },
    {
      balance: 10_000_000_000n,
      blockhash: random(),
      lastValidBlockHeight: 1n,
      rentExemptMinimum: 890_880n,
      recipientBalances: new Map(),
      microLamports: 0n,
    },
  );
  transaction = built ?? new Uint8Array();
});

const requestFor = (unsigned = transaction, account = 0) => ({ chain: SOLANA_LOCAL, account, unsigned });
const intentFor = (over: Partial<Parameters<typeof makeIntent>[0]> = {}): Uint8Array =>
  makeIntent({ walletId: context.wallet.walletId, requests: [requestFor()], now: clock(), ...over });

async function requestOf(intent: Uint8Array, by: Identity = device) {
  return create(SignRequestSchema, {
    intent,
    authorisation: { by: { case: 'deviceSignature', value: await by.sign(intentHash(intent)) } },
  });
}

describe('authorising an intent', () => {
  it('gives every signature of every transaction as this node reads it', async () => {
    const authorised = await authoriseIntent(await requestOf(intentFor({ requests: [requestFor(), requestFor()] })), context);
    expect(authorised.tasks).toEqual([0, 1].map(() => ({ key: 'ed25519', path: [], digest: transaction })));
  });

  it('accepts the id once, whoever asks again', async () => {
    const request = await requestOf(intentFor());
    await (await authoriseIntent(request, context)).accept();
    const again = await authoriseIntent(request, context);
    expect(await codeOf(again.accept())).toBe('intent/repeated');
  });

  it('accepts nothing when the wallet has moved on to another epoch meanwhile', async () => {
    const wallet = { ...context.wallet, epoch: 1 as Epoch };
    const authorised = await authoriseIntent(await requestOf(intentFor()), { ...context, wallet });
    expect(await codeOf(authorised.accept())).toBe('channel/wrong-epoch');
  });

  it('refuses what the wallet’s device did not approve', async () => {
    const intent = intentFor();
    expect(await codeOf(authoriseIntent(await requestOf(intent, await newIdentity()), context))).toBe('intent/not-authorised');
    expect(await codeOf(authoriseIntent(create(SignRequestSchema, { intent }), context))).toBe('intent/not-authorised');
  });

  it('refuses another wallet, an expired approval, a chain that it does not serve, and a transaction that it cannot read', async () => {
    const refused = async (intent: Uint8Array, over: object = {}): Promise<string> =>
      codeOf(authoriseIntent(await requestOf(intent), { ...context, ...over }));
    expect(await refused(intentFor({ walletId: randomWalletId() }))).toBe('channel/wrong-wallet');
    expect(await refused(intentFor(), { clock: () => clock() + 10 * 60_000 })).toBe('intent/expired');
    expect(await refused(intentFor(), { chains: new Set() })).toBe('chain/unknown');
    expect(await refused(intentFor({ requests: [requestFor(new Uint8Array([...transaction, 0]))] }))).toBe('intent/unsupported');
    expect(await refused(intentFor({ requests: [requestFor(), requestFor(new Uint8Array([...transaction, 0]))] }))).toBe(
      'intent/unsupported',
    );
    expect(await refused(intentFor({ requests: [requestFor(transaction, 1)] }))).toBe('chain/no-account');
  });
});
