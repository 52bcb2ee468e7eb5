import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { base58 } from '@scure/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSolanaTransfer } from '../../shared/chains/solana/build-transfer.ts';
import type { Identity } from '../../shared/channel/identity.ts';
import { DEVICE, type PartyId, randomWalletId } from '../../shared/ids.ts';
import { intentHash, makeIntent } from '../../shared/intent/intent.ts';
import type { PublicKeys } from '../../shared/ports/engine.ts';
import { SignRequestSchema } from '../../shared/proto/gen/trefoil/v1/intent_pb.js';
import { SOLANA_LOCAL } from '../../test/support/chains.ts';
import { codeOf } from '../../test/support/code-of.ts';
import { makeWallet, newIdentity, now } from '../../test/support/parties.ts';
import { loadEngine } from '../../wasm/js/load-node.ts';
import { openDatabase } from '../storage/database.ts';
import { IntentStore } from '../storage/intent-store.ts';
import { authoriseIntent } from './authorise-intent.ts';

const folder = mkdtempSync(join(tmpdir(), 'trefoil-authorise-'));
const database = openDatabase(join(folder, 'node.sqlite'));
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

let device: Identity;
let keys: PublicKeys;
let context: Parameters<typeof authoriseIntent>[1];
let transaction: Uint8Array;
beforeAll(async () => {
  device = await newIdentity();
  const { shares, terms } = await makeWallet();
  const publicPackage = shares.get(DEVICE)?.publicPackage ?? new Uint8Array();
  keys = (await loadEngine()).publicKeys(publicPackage);
  const wallet = {
    walletId: terms.walletId,
    epoch: terms.epoch,
    party: 2 as PartyId,
    publicPackage,
    roster: new Map([[DEVICE, device.publicKey]]),
  };
  context = { wallet, keys, chains: new Set([SOLANA_LOCAL]), intents: new IntentStore(database), now };
  const random = (): string => base58.encode(crypto.getRandomValues(new Uint8Array(32)));
  transaction = buildSolanaTransfer(
    { keys, to: random(), amount: 1_000_000n },
    {
      balance: 10_000_000_000n,
      blockhash: random(),
      lastValidBlockHeight: 1n,
      rentExemptMinimum: 890_880n,
      recipientBalance: 0n,
      microLamports: 0n,
    },
  );
});

const intentFor = (over: { transaction?: Uint8Array; walletId?: ReturnType<typeof randomWalletId> } = {}): Uint8Array =>
  makeIntent({ walletId: context.wallet.walletId, chain: SOLANA_LOCAL, transaction, now: now(), ...over });

async function requestOf(intent: Uint8Array, by: Identity = device) {
  return create(SignRequestSchema, {
    intent,
    authorisation: { by: { case: 'deviceSignature', value: await by.sign(intentHash(intent)) } },
  });
}

describe('authorising an intent', () => {
  it('gives the suite and the digests of the transaction as this node reads it', async () => {
    const authorised = await authoriseIntent(await requestOf(intentFor()), context);
    expect(authorised.suite).toBe('ed25519');
    expect(authorised.digests).toEqual([transaction]);
  });

  it('accepts the id once, whoever asks again', async () => {
    const request = await requestOf(intentFor());
    await (await authoriseIntent(request, context)).accept();
    const again = await authoriseIntent(request, context);
    expect(await codeOf(again.accept())).toBe('intent/repeated');
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
    expect(await refused(intentFor(), { now: () => now() + 10 * 60_000 })).toBe('intent/expired');
    expect(await refused(intentFor(), { chains: new Set() })).toBe('chain/unknown');
    expect(await refused(intentFor({ transaction: new Uint8Array([...transaction, 0]) }))).toBe('intent/unsupported');
  });
});
