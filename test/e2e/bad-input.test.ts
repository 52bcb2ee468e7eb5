/** Everything that enters, malformed in every field: a typed refusal with the right blame, and nothing has changed. */
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '#shared/api/base64.ts';
import { PROTOBUF, ProblemAnswer } from '#shared/api/gateway-api.ts';
import { encodeParts } from '#shared/channel/bytes.ts';
import { signedBytes } from '#shared/channel/envelope.ts';
import { makeHello } from '#shared/channel/hello.ts';
import { type Identity, identityFromSeed } from '#shared/channel/identity.ts';
import { CATALOGUE, type ErrorCode } from '#shared/errors.ts';
import { DEVICE, type Epoch, idBytes, type PartyId, randomWalletId } from '#shared/ids.ts';
import { intentHash, makeIntent } from '#shared/intent/intent.ts';
import {
  COMMITMENTS_MAX_COUNT,
  ENVELOPE_MAX_BYTES,
  MESSAGE_PARTS_MAX_COUNT,
  RELAYED_MAX_BYTES,
  REQUEST_MAX_BYTES,
} from '#shared/limits.ts';
import { Health, HealthCheckResponse_ServingStatus } from '#shared/proto/gen/grpc/health/v1/health_pb.js';
import {
  CommitmentRequestSchema,
  type Envelope,
  EnvelopeHeaderSchema,
  EnvelopeSchema,
  EnvelopesSchema,
  HelloSchema,
  Protocol,
  type SignedHello,
  SignedHelloSchema,
} from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { AbortSessionRequestSchema, ExchangeRequestSchema, OpenSessionRequestSchema } from '#shared/proto/gen/trefoil/v1/node_pb.js';
import { createTestWallet, messageOf, openDevice, TestDevice, type TestWallet, transferOf, verifies } from '../support/device.ts';
import { type Edge, joinEdge } from '../support/edge.ts';
import { PAGE_ORIGIN } from '../support/gateway.ts';
import { nodeClient, nodeTransport, openPool, refusalOf, signingHello } from '../support/node-client.ts';
import { clock, newIdentity } from '../support/parties.ts';
import { GATEWAY_TOKEN, type TestNode } from '../support/party-nodes.ts';
import type { Answer, Call } from '../support/relay.ts';

let edge: Edge;
let wallet: TestWallet;
beforeAll(async () => {
  edge = await joinEdge();
  wallet = await createTestWallet(edge.release);
});
afterEach(() => edge.honest());
afterAll(() => edge?.close());

const JSON_TYPE = { 'content-type': 'application/json' };

/** Requires a whole RFC 9457 problem whose members are those of the catalogue, and returns its code. */
async function problemOf(response: Response): Promise<{ code: ErrorCode; blame: string; culprits: readonly number[] }> {
  const text = await response.text();
  expect(response.headers.get('content-type'), text).toBe('application/problem+json');
  const problem = ProblemAnswer.parse(JSON.parse(text));
  const code = problem.code as ErrorCode;
  expect(CATALOGUE).toHaveProperty([code]);
  expect(problem).toMatchObject({ status: response.status, title: CATALOGUE[code].title, fix: CATALOGUE[code].fix });
  expect(problem.status).toBe(CATALOGUE[code].status);
  expect(problem.instance).toBe(response.headers.get('x-request-id'));
  return { code, blame: problem.blame, culprits: problem.culprits ?? [] };
}

const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = JSON_TYPE): Promise<Response> =>
  fetch(edge.gateway.url + path, { method: 'POST', headers, body: body as BodyInit });

/** The wallet still works: a transfer is signed, and a library that is not ours verifies it. */
async function stillSigns(): Promise<void> {
  const { signer } = await openDevice(edge.release, { wallet });
  try {
    const transfer = transferOf(wallet);
    expect(verifies(wallet, transfer, (await signer.sign(transfer)).signatures[0])).toBe(true);
  } finally {
    signer.close();
  }
}

interface OpenApi {
  readonly paths: Record<
    string,
    Record<string, { requestBody?: { content: Record<string, { schema: { properties: Record<string, { type: string }> } }> } }>
  >;
}

describe('the gateway’s REST API', () => {
  it('refuses every field of every route of its own OpenAPI document', async () => {
    const { paths } = (await (await fetch(`${edge.gateway.url}/v1/openapi.json`)).json()) as OpenApi;
    const ids: Record<string, string> = { walletId: wallet.walletId, sessionId: 'ab'.repeat(32) };
    const fill = (path: string, over: Record<string, string> = {}): string =>
      path.replace(/\{(\w+)\}/g, (_, name: string) => ({ ...ids, ...over })[name] ?? '');
    let visited = 0;
    const refused = async (response: Promise<Response>, ...codes: string[]): Promise<void> => {
      const { code, blame } = await problemOf(await response);
      expect(codes).toContain(code);
      expect(blame).toBe('caller');
      visited += 1;
    };
    let total = 0;
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { requestBody }] of Object.entries(methods)) {
        const send = (body?: string, at = fill(path), headers = JSON_TYPE): Promise<Response> =>
          fetch(edge.gateway.url + at, { method: method.toUpperCase(), ...(body === undefined ? {} : { body, headers }) });
        const properties = requestBody?.content['application/json']?.schema.properties ?? {};
        const good = Object.fromEntries(Object.entries(properties).map(([name, { type }]) => [name, type === 'array' ? ['AAAA'] : 'AAAA']));
        for (const name of Object.keys(ids).filter((each) => path.includes(`{${each}}`))) {
          for (const bad of ['zz', ids[name]?.toUpperCase() ?? '', `${ids[name]}00`]) {
            total += 1;
            await refused(send(requestBody && JSON.stringify(good), fill(path, { [name]: bad })), 'input/malformed');
          }
        }
        if (requestBody === undefined) continue;
        if (requestBody.content[PROTOBUF] !== undefined) {
          const sendBytes = (bytes: Uint8Array, type = PROTOBUF): Promise<Response> => post(fill(path), bytes, { 'content-type': type });
          const emptyEnvelopes = (count: number): Uint8Array => Uint8Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? 10 : 0));
          const lies = [new Uint8Array(), new Uint8Array([255, 255]), emptyEnvelopes(1), emptyEnvelopes(MESSAGE_PARTS_MAX_COUNT + 1)];
          total += lies.length + 2;
          for (const lie of lies) await refused(sendBytes(lie), 'input/malformed', 'input/unsupported-version');
          await refused(sendBytes(emptyEnvelopes(1), 'application/json'), 'input/malformed');
          await refused(sendBytes(new Uint8Array(RELAYED_MAX_BYTES + 1)), 'input/too-large');
          continue;
        }
        for (const body of ['{', '', 'null', '[]', '7', JSON.stringify({ ...good, more: 1 })]) {
          total += 1;
          await refused(send(body), 'input/malformed');
        }
        total += 2;
        await refused(send(JSON.stringify(good), fill(path), { 'content-type': 'text/plain' }), 'input/malformed');
        await refused(send(JSON.stringify({ ...good, pad: 'A'.repeat(REQUEST_MAX_BYTES) })), 'input/too-large');
        for (const [name, { type }] of Object.entries(properties)) {
          const wrap = (value: unknown): string => JSON.stringify({ ...good, [name]: type === 'array' ? [value] : value });
          const lies = [undefined, null, 7, {}, '+/==', 'A', 'AB', 'AAAA', '____'];
          total += lies.length + 1;
          for (const lie of lies) await refused(send(wrap(lie)), 'input/malformed');
          const tooLarge = 'A'.repeat(Math.ceil((ENVELOPE_MAX_BYTES * 4) / 3) + 4);
          await refused(send(wrap(tooLarge)), 'input/too-large');
          if (type !== 'array') continue;
          total += 2;
          await refused(send(JSON.stringify({ ...good, [name]: [] })), 'input/malformed');
          await refused(send(JSON.stringify({ ...good, [name]: Array(65).fill('AAAA') })), 'input/too-large');
        }
      }
    }
    console.log(`REST: ${visited} / ${total} bad requests refused`);
    expect(visited).toBe(total);
    expect(total).toBeGreaterThan(50);
  });

  it('has nothing at other addresses and knows no session that it did not open', async () => {
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/v2/health'],
      ['PUT', `/v1/wallets/${wallet.walletId}/sessions`],
      ['GET', `/v1/wallets/${wallet.walletId}/signatures`],
    ] as const) {
      expect(await problemOf(await fetch(edge.gateway.url + path, { method }))).toMatchObject({ code: 'route/not-found', blame: 'caller' });
    }
    const session = `/v1/wallets/${wallet.walletId}/sessions/${'ab'.repeat(32)}`;
    for (const method of ['GET', 'DELETE']) {
      expect(await problemOf(await fetch(edge.gateway.url + session, { method }))).toMatchObject({
        code: 'session/unknown',
        blame: 'caller',
      });
    }
  });

  it('lets pages of its own origins in and no stranger’s', async () => {
    const preflight = async (origin: string): Promise<string | null> => {
      const headers = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
      const answer = await fetch(`${edge.gateway.url}/v1/wallets/${wallet.walletId}/sessions`, { method: 'OPTIONS', headers });
      return answer.headers.get('access-control-allow-origin');
    };
    expect(await preflight(PAGE_ORIGIN)).toBe(PAGE_ORIGIN);
    for (const origin of ['https://stranger.example', 'null', `${PAGE_ORIGIN}.stranger.example`, 'http://127.0.0.1:46001']) {
      expect(await preflight(origin)).toBeNull();
      const answer = await fetch(`${edge.gateway.url}/v1/health`, { headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

/** A lie for each field of a Hello, and what each place says to it. */
const HELLO_LIES: Record<string, { lie: object; code: string }> = {
  version: { lie: { version: 2 }, code: 'input/unsupported-version' },
  protocol: { lie: { protocol: 9 }, code: 'input/malformed' },
  wallet_id: { lie: { walletId: new Uint8Array(15) }, code: 'input/malformed' },
  epoch: { lie: { epoch: 7n }, code: 'channel/wrong-epoch' },
  party: { lie: { party: 2 }, code: 'channel/bad-signature' },
  roster: { lie: { roster: [] }, code: 'input/malformed' },
  threshold: { lie: { threshold: 3 }, code: 'channel/roster-mismatch' },
  nonce: { lie: { nonce: new Uint8Array(31) }, code: 'input/malformed' },
  one_use_key: { lie: { oneUseKey: new Uint8Array(31) }, code: 'input/malformed' },
  commitments: {
    lie: { commitments: create(CommitmentRequestSchema, { taproot: COMMITMENTS_MAX_COUNT, ed25519: 1 }) },
    code: 'input/too-large',
  },
};

async function lyingHello(hello: SignedHello, identity: Identity, lie: object): Promise<SignedHello> {
  const bytes = toBinary(HelloSchema, create(HelloSchema, { ...fromBinary(HelloSchema, hello.hello), ...lie }));
  return create(SignedHelloSchema, { hello: bytes, signature: await identity.sign(encodeParts('trefoil/hello/v1', bytes)) });
}

async function keygenHello(identity: Identity, over: object = {}): Promise<SignedHello> {
  const nodes = edge.nodes.map((node) => [node.party as PartyId, Uint8Array.from(Buffer.from(node.identity, 'hex'))] as const);
  const terms = { protocol: Protocol.KEYGEN as const, walletId: randomWalletId(), epoch: 0 as Epoch, threshold: 2 };
  const roster = new Map([[DEVICE, identity.publicKey], ...nodes]);
  return makeHello({ terms: { ...terms, roster, ...over }, party: DEVICE, identity, oneUseKey: new Uint8Array(32).fill(9) });
}

type Opener = { readonly name: string; open(hello: SignedHello): Promise<string> };

/** Every way in which a hello reaches a node. */
const openers = (): Opener[] => [
  {
    name: 'REST',
    open: async (hello) => {
      const walletId = Buffer.from(fromBinary(HelloSchema, hello.hello).walletId).toString('hex').padEnd(32, '0');
      const body = JSON.stringify({ hello: toBase64(toBinary(SignedHelloSchema, hello)) });
      const response = await post(`/v1/wallets/${walletId}/sessions`, body);
      return response.ok ? 'no error' : (await problemOf(response)).code;
    },
  },
  ...(['connect', 'grpc'] as const).map((transport) => ({
    name: transport,
    open: async (hello: SignedHello) =>
      (await refusalOf(nodeClient(edge.nodes[0], { transport, token: GATEWAY_TOKEN }).openSession({ hello }))).code,
  })),
];

describe('a hello', () => {
  it('with a lie in any field is refused by gateway and node, over REST, Connect and gRPC', async () => {
    const fields = HelloSchema.fields.map(({ name }) => name);
    expect(Object.keys(HELLO_LIES).sort()).toEqual(fields.toSorted());
    let visited = 0;
    for (const { name, open } of openers()) {
      for (const [field, { lie, code }] of Object.entries(HELLO_LIES)) {
        const identity = await newIdentity();
        const keygen = await lyingHello(await keygenHello(identity), identity, lie);
        expect(`${name} keygen ${field}: ${await open(keygen)}`).toBe(`${name} keygen ${field}: ${code}`);
        const { hello } = await signingHello(edge.nodes[0], wallet, { taproot: 1, ed25519: 1 });
        const signing = await lyingHello(hello, wallet.identity, lie);
        expect(`${name} signing ${field}: ${await open(signing)}`).toBe(`${name} signing ${field}: ${code}`);
        visited += 1;
      }
    }
    console.log(`hello: ${visited} / ${fields.length * openers().length} fields over all transports`);
    await stillSigns();
  });

  it('unsigned, signed by another, of an unknown wallet, of an unpinned node or of other parties is refused', async () => {
    const identity = await newIdentity();
    const stranger = await newIdentity();
    const good = await keygenHello(identity);
    const { hello } = await signingHello(edge.nodes[0], wallet, { taproot: 1, ed25519: 1 });
    const elsewhere = await signingHello(edge.nodes[0], wallet, { taproot: 1, ed25519: 1 }, { walletId: randomWalletId() });
    const notThisDevice = await signingHello(edge.nodes[0], { ...wallet, identity: stranger }, { taproot: 1, ed25519: 1 });
    const unpinned = new Map([...edge.nodes.map((node) => [node.party as PartyId, stranger.publicKey] as const)]);
    const cases: [SignedHello, string][] = [
      [create(SignedHelloSchema, { hello: good.hello }), 'channel/bad-signature'],
      [create(SignedHelloSchema, { ...hello, signature: good.signature }), 'channel/bad-signature'],
      [await lyingHello(good, stranger, {}), 'channel/bad-signature'],
      [elsewhere.hello, 'wallet/unknown'],
      [notThisDevice.hello, 'channel/roster-mismatch'],
      [await keygenHello(identity, { roster: new Map([[DEVICE, identity.publicKey], ...unpinned]) }), 'channel/unpinned-identity'],
      [await keygenHello(identity, { walletId: wallet.walletId }), 'wallet/exists'],
    ];
    for (const { name, open } of openers()) {
      for (const [i, [signed, code]] of cases.entries()) expect(`${name} ${i}: ${await open(signed)}`).toBe(`${name} ${i}: ${code}`);
    }
    await stillSigns();
  });

  it('repeated gets the same answer, and the same session', async () => {
    const identity = await newIdentity();
    const hello = await keygenHello(identity);
    const walletId = Buffer.from(fromBinary(HelloSchema, hello.hello).walletId).toString('hex');
    const body = JSON.stringify({ hello: toBase64(toBinary(SignedHelloSchema, hello)) });
    const [first, second] = [await post(`/v1/wallets/${walletId}/sessions`, body), await post(`/v1/wallets/${walletId}/sessions`, body)];
    expect(first.status).toBe(201);
    expect(await second.text()).toBe(await first.text());
    const client = nodeClient(edge.nodes[1]);
    expect(await client.openSession({ hello })).toEqual(await client.openSession({ hello }));
    expect(await problemOf(await post(`/v1/wallets/${randomWalletId()}/sessions`, body))).toMatchObject({ code: 'channel/wrong-wallet' });
  });
});

/** A lie for each field of an EnvelopeHeader, signed by the sender all the same. */
const HEADER_LIES: Record<string, { lie: object; code: string }> = {
  version: { lie: { version: 2 }, code: 'input/unsupported-version' },
  wallet_id: { lie: { walletId: new Uint8Array(16) }, code: 'channel/wrong-wallet' },
  session_id: { lie: { sessionId: new Uint8Array(32) }, code: 'channel/wrong-session' },
  epoch: { lie: { epoch: 1n }, code: 'channel/wrong-epoch' },
  round: { lie: { round: 9999 }, code: 'session/wrong-round' },
  from: { lie: { from: 9 }, code: 'channel/bad-signature' },
  to: { lie: { to: 9 }, code: 'channel/wrong-receiver' },
  part: { lie: { part: 1 }, code: 'input/malformed' },
  parts: { lie: { parts: MESSAGE_PARTS_MAX_COUNT + 1 }, code: 'input/malformed' },
};
/** A change to each field of an Envelope, which its signature covers. */
const ENVELOPE_LIES: Record<string, object> = {
  header: { header: new Uint8Array([255]) },
  enc: { enc: new Uint8Array(32) },
  ciphertext: { ciphertext: new Uint8Array(64) },
  signature: { signature: new Uint8Array(64) },
};

async function signedAs(identity: Identity, envelope: Envelope, change: object): Promise<Envelope> {
  const parts = { ...envelope, ...change };
  return create(EnvelopeSchema, { ...parts, signature: await identity.sign(signedBytes(parts)) });
}
const withHeader = (envelope: Envelope, lie: object): { header: Uint8Array } => ({
  header: toBinary(EnvelopeHeaderSchema, create(EnvelopeHeaderSchema, { ...fromBinary(EnvelopeHeaderSchema, envelope.header), ...lie })),
});

/** Each bad form of an envelope, and the codes that may refuse it. */
async function badEnvelopes(good: Envelope, sender: Identity): Promise<[string, Envelope, RegExp][]> {
  expect(Object.keys(HEADER_LIES).sort()).toEqual(EnvelopeHeaderSchema.fields.map(({ name }) => name).sort());
  expect(Object.keys(ENVELOPE_LIES).sort()).toEqual(EnvelopeSchema.fields.map(({ name }) => name).sort());
  const stranger = await newIdentity();
  const out: [string, Envelope, RegExp][] = [];
  for (const [field, { lie, code }] of Object.entries(HEADER_LIES)) {
    out.push([`lie in ${field}`, await signedAs(sender, good, withHeader(good, lie)), new RegExp(`^${code}$`)]);
    out.push([`${field} changed`, create(EnvelopeSchema, { ...good, ...withHeader(good, lie) }), /^(channel|input|session)\//]);
  }
  for (const [field, change] of Object.entries(ENVELOPE_LIES)) {
    out.push([`${field} changed`, create(EnvelopeSchema, { ...good, ...change }), /^(channel\/bad-signature|input\/malformed)$/]);
  }
  out.push(['unsigned', create(EnvelopeSchema, { ...good, signature: new Uint8Array() }), /^channel\/bad-signature$/]);
  out.push(['signed by another', await signedAs(stranger, good, {}), /^channel\/bad-signature$/]);
  return out;
}

describe('an envelope', () => {
  const envelopesOf = (call: Call): Envelope[] =>
    (JSON.parse(new TextDecoder().decode(call.body)) as { envelopes: string[] }).envelopes.map((text) =>
      fromBinary(EnvelopeSchema, fromBase64(text)),
    );
  const resend = (call: Call, envelopes: readonly Envelope[]): Promise<Response> =>
    post(call.path, JSON.stringify({ envelopes: envelopes.map((envelope) => toBase64(toBinary(EnvelopeSchema, envelope))) }));
  const bodyOf = (answer: Answer): unknown => JSON.parse(new TextDecoder().decode(answer.body));

  it('of key generation, bad in any field, is refused and the ceremony still ends well', async () => {
    const device = new TestDevice(edge.release);
    const identity = await identityFromSeed(device.identitySecret);
    let rounds = 0;
    edge.front.meddle(async (call, forward) => {
      if (!call.path.endsWith('/envelopes')) return forward(call);
      rounds += 1;
      const [good, ...rest] = envelopesOf(call);
      if (good === undefined) throw new Error('an envelope');
      const status = async (): Promise<string> => (await fetch(edge.gateway.url + call.path.replace(/\/envelopes$/, ''))).text();
      const before = await status();
      for (const [what, envelope, expected] of await badEnvelopes(good, identity)) {
        const { code } = await problemOf(await resend(call, [envelope, ...rest]));
        expect(`${what}: ${code}`).toMatch(new RegExp(expected.source.replace('^', '^.*: ')));
      }
      expect(await status()).toBe(before);
      const answer = await forward(call);
      expect(bodyOf(await forward(call))).toEqual(bodyOf(answer));
      const other = await signedAs(identity, good, { ciphertext: new Uint8Array(64) });
      expect(await problemOf(await resend(call, [other]))).toMatchObject({ code: 'session/conflict', blame: 'peer', culprits: [1] });
      return answer;
    });
    await device.create();
    expect(rounds).toBeGreaterThanOrEqual(3);
    expect(device.store.steps.slice(0, 2)).toEqual(['prepare', 'commit']);
  });

  it('of signing, bad in any field, is refused and the honest request is answered', async () => {
    const { signer } = await openDevice(edge.release, { wallet });
    const transfer = transferOf(wallet);
    const refused: string[] = [];
    edge.front.meddle(async (call, forward) => {
      if (!call.path.endsWith('/signatures')) return forward(call);
      const [good] = envelopesOf(call);
      if (good === undefined) throw new Error('an envelope');
      for (const [what, envelope, expected] of await badEnvelopes(good, wallet.identity)) {
        // Here the session is the node's to know, and a session that nobody knows is one that ended.
        const codes = what === 'lie in session_id' ? /^session\/unknown$/ : expected;
        const { code } = await problemOf(await resend(call, [envelope]));
        refused.push(code);
        expect(`${what}: ${code}`).toMatch(new RegExp(codes.source.replace('^', '^.*: ')));
      }
      expect(await problemOf(await resend(call, [good, good]))).toMatchObject({ code: 'input/malformed', blame: 'caller' });
      const elsewhere = { ...call, path: call.path.replace(wallet.walletId, randomWalletId()) };
      expect(await problemOf(await resend(elsewhere, [good]))).toMatchObject({ code: 'wallet/unknown', blame: 'caller' });
      const answer = await forward(call);
      expect(bodyOf(await forward(call))).toEqual(bodyOf(answer));
      const other = await signedAs(wallet.identity, good, { ciphertext: new Uint8Array(64) });
      expect(await problemOf(await resend(call, [other]))).toMatchObject({ code: 'session/conflict', blame: 'peer', culprits: [1] });
      return answer;
    });
    const { signatures } = await signer.sign(transfer);
    expect(verifies(wallet, transfer, signatures[0])).toBe(true);
    expect(refused.length).toBeGreaterThan(15);
    signer.close();
  });
  it('of presigning, bad in any field, alone or among its parts, is refused and the honest message is answered', async () => {
    const { signer } = await openDevice(edge.release, { wallet });
    const messages: string[] = [];
    edge.front.meddle(async (call, forward) => {
      if (!call.path.endsWith('/messages')) return forward(call);
      const parts = fromBinary(EnvelopesSchema, call.body).envelopes;
      const [good, ...rest] = parts;
      if (good === undefined) throw new Error('an envelope');
      const send = (envelopes: readonly Envelope[], path = call.path): Promise<Response> =>
        post(path, toBinary(EnvelopesSchema, create(EnvelopesSchema, { envelopes: [...envelopes] })), { 'content-type': PROTOBUF });
      for (const [what, envelope, expected] of await badEnvelopes(good, wallet.identity)) {
        const { code } = await problemOf(await send([envelope, ...rest]));
        expect(`${what}: ${code}`).toMatch(new RegExp(`(${expected.source.replaceAll('^', ': ')})|: input/malformed$`));
      }
      const elsewhere = call.path.replace(/[0-9a-f]{64}/, 'ab'.repeat(32));
      expect(await problemOf(await send(parts, elsewhere))).toMatchObject({ code: 'input/malformed', blame: 'caller' });
      expect(await problemOf(await send([...parts, good]))).toMatchObject({ code: 'input/malformed', blame: 'caller' });
      if (rest.length > 0) {
        expect(await problemOf(await send(parts.toReversed()))).toMatchObject({ code: 'input/malformed', blame: 'caller' });
        expect(await problemOf(await send(parts.slice(1)))).toMatchObject({ code: 'input/malformed', blame: 'caller' });
      }
      messages.push(`${parts.length} parts`);
      const answer = await forward(call);
      expect((await forward(call)).body).toEqual(answer.body);
      return answer;
    });
    const approval = messageOf(wallet, ...Array.from({ length: 6 }, (_, i) => `message ${i}`));
    const { signatures } = await signer.sign(approval);
    edge.honest();
    signer.close();
    expect(signatures.length).toBe(6);
    expect(messages).toEqual(['1 parts', '2 parts']);
  });
});

describe.each(['connect', 'grpc'] as const)('a node over %s', (transport) => {
  const client = (token: string | undefined = GATEWAY_TOKEN) => nodeClient(edge.nodes[0], { transport, token });
  const codeFor = async (step: Promise<unknown>): Promise<string> => (await refusalOf(step)).code;

  it('serves nobody without the gateway’s token, whatever the call', async () => {
    const { hello } = await signingHello(edge.nodes[0], wallet, { taproot: 1, ed25519: 1 });
    for (const token of ['', 'x', `${GATEWAY_TOKEN}x`, GATEWAY_TOKEN.slice(0, -1), GATEWAY_TOKEN.toUpperCase()]) {
      const stranger = client(token);
      expect(await codeFor(stranger.openSession({ hello }))).toBe('service/unauthenticated');
      expect(await codeFor(stranger.exchange({}))).toBe('service/unauthenticated');
      expect(await codeFor(stranger.abortSession({}))).toBe('service/unauthenticated');
    }
    expect(await codeFor(nodeClient(edge.nodes[0], { transport, token: undefined }).openSession({ hello }))).toBe(
      'service/unauthenticated',
    );
  });

  it('refuses a lie in every field of every request', async () => {
    const pool = await openPool(edge.nodes[0], wallet);
    const [walletId, sessionId] = [idBytes(wallet.walletId), idBytes(pool.channel.sessionId)];
    const lies: [string, () => Promise<unknown>, string][] = [
      ['OpenSessionRequest.hello', () => client().openSession({}), 'input/unsupported-version'],
      ['ExchangeRequest.wallet_id', () => client().exchange({ walletId: new Uint8Array(15), sessionId }), 'input/malformed'],
      ['ExchangeRequest.wallet_id', () => client().exchange({ walletId: new Uint8Array(16), sessionId }), 'channel/wrong-wallet'],
      ['ExchangeRequest.session_id', () => client().exchange({ walletId, sessionId: new Uint8Array(31) }), 'input/malformed'],
      ['ExchangeRequest.session_id', () => client().exchange({ walletId, sessionId: new Uint8Array(32) }), 'session/unknown'],
      [
        'ExchangeRequest.hellos',
        () => client().exchange({ walletId, sessionId: new Uint8Array(32), hellos: [pool.hello] }),
        'session/unknown',
      ],
      ['ExchangeRequest.envelopes', () => client().exchange({ walletId, sessionId, envelopes: [{}] }), 'input/unsupported-version'],
      ['AbortSessionRequest.wallet_id', () => client().abortSession({ walletId: new Uint8Array(16), sessionId }), 'channel/wrong-wallet'],
      ['AbortSessionRequest.session_id', () => client().abortSession({ walletId, sessionId: new Uint8Array(1) }), 'input/malformed'],
      [
        'AbortSessionRequest.reason',
        () => client().abortSession({ walletId, sessionId: new Uint8Array(32), reason: 'nonsense' }),
        'no error',
      ],
    ];
    const fields = [OpenSessionRequestSchema, ExchangeRequestSchema, AbortSessionRequestSchema].flatMap((schema) =>
      schema.fields.map(({ name }) => `${schema.name}.${name}`),
    );
    expect([...new Set(lies.map(([field]) => field))].sort()).toEqual(fields.sort());
    for (const [field, step, code] of lies) expect(`${field}: ${await codeFor(step())}`).toBe(`${field}: ${code}`);
    // The pool is as it was.
    const call = await requestOn(pool);
    expect(await pool.carry(call)).toHaveLength(1);
  });

  it('refuses bad envelopes of a session and stays as it was', async () => {
    const pool = await openPool(edge.nodes[0], wallet);
    const call = await requestOn(pool);
    const [asked] = call.envelopes;
    if (asked === undefined) throw new Error('an envelope');
    const ask = (envelope: Envelope) =>
      client().exchange({ walletId: idBytes(wallet.walletId), sessionId: idBytes(pool.channel.sessionId), envelopes: [envelope] });
    for (const [what, envelope, expected] of await badEnvelopes(asked, wallet.identity)) {
      const { code } = await refusalOf(ask(envelope));
      expect(`${what}: ${code}`).toMatch(new RegExp(expected.source.replace('^', '^.*: ')));
    }
    expect(await codeFor(ask(await pool.second(1, new Uint8Array([1]))))).toBe('session/wrong-round');
    const reply = await pool.ask(asked);
    expect((await ask(asked)).envelopes).toEqual([reply]);
    expect(await refusalOf(ask(await pool.second(2, new Uint8Array([1]))))).toMatchObject({ code: 'session/conflict', culprits: [1] });
    expect(await call.finish([reply])).toHaveLength(1);
  });

  it('answers the standard health service to anybody', async () => {
    const health = createClient(Health, nodeTransport(edge.nodes[0], { transport }));
    for (const service of ['', 'trefoil.v1.PartyNode']) {
      expect((await health.check({ service })).status).toBe(HealthCheckResponse_ServingStatus.SERVING);
    }
    await expect(health.check({ service: 'other' })).rejects.toMatchObject({ rawMessage: 'unknown service' });
    const watched = await Array.fromAsync(health.watch({ service: '' }));
    expect(watched.map(({ status }) => status)).toEqual([HealthCheckResponse_ServingStatus.SERVING]);
  });
});

/** An honest request for one Solana signature. */
async function requestOn(pool: Awaited<ReturnType<typeof openPool>>) {
  const { requests, tasks } = transferOf(wallet);
  const intent = makeIntent({ walletId: wallet.walletId, requests, now: clock() });
  return pool.device.request({ intent, deviceSignature: await wallet.identity.sign(intentHash(intent)), tasks });
}

describe('a node', () => {
  it('refuses bytes that are no message, too many of them, and routes that it has not', async () => {
    const headers = { 'content-type': 'application/proto', authorization: `Bearer ${GATEWAY_TOKEN}` };
    const ask = async (path: string, body: Uint8Array, type = 'application/proto') => {
      const response = await fetch(edge.nodes[0].url + path, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body: body as BodyInit,
      });
      return { status: response.status, text: await response.text() };
    };
    const open = '/trefoil.v1.PartyNode/OpenSession';
    for (const bytes of [new Uint8Array([255, 255]), new Uint8Array([10, 200])]) {
      const { status, text } = await ask(open, bytes);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(JSON.parse(text)).toHaveProperty('code');
      expect(text).not.toMatch(/node_modules|\.ts:|at /);
    }
    expect(JSON.parse((await ask(open, new Uint8Array(RELAYED_MAX_BYTES + 1))).text)).toMatchObject({ code: 'resource_exhausted' });
    expect((await ask(open, new Uint8Array(), 'text/plain')).status).toBe(415);
    expect((await ask('/trefoil.v1.PartyNode/Steal', new Uint8Array())).status).toBe(404);
    await stillSigns();
  });

  it('says whether it runs and whether it can serve', async () => {
    for (const path of ['/healthz', '/readyz']) expect(await (await fetch(edge.nodes[0].url + path)).text()).toBe('ok\n');
  });
});

describe('a stored record', () => {
  /** Changes one column of the wallet's row while the node runs, as a broken disk or a thief would. */
  async function damaged(node: TestNode, column: string, value: Uint8Array | string | number): Promise<string> {
    const database = new DatabaseSync(join(node.dataDir, 'node.sqlite'), { timeout: 5000 });
    const { was } = database.prepare(`SELECT ${column} AS was FROM shares WHERE wallet_id = ?`).get(wallet.walletId) as { was: Uint8Array };
    database.prepare(`UPDATE shares SET ${column} = ? WHERE wallet_id = ?`).run(value, wallet.walletId);
    try {
      const { hello } = await signingHello(node, wallet, { taproot: 1, ed25519: 1 });
      return (await refusalOf(nodeClient(node).openSession({ hello }))).code;
    } finally {
      database.prepare(`UPDATE shares SET ${column} = ? WHERE wallet_id = ?`).run(was, wallet.walletId);
      database.close();
    }
  }

  it('of a wallet, damaged in any column, is refused by its node, and serves again once it is restored', async () => {
    const [node] = edge.nodes;
    const bytes = (length: number) => new Uint8Array(length).fill(7);
    const damages: [string, Uint8Array | string | number, string][] = [
      ['wrapped_data_key', bytes(80), 'service/configuration'],
      ['wrapped_data_key', bytes(3), 'service/configuration'],
      ['sealed_share', bytes(400), 'service/configuration'],
      ['sealed_share', bytes(3), 'service/configuration'],
      ['public_package', bytes(300), 'engine/stored-share'],
      ['public_package', bytes(0), 'engine/stored-share'],
      ['roster', 'not json', 'service/configuration'],
      ['roster', '[[1,"zz"]]', 'service/configuration'],
      ['roster', '[]', 'channel/roster-mismatch'],
      ['epoch', 1, 'channel/wrong-epoch'],
      ['party', 3, 'service/configuration'],
      ['state', 'prepared', 'wallet/not-committed'],
    ];
    for (const [column, value, code] of damages) {
      expect(`${column} ${String(value).slice(0, 12)}: ${await damaged(node, column, value)}`).toBe(
        `${column} ${String(value).slice(0, 12)}: ${code}`,
      );
    }
    await openPool(node, wallet);
    await stillSigns();
  });

  it('of a node itself, damaged or readable by others, keeps it from starting, and it says what to do', async () => {
    const [, node] = edge.nodes;
    await node.kill();
    const config = join(node.dataDir, '..', `${node.name}.json`);
    const refusal = async (): Promise<string> => {
      const main = join(import.meta.dirname, '../../party-nodes/main.ts');
      const run = promisify(execFile)(process.execPath, [main, 'serve', '--config', config], { timeout: 20_000 });
      return run.then(
        () => 'it started',
        ({ stderr }: { stderr: string }) => stderr,
      );
    };
    try {
      for (const name of ['identity.key', 'keyring.json']) {
        const path = join(node.dataDir, name);
        const good = readFileSync(path);
        for (const bad of ['', 'zz', good.toString('utf8').slice(1)]) {
          writeFileSync(path, bad);
          expect(await refusal()).toMatch(/damaged[\s\S]*Correct the named setting/);
        }
        writeFileSync(path, good);
        chmodSync(path, 0o644);
        expect(await refusal()).toMatch(/others can read/);
        chmodSync(path, 0o600);
      }
    } finally {
      await node.start();
    }
    await openPool(node, wallet);
  });
});
