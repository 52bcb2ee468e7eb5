import { beforeEach, describe, expect, it } from 'vitest';
import { makeOneUseKeys } from '#shared/channel/channel.ts';
import { makeHello, type SessionTerms } from '#shared/channel/hello.ts';
import type { Identity } from '#shared/channel/identity.ts';
import { DEVICE, type Epoch, type PartyId, randomWalletId, type SessionId, type UnixMs } from '#shared/ids.ts';
import { OPEN_SESSIONS_MAX_COUNT, POOL_TTL_MS } from '#shared/limits.ts';
import type { SignedHello } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { codeOf } from '#test/support/code-of.ts';
import { clock, makeTerms, newIdentity } from '#test/support/parties.ts';
import { loadEngine } from '#wasm/js/load-node.ts';
import { MemoryStorage } from '../storage/memory/memory-storage.ts';
import { NodeSessions } from './node-sessions.ts';

const NODE = 2 as PartyId;
let storage: MemoryStorage;
let sessions: NodeSessions;
let terms: SessionTerms;
let identities: Map<PartyId, Identity>;

beforeEach(async () => {
  storage = new MemoryStorage();
  ({ terms, identities } = await makeTerms());
  sessions = new NodeSessions({
    self: NODE,
    identity: identities.get(NODE) ?? (await newIdentity()),
    nodes: new Map([...terms.roster].filter(([party]) => party !== DEVICE)),
    chains: new Set(),
    engine: await loadEngine(),
    storage,
    poolTtlMs: POOL_TTL_MS,
    clock: () => clock() as UnixMs,
  });
});

async function hello(over: Partial<SessionTerms> = {}): Promise<SignedHello> {
  const identity = identities.get(DEVICE) ?? (await newIdentity());
  const { publicKey } = await makeOneUseKeys();
  return makeHello({ terms: { ...terms, ...over }, party: DEVICE, identity, oneUseKey: publicKey });
}

describe('sessions of a node', () => {
  it('answers the identical hello with the identical hello, and another with another', async () => {
    const first = await hello();
    expect(await sessions.open(first)).toEqual(await sessions.open(first));
    expect((await sessions.open(await hello())).hello).not.toEqual((await sessions.open(first)).hello);
  });

  it('takes part only with the pinned identities of all nodes', async () => {
    const stranger = await newIdentity();
    for (const party of [2, 3] as PartyId[]) {
      const swapped = new Map(terms.roster).set(party, stranger.publicKey);
      expect(await codeOf(sessions.open(await hello({ roster: swapped })))).toBe('channel/unpinned-identity');
    }
    const [, , , ...more] = [...terms.roster, [4 as PartyId, stranger.publicKey] as const];
    expect(await codeOf(sessions.open(await hello({ roster: new Map([...terms.roster, ...more]) })))).toBe('channel/roster-mismatch');
    const fewer = new Map([...terms.roster].slice(0, 2));
    expect(await codeOf(sessions.open(await hello({ roster: fewer })))).toBe('channel/roster-mismatch');
  });

  it('begins a wallet once, with epoch 0 and two of three', async () => {
    expect(await codeOf(sessions.open(await hello({ epoch: 1 as Epoch })))).toBe('channel/wrong-epoch');
    expect(await codeOf(sessions.open(await hello({ threshold: 3 })))).toBe('channel/roster-mismatch');
    const record = { walletId: terms.walletId, epoch: terms.epoch, party: NODE, roster: terms.roster };
    await storage.shares.prepare({ ...record, share: new Uint8Array(9), publicPackage: new Uint8Array(9) });
    expect(await codeOf(sessions.open(await hello()))).toBe('wallet/exists');
    expect(await codeOf(sessions.open(await hello({ walletId: randomWalletId() })))).toBe('no error');
  });

  it('is opened by the device slot alone', async () => {
    const identity = identities.get(3 as PartyId) ?? (await newIdentity());
    const { publicKey } = await makeOneUseKeys();
    const other = await makeHello({ terms, party: 3 as PartyId, identity, oneUseKey: publicKey });
    expect(await codeOf(sessions.open(other))).toBe('channel/roster-mismatch');
  });

  it('holds no more than a few sessions of one wallet open', async () => {
    for (let i = 0; i < OPEN_SESSIONS_MAX_COUNT; i += 1) await sessions.open(await hello());
    expect(await codeOf(sessions.open(await hello()))).toBe('session/too-many');
  });

  it('knows no session that nobody opened, and ends none of them', async () => {
    const sessionId = 'ab'.repeat(32) as SessionId;
    const request = { walletId: terms.walletId, sessionId, hellos: [await hello()], envelopes: [] };
    expect(await codeOf(sessions.exchange(request))).toBe('session/unknown');
    expect(await codeOf(() => sessions.abort(terms.walletId, sessionId, 'session/aborted'))).toBe('no error');
  });
});
