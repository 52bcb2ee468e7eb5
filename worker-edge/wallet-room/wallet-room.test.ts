/** Inside workerd, against real party nodes: what a room keeps, survives and refuses. */
import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { create, toBinary } from '@bufbuild/protobuf';
import { hexToBytes } from '@noble/hashes/utils.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '#shared/api/base64.ts';
import { Channel, makeOneUseKeys, type OneUseKeys } from '#shared/channel/channel.ts';
import { makeHello, type SessionTerms, verifyHello } from '#shared/channel/hello.ts';
import { type Identity, identityFromSeed } from '#shared/channel/identity.ts';
import { DEVICE, type Epoch, type PartyId, randomWalletId, type SessionId, type WalletId } from '#shared/ids.ts';
import { decode } from '#shared/proto/decode.ts';
import { EnvelopeSchema, Protocol, SignedHelloSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { CEREMONIES, lastRoundOf } from '#shared/session/ceremonies.ts';
import type { Bindings } from '../env.ts';
import type { Result } from './result.ts';
import type { WalletRoom } from './wallet-room.ts';

interface TestBindings extends Bindings {
  readonly NODE_IDENTITIES: string;
}
const bindings = env as unknown as TestBindings;
const nodes = (JSON.parse(bindings.NODE_IDENTITIES) as [number, string][]).map(
  ([party, hex]) => [party as PartyId, hexToBytes(hex)] as const,
);

let walletId: WalletId;
let identity: Identity;
let oneUseKeys: OneUseKeys;
let terms: SessionTerms;
let room: DurableObjectStub<WalletRoom>;
let caller: { walletId: WalletId; requestId: string };

beforeEach(async () => {
  walletId = randomWalletId();
  identity = await identityFromSeed(crypto.getRandomValues(new Uint8Array(32)));
  oneUseKeys = await makeOneUseKeys();
  terms = {
    protocol: Protocol.KEYGEN,
    walletId,
    epoch: 0 as Epoch,
    roster: new Map([[DEVICE, identity.publicKey], ...nodes]),
    threshold: 2,
  };
  room = bindings.WALLET_ROOM.getByName(walletId);
  caller = { walletId, requestId: 'test-request' };
});

const answerOf = <T>(result: Result<T>): T => {
  if ('problem' in result) throw new Error(`${result.problem.code}: ${result.problem.detail ?? ''}`);
  return result.value;
};
const problemOf = (result: Result<unknown>): string => ('problem' in result ? result.problem.code : 'no problem');

const helloText = async (): Promise<string> =>
  toBase64(toBinary(SignedHelloSchema, await makeHello({ terms, party: DEVICE, identity, oneUseKey: oneUseKeys.publicKey })));

async function open(): Promise<{ sessionId: SessionId; channel: Channel; hello: string }> {
  const hello = await helloText();
  const opened = answerOf<{ sessionId: SessionId; hellos: readonly string[] }>(await room.openSession(caller, hello));
  const hellos = await Promise.all([hello, ...opened.hellos].map((text) => verifyHello(decode(SignedHelloSchema, fromBase64(text), 8192))));
  return {
    sessionId: opened.sessionId,
    channel: new Channel({ terms, hellos, self: DEVICE, identity, oneUseKeys, lastRound: lastRoundOf(CEREMONIES[terms.protocol]) }),
    hello,
  };
}

const sealed = async (channel: Channel, round: number, to = 2): Promise<string> =>
  toBase64(toBinary(EnvelopeSchema, await channel.seal(to as PartyId, round, new Uint8Array([1, 2, 3]))));
const phase = async (sessionId: SessionId): Promise<string> => answerOf<{ phase: string }>(await room.sessionStatus(sessionId)).phase;

describe('wallet room', () => {
  it('opens a session with every node and gives the same hello the same answer', async () => {
    const { sessionId, channel, hello } = await open();
    expect(channel.sessionId).toBe(sessionId);
    expect(await phase(sessionId)).toBe('ROUND 1');
    expect(answerOf<{ sessionId: SessionId }>(await room.openSession(caller, hello)).sessionId).toBe(sessionId);
  });

  it('goes on after it was evicted', async () => {
    const { sessionId, channel } = await open();
    await evictDurableObject(room);
    expect(await phase(sessionId)).toBe('ROUND 1');
    // The room still knows whose envelopes to carry, and the nodes judge them: this one is no protocol message.
    const answer = await room.exchange(caller, sessionId, [await sealed(channel, 1, 2)]);
    expect('problem' in answer && answer.problem).toMatchObject({ code: 'engine/malformed', culprits: [1] });
  });

  it('ends a session at its deadline, by alarm, and names who is missing', async () => {
    const { sessionId } = await open();
    await runInDurableObject(room, (_instance, state) => {
      const stored = JSON.parse(String(state.storage.sql.exec('SELECT state FROM sessions').one()['state']));
      state.storage.sql.exec('UPDATE sessions SET state = ?, due_at = 1', JSON.stringify({ ...stored, deadline: 1 }));
    });
    expect(await runDurableObjectAlarm(room)).toBe(true);
    const status = answerOf<{ phase: string; reason?: { code: string; culprits: number[] } }>(await room.sessionStatus(sessionId));
    expect(status).toEqual({ phase: 'ABORT', reason: { code: 'session/timeout', culprits: [1, 2, 3] } });
  });

  it('deletes the bodies of an ended session', async () => {
    const { sessionId, channel } = await open();
    await room.exchange(caller, sessionId, [await sealed(channel, 1, 2)]);
    answerOf(await room.cancel(caller, sessionId));
    const left = await runInDurableObject(room, async (instance: WalletRoom, state) => {
      state.storage.sql.exec('UPDATE sessions SET due_at = 1');
      await instance.alarm();
      return state.storage.sql.exec('SELECT (SELECT count(*) FROM envelopes) + (SELECT count(*) FROM sessions) AS n').one()['n'];
    });
    expect(left).toBe(0);
    expect(problemOf(await room.sessionStatus(sessionId))).toBe('session/unknown');
  });

  it('refuses envelopes that are not the device’s, not of this session, or not what was there before', async () => {
    const { sessionId, channel } = await open();
    const stranger = await identityFromSeed(crypto.getRandomValues(new Uint8Array(32)));
    const envelope = await channel.seal(2 as PartyId, 1, new Uint8Array([1]));
    const forged = create(EnvelopeSchema, { ...envelope, signature: await stranger.sign(new Uint8Array(3)) });
    const send = (message: typeof envelope) => room.exchange(caller, sessionId, [toBase64(toBinary(EnvelopeSchema, message))]);
    expect(problemOf(await send(forged))).toBe('channel/bad-signature');
    const elsewhere = await open();
    expect(problemOf(await send(await elsewhere.channel.seal(2 as PartyId, 1, new Uint8Array([1]))))).toBe('channel/wrong-session');
    expect(await phase(sessionId)).toBe('ROUND 1');
  });

  it('ends the session for everybody when a node finds a message bad, and blames the sender', async () => {
    const { sessionId, channel } = await open();
    const answer = await room.exchange(caller, sessionId, [await sealed(channel, 1, 2), await sealed(channel, 1, 3)]);
    expect('problem' in answer && answer.problem).toMatchObject({ code: 'engine/malformed', blame: 'peer', culprits: [1] });
    expect(await phase(sessionId)).toBe('ABORT');
    expect(problemOf(await room.exchange(caller, sessionId, [await sealed(channel, 1, 2)]))).toBe('engine/malformed');
  });

  it('refuses hellos of another wallet, of a node, or malformed', async () => {
    const other = await room.openSession({ ...caller, walletId: randomWalletId() }, await helloText());
    expect(problemOf(other)).toBe('channel/wrong-wallet');
    expect(problemOf(await room.openSession(caller, 'AAAA'))).toBe('input/malformed');
  });

  it('passes on a node’s refusal of an unpinned identity', async () => {
    const swapped = new Map(terms.roster).set(3 as PartyId, identity.publicKey);
    terms = { ...terms, roster: swapped };
    expect(problemOf(await room.openSession(caller, await helloText()))).toBe('channel/unpinned-identity');
  });

  it('holds public keys, headers and ciphertext only', async () => {
    const { sessionId, channel } = await open();
    const secret = 'plaintext of a party';
    const envelope = await channel.seal(2 as PartyId, 1, new TextEncoder().encode(secret));
    await room.exchange(caller, sessionId, [toBase64(toBinary(EnvelopeSchema, envelope))]);
    const dump = await runInDurableObject(room, (_instance, state) => {
      const rows = ['wallet', 'sessions', 'envelopes', 'relayed', 'releases', 'events'].flatMap((table) =>
        state.storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
      );
      return rows.map((row) =>
        Object.values(row).map((value) => (value instanceof ArrayBuffer ? new TextDecoder('latin1').decode(value) : String(value))),
      );
    });
    expect(dump.flat().length).toBeGreaterThan(0);
    expect(dump.flat().join('\n')).not.toContain(secret);
  });

  it('brings a room of an older version up to date when it wakes', async () => {
    const fresh = bindings.WALLET_ROOM.getByName(randomWalletId());
    await runInDurableObject(fresh, (_instance, { storage: { sql } }) => {
      for (const table of ['schema', 'sessions', 'releases']) sql.exec(`DROP TABLE ${table}`);
      sql.exec(
        'CREATE TABLE sessions (session_id TEXT PRIMARY KEY, opening TEXT, answer TEXT, device_identity BLOB, state TEXT, due_at INTEGER)',
      );
      sql.exec("INSERT INTO sessions VALUES ('old', 'x', '{}', x'00', '{}', 1)");
      sql.exec("INSERT INTO wallet (only, device_identity) VALUES (1, x'0102')");
    });
    await evictDurableObject(fresh);
    const left = await runInDurableObject(fresh, (_instance, { storage: { sql } }) => [
      sql.exec('SELECT count(*) AS n FROM sessions').one()['n'],
      sql.exec('SELECT protocol, epoch FROM sessions').columnNames,
      sql.exec('SELECT count(*) AS n FROM wallet').one()['n'],
    ]);
    expect(left).toEqual([0, ['protocol', 'epoch'], 1]);
  });
});
