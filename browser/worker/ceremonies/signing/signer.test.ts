/** The device's signer against two nodes in this process; what stands for the gateway is the test. */
import { create, toBinary } from '@bufbuild/protobuf';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fromBase64, toBase64 } from '#shared/api/base64.ts';
import { Channel, makeOneUseKeys } from '#shared/channel/channel.ts';
import { readHeader } from '#shared/channel/envelope.ts';
import { makeHello, type VerifiedHello, verifyHello } from '#shared/channel/hello.ts';
import type { Identity } from '#shared/channel/identity.ts';
import { type ErrorCode, TrefoilError } from '#shared/errors.ts';
import { DEVICE, type PartyId, type SessionId } from '#shared/ids.ts';
import { MESSAGE_PARTS_MAX_COUNT, RELAYED_MAX_BYTES } from '#shared/limits.ts';
import type { Engine } from '#shared/ports/engine.ts';
import { platformRandom } from '#shared/ports/random-bytes.ts';
import { decode } from '#shared/proto/decode.ts';
import { type Envelope, EnvelopeSchema, EnvelopesSchema, SignedHelloSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import type { Release } from '#shared/release.ts';
import { NodeSession } from '#shared/session/signing/node/node-session.ts';
import { type PathTask, SIGNING_ROUNDS } from '#shared/session/signing/rounds.ts';
import { SOLANA_LOCAL } from '#test/support/chains.ts';
import { codeOf } from '#test/support/code-of.ts';
import { clock, makeWallet, newIdentity } from '#test/support/parties.ts';
import { shareOf, type TestWalletParties, taskOf } from '#test/support/signing-ends.ts';
import { loadEngine } from '#wasm/js/load-node.ts';
import { Signer } from './signer.ts';

/** A node with a session for each hello, and what it was asked. */
interface TestNode {
  readonly party: PartyId;
  readonly identity: Identity;
  readonly sessions: Map<string, NodeSession>;
  /** How often an approval was shown to it. */
  shown: number;
  /** What it says to approvals, and to batches. */
  refuses: ErrorCode | undefined;
  busy: boolean;
}

let engine: Engine;
let wallet: TestWalletParties;
let nodes: TestNode[];
let release: Release;
/** What the nodes find in the intent. */
let judged: readonly PathTask[];
/** The last part of each call's address: of all calls, and of those that were answered. */
let [calls, answered]: [string[], string[]] = [[], []];
/** Awaited before a call is answered. */
let hold: (call: string) => Promise<void>;
let signer: Signer;

beforeAll(async () => {
  engine = await loadEngine();
  wallet = await makeWallet();
});

beforeEach(async () => {
  nodes = [];
  for (const party of [2, 3] as PartyId[]) {
    nodes.push({ party, identity: await newIdentity(), sessions: new Map(), shown: 0, refuses: undefined, busy: false });
  }
  release = {
    ...{ version: 1, name: 'test', gateway: 'http://gateway.test', threshold: 2, faucet: null },
    nodes: nodes.map(({ party, identity }) => ({ party, name: `node ${party}`, region: 'eu', identity: bytesToHex(identity.publicKey) })),
    chains: [{ id: SOLANA_LOCAL, unavailable: 'no chain in this test' }],
  };
  [calls, answered, hold] = [[], [], async () => undefined];
  vi.stubGlobal('fetch', (url: string | URL, { body }: RequestInit) => gateway(String(url), body));
  signer = newSigner();
});
afterEach(() => {
  signer.close();
  vi.unstubAllGlobals();
});

function newSigner(watched = engine): Signer {
  const { walletId, epoch } = wallet.terms;
  const identitySecret = crypto.getRandomValues(new Uint8Array(32));
  return new Signer({
    ...{ engine: watched, share: shareOf(wallet, DEVICE), walletId, epoch, identitySecret, release },
    ...{ clock, random: platformRandom },
  });
}

async function gateway(url: string, body: unknown): Promise<Response> {
  const call = url.split('/').at(-1) ?? '';
  calls.push(call);
  // Never at once: what repeats itself without end must not stop the clock.
  await new Promise((resolve) => setTimeout(resolve));
  await hold(call);
  return answerTo(call, url, body).finally(() => answered.push(call));
}

async function answerTo(call: string, url: string, body: unknown): Promise<Response> {
  try {
    if (call === 'sessions') return Response.json(await opened(JSON.parse(String(body)).hello));
    if (call === 'messages') return new Response(await relayed(url.split('/').at(-2) ?? '', new Uint8Array(body as ArrayBuffer)));
    return Response.json(await signed(JSON.parse(String(body)).envelopes));
  } catch (thrown) {
    const problem = TrefoilError.from(thrown, 'gateway').toProblem();
    return Response.json(problem, { status: problem.status });
  }
}

async function opened(hello: string): Promise<{ sessionId: SessionId; hellos: string[]; envelopes: string[] }> {
  const device = await verifyHello(decode(SignedHelloSchema, fromBase64(hello), 8192));
  const node = nodes.find(({ party }) => device.roster.has(party));
  if (node === undefined) throw new TrefoilError('channel/roster-mismatch', { operation: 'test' });
  const { party, identity } = node;
  const oneUseKeys = await makeOneUseKeys();
  const own = await makeHello({ terms: device, party, identity, oneUseKey: oneUseKeys.publicKey });
  const hellos: VerifiedHello[] = [device, await verifyHello(own)];
  const limits = { lastRound: SIGNING_ROUNDS, maxParts: MESSAGE_PARTS_MAX_COUNT };
  const channel = new Channel({ terms: device, hellos, self: party, identity, oneUseKeys, ...limits });
  const nodeEnd = new NodeSession({
    ...{ engine, channel, clock, share: shareOf(wallet, party), counts: device.commitments },
    gate: { begin: () => refuse(node.busy ? 'service/busy' : undefined), end: () => undefined, strike: () => undefined },
    authorise: async () => {
      node.shown += 1;
      refuse(node.refuses);
      return { tasks: judged, accept: async () => undefined };
    },
  });
  node.sessions.set(channel.sessionId, nodeEnd);
  const { sessionId } = channel;
  return { sessionId, hellos: [toBase64(toBinary(SignedHelloSchema, own))], envelopes: [textOf(await nodeEnd.commitments())] };
}

function refuse(code: ErrorCode | undefined): void {
  if (code !== undefined) throw new TrefoilError(code, { operation: 'test' });
}

async function relayed(sessionId: string, body: Uint8Array): Promise<ArrayBuffer> {
  const { envelopes } = decode(EnvelopesSchema, body, RELAYED_MAX_BYTES);
  const answers: Envelope[] = [];
  for (const envelope of envelopes) answers.push(...(await responderOf(sessionId).receive(envelope)));
  return toBinary(EnvelopesSchema, create(EnvelopesSchema, { envelopes: answers })).slice().buffer;
}

/** The first node that has the session answers. */
async function signed(texts: readonly string[]): Promise<{ envelope: string; servedBy: PartyId }> {
  const envelopes = texts.map((text) => decode(EnvelopeSchema, fromBase64(text), RELAYED_MAX_BYTES));
  const known = envelopes.find((envelope) => nodes.some(({ sessions }) => sessions.has(readHeader(envelope).sessionId)));
  if (known === undefined) throw new TrefoilError('session/unknown', { operation: 'test' });
  const { sessionId, to } = readHeader(known);
  const [reply] = await responderOf(sessionId).receive(known);
  return { envelope: textOf(reply ?? create(EnvelopeSchema)), servedBy: to };
}

function responderOf(sessionId: string): NodeSession {
  const nodeEnd = nodes.map(({ sessions }) => sessions.get(sessionId)).find((found) => found !== undefined);
  if (nodeEnd === undefined) throw new TrefoilError('session/unknown', { operation: 'test' });
  return nodeEnd;
}

const textOf = (envelope: Envelope): string => toBase64(toBinary(EnvelopeSchema, envelope));

async function sign(...tasks: PathTask[]) {
  judged = tasks;
  return signer.sign({ requests: [{ chain: SOLANA_LOCAL, account: 0, unsigned: new Uint8Array([1]) }], tasks });
}
const count = (call: string): number => calls.filter((each) => each === call).length;
/** Long enough for a busy machine. */
const SOON = { timeout: 20_000 };
const [ED, ECDSA] = [taskOf('ed25519', 1), taskOf('ecdsa', 2)];

describe('a signature', () => {
  it('takes one round trip with material at hand, two without', async () => {
    await signer.open();
    expect(await sign(ED)).toMatchObject({ roundTrips: 1, servedBy: 'node 2' });
    const cold = await sign(ECDSA);
    expect(cold).toMatchObject({ roundTrips: 2, servedBy: 'node 2' });
    const child = engine.derive(shareOf(wallet, DEVICE).publicPackage, 'ecdsa', ECDSA.path).key;
    const compact = cold.signatures[0]?.slice(0, 64) ?? new Uint8Array();
    expect(secp256k1.verify(compact, ECDSA.digest, child, { prehash: false, lowS: true })).toBe(true);
  });

  it('that a node refuses is not asked of another', async () => {
    const refusals: ErrorCode[] = ['intent/not-authorised', 'intent/expired', 'intent/repeated', 'intent/unsupported', 'service/bug'];
    await signer.open();
    for (const code of refusals) {
      for (const node of nodes) Object.assign(node, { shown: 0, refuses: node.party === 2 ? code : undefined });
      expect(await codeOf(sign(ECDSA))).toBe(code);
      expect(nodes.map(({ shown }) => shown)).toEqual([1, 0]);
    }
  });

  it('is made with another node where the first has no room for it', async () => {
    await signer.open();
    for (const node of nodes) node.busy = node.party === 2;
    expect(await sign(ECDSA)).toMatchObject({ servedBy: 'node 3' });
    expect(nodes.map(({ shown }) => shown)).toEqual([0, 1]);
  });

  it('begins anew with nodes that have lost their half, and leaves the old half alone', async () => {
    await signer.open();
    for (const { sessions } of nodes) sessions.clear();
    // One that failed, one for the new session, one for the signature.
    expect(await sign(ED)).toMatchObject({ roundTrips: 3, servedBy: 'node 2' });
    expect(calls).toEqual(['sessions', 'sessions', 'signatures', 'sessions', 'messages']);
    for (const { sessions } of nodes) sessions.clear();
    expect(await sign(ECDSA)).toMatchObject({ servedBy: 'node 2' });
  });
});

describe('work in the background', () => {
  it('computes nothing while a signature is under way', async () => {
    let steps = 0;
    signer = newSigner({
      ...engine,
      presign: (options) => {
        steps += 1;
        const run = engine.presign(options);
        const receive = run.receive.bind(run);
        run.receive = (...message) => {
          steps += 1;
          return receive(...message);
        };
        return run;
      },
    });
    await signer.open();
    const releases = new Map<string, () => void>();
    hold = (call) => new Promise((resolve) => releases.set(call, resolve));
    signer.fillPools();
    await expect.poll(() => releases.has('messages'), SOON).toBe(true);
    const signature = sign(ED);
    await expect.poll(() => releases.has('signatures'), SOON).toBe(true);
    const before = steps;
    hold = async () => undefined;
    releases.get('messages')?.();
    await expect.poll(() => answered, SOON).toContain('messages');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(steps).toBe(before);
    releases.get('signatures')?.();
    await signature;
    await expect.poll(() => steps, SOON).toBeGreaterThan(before);
  });

  it('stops after the batch that it is at when the page is hidden, and goes on when it is seen', async () => {
    await signer.open();
    hold = async (call) => {
      if (call === 'messages') signer.setVisible(false);
    };
    await signer.poolsFilled();
    expect(count('messages')).toBe(2);
    hold = async () => undefined;
    signer.setVisible(true);
    await signer.poolsFilled();
    expect(count('messages')).toBeGreaterThanOrEqual(6);
  });

  it('does nothing for a page that was never seen', async () => {
    signer.setVisible(false);
    await signer.poolsFilled();
    expect(calls).toEqual([]);
  });

  it('leaves nodes alone that ask for restraint', async () => {
    await signer.open();
    for (const node of nodes) node.busy = true;
    signer.fillPools();
    await expect.poll(() => count('messages'), SOON).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(count('messages')).toBe(2);
    expect(await sign(ED)).toMatchObject({ roundTrips: 1 });
  });

  it('opens what a node has lost once more, and at once', async () => {
    await signer.open();
    for (const { sessions } of nodes) sessions.clear();
    await signer.poolsFilled();
    expect(count('sessions')).toBe(4);
    expect(await sign(ECDSA)).toMatchObject({ roundTrips: 1 });
  });
});
