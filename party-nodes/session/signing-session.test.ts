/** Signing sessions of a node that keeps a real share: who may open one, and what is signed in it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountKeys, accountPath } from '#shared/accounts.ts';
import { buildBitcoinTransfer } from '#shared/chains/bitcoin/build-transfer.ts';
import { REGTEST } from '#shared/chains/bitcoin/network.ts';
import { bitcoinRegtest } from '#shared/chains/bitcoin/plugin.ts';
import { ethereumLocal } from '#shared/chains/evm/plugin.ts';
import { chainPlugin } from '#shared/chains/registry.ts';
import { Channel, makeOneUseKeys } from '#shared/channel/channel.ts';
import { makeHello, type Roster, verifyHello } from '#shared/channel/hello.ts';
import type { Identity } from '#shared/channel/identity.ts';
import { DEVICE, type Epoch, type PartyId, type UnixMs } from '#shared/ids.ts';
import { type IntentRequest, intentHash, makeIntent } from '#shared/intent/intent.ts';
import { MESSAGE_PARTS_MAX_COUNT, OPEN_SESSIONS_MAX_COUNT, POOL_TTL_MS } from '#shared/limits.ts';
import type { Engine, KeyShare } from '#shared/ports/engine.ts';
import { type Envelope, Protocol } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import type { Call } from '#shared/session/signing/device/call.ts';
import { DeviceSession } from '#shared/session/signing/device/device-session.ts';
import { type PathTask, SIGNING_ROUNDS } from '#shared/session/signing/rounds.ts';
import { codeOf } from '#test/support/code-of.ts';
import { makeWallet, newIdentity } from '#test/support/parties.ts';
import { plainWallet } from '#test/support/plain-wallet.ts';
import { loadEngine } from '#wasm/js/load-node.ts';
import { createKeyring, openKeyring } from '../at-rest/local-keyring.ts';
import { SqliteStorage } from '../storage/sqlite/sqlite-storage.ts';
import { NodeSessions } from './node-sessions.ts';

const NODE = 2 as PartyId;
const COUNTS = { taproot: 2, ed25519: 0 };
const folder = mkdtempSync(join(tmpdir(), 'trefoil-signing-'));
createKeyring(join(folder, 'keyring.json'));
const storage = new SqliteStorage(join(folder, 'node.sqlite'), openKeyring(join(folder, 'keyring.json')));
afterAll(() => {
  storage.close();
  rmSync(folder, { recursive: true, force: true });
});

let time: UnixMs;
let engine: Engine;
let wallet: Awaited<ReturnType<typeof makeWallet>>;
let device: Identity;
let share: KeyShare;
let sessions: NodeSessions;

beforeAll(async () => {
  engine = await loadEngine();
  wallet = await makeWallet();
  device = wallet.parties[0]?.identity ?? (await newIdentity());
  share = wallet.shares.get(DEVICE) ?? engine.decodeShare(new Uint8Array(), new Uint8Array());
  const { record, certificate } = wallet.stores.get(NODE) ?? {};
  if (record === undefined || certificate === undefined) throw new Error('what the node has to keep');
  await storage.shares.prepare(record);
  await storage.shares.commit(certificate);
});

beforeEach(() => {
  time = Date.now() as UnixMs;
  const { roster } = wallet.terms;
  sessions = new NodeSessions({
    self: NODE,
    identity: wallet.parties[1]?.identity ?? device,
    nodes: new Map([...roster].filter(([party]) => party !== DEVICE)),
    chains: new Set([bitcoinRegtest.id, ethereumLocal.id]),
    poolTtlMs: POOL_TTL_MS,
    ...{ engine, storage, clock: () => time },
  });
});

interface Pool {
  readonly session: DeviceSession;
  carry<T>(call: Call<T>): Promise<T>;
}

/** A signing session as a device opens it. */
async function open(over: { identity?: Identity; epoch?: number } = {}): Promise<Pool> {
  const identity = over.identity ?? device;
  const epoch = (over.epoch ?? wallet.terms.epoch) as Epoch;
  const pair = [...wallet.terms.roster].filter(([party]) => party === NODE);
  const roster: Roster = new Map([[DEVICE, identity.publicKey], ...pair]);
  const terms = { ...wallet.terms, protocol: Protocol.SIGNING as const, epoch, roster };
  const oneUseKeys = await makeOneUseKeys();
  const hello = await makeHello({ terms, party: DEVICE, identity, oneUseKey: oneUseKeys.publicKey, commitments: COUNTS });
  const answer = await sessions.open(hello);
  const hellos = await Promise.all([hello, answer.hello].map(verifyHello));
  const limits = { lastRound: SIGNING_ROUNDS, maxParts: MESSAGE_PARTS_MAX_COUNT };
  const channel = new Channel({ terms, hellos, self: DEVICE, identity, oneUseKeys, ...limits });
  const [commitments] = answer.envelopes;
  if (commitments === undefined) throw new Error('the first commitments');
  const session = await DeviceSession.open({ engine, channel, share, counts: COUNTS, commitments });
  const { walletId } = terms;
  const exchange = (envelopes: readonly Envelope[]) => sessions.exchange({ walletId, sessionId: channel.sessionId, hellos: [], envelopes });
  return { session, carry: async (call) => call.finish(await exchange(call.envelopes)) };
}

const keysOf = (account: number) => accountKeys(engine, share.publicPackage, account);
/** What the device computes for requests, under the paths of the accounts that it names. */
const tasksOf = (requests: readonly IntentRequest[]): PathTask[] =>
  requests.flatMap(({ chain, account, unsigned }) =>
    chainPlugin(chain)
      .read(unsigned, keysOf(account))
      .tasks.map((task) => ({ ...task, path: accountPath(task.key, account) })),
  );

async function sign({ session, carry }: Pool, requests: readonly IntentRequest[], tasks = tasksOf(requests)): Promise<Uint8Array[]> {
  const intent = makeIntent({ walletId: wallet.terms.walletId, requests, now: time });
  const presignatures = tasks.filter(({ key }) => key === 'ecdsa').length;
  const batch = await carry(await session.prepare({ presignatures, commitments: { taproot: 0, ed25519: 0 } }));
  return carry(await session.request({ intent, deviceSignature: await device.sign(intentHash(intent)), tasks }, batch));
}

/** A payment out of a taproot and a P2WPKH coin of an account. */
function payment(account: number): IntentRequest {
  const [{ address }] = bitcoinRegtest.addresses(plainWallet('recipient').keys);
  const coins = (['taproot', 'ecdsa'] as const).map((key, at) => ({ txid: `0${at}`.repeat(32), index: 0, amount: 100_000n, key }));
  const request = { keys: keysOf(account), payments: [{ to: address, amount: 150_000n, token: undefined }] };
  return { chain: bitcoinRegtest.id, account, unsigned: buildBitcoinTransfer(request, { coins, feeRate: 2 }, REGTEST) };
}
const message = (account: number): IntentRequest => ({
  ...{ chain: ethereumLocal.id, account },
  unsigned: ethereumLocal.messages?.text(crypto.randomUUID()) ?? new Uint8Array(),
});

describe('a signing session of a node', () => {
  it('signs every request of an intent with the keys of the account that the request names', async () => {
    const [said, paid] = [message(1), payment(3)];
    const [signature, ...spends] = await sign(await open(), [said, paid]);
    const digest = tasksOf([said])[0]?.digest ?? new Uint8Array();
    const compact = signature?.slice(0, 64) ?? new Uint8Array();
    expect(secp256k1.verify(compact, digest, keysOf(1).ecdsa, { prehash: false, lowS: true })).toBe(true);
    expect(bitcoinRegtest.read(paid.unsigned, keysOf(3)).assemble(spends).id).toHaveLength(64);
  });

  it('signs with no other account, whatever the device asks for', async () => {
    const request = message(1);
    const tasks = tasksOf([request]).map((task) => ({ ...task, path: accountPath('ecdsa', 2) }));
    expect(await codeOf(sign(await open(), [request], tasks))).toMatch(/^engine\//);
    const foreign = { ...payment(3), account: 2 };
    expect(await codeOf(sign(await open(), [foreign], tasksOf([payment(3)])))).toBe('intent/unsupported');
  });

  it('is for the device of the wallet and its epoch', async () => {
    expect(await codeOf(open({ identity: await newIdentity() }))).toBe('channel/roster-mismatch');
    expect(await codeOf(open({ epoch: 1 }))).toBe('channel/wrong-epoch');
  });

  it('gives way, the oldest first, when the device opens too many', async () => {
    const pools: Pool[] = [];
    for (let i = 0; i <= OPEN_SESSIONS_MAX_COUNT; i += 1) pools.push(await open());
    const [oldest, second] = pools;
    if (oldest === undefined || second === undefined) throw new Error('pools');
    expect(await codeOf(sign(oldest, [message(0)]))).toBe('session/ended');
    expect(await codeOf(sign(second, [message(0)]))).toBe('no error');
  });

  it('ends with the life of its material', async () => {
    const pool = await open();
    time = (time + POOL_TTL_MS - 1) as UnixMs;
    sessions.tick();
    expect(await codeOf(sign(pool, [message(0)]))).toBe('no error');
    time = (time + 1) as UnixMs;
    sessions.tick();
    expect(await codeOf(sign(pool, [message(0)]))).toBe('session/ended');
  });
});
