/** What opens a session, and everything else that the gateway takes, malformed in every field: a typed refusal with the right blame. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toBase64 } from '#shared/api/base64.ts';
import { PROTOBUF } from '#shared/api/gateway-api.ts';
import { encodeParts } from '#shared/channel/bytes.ts';
import { makeHello } from '#shared/channel/hello.ts';
import type { Identity } from '#shared/channel/identity.ts';
import { DEVICE, type Epoch, type PartyId, randomWalletId } from '#shared/ids.ts';
import {
  COMMITMENTS_MAX_COUNT,
  ENVELOPE_MAX_BYTES,
  MESSAGE_PARTS_MAX_COUNT,
  RELAYED_MAX_BYTES,
  REQUEST_MAX_BYTES,
} from '#shared/limits.ts';
import {
  CommitmentRequestSchema,
  HelloSchema,
  Protocol,
  type SignedHello,
  SignedHelloSchema,
} from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { createTestWallet, stillSigns, type TestWallet } from '../support/device.ts';
import { type Edge, joinEdge } from '../support/edge.ts';
import { PAGE_ORIGIN } from '../support/gateway.ts';
import { nodeClient, refusalOf, signingHello } from '../support/node-client.ts';
import { newIdentity } from '../support/parties.ts';
import { GATEWAY_TOKEN } from '../support/party-nodes.ts';
import { JSON_TYPE, problemOf } from '../support/problem-of.ts';

let edge: Edge;
let wallet: TestWallet;
beforeAll(async () => {
  edge = await joinEdge();
  wallet = await createTestWallet(edge.release);
});
afterEach(() => edge.honest());
afterAll(() => edge?.close());

const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = JSON_TYPE): Promise<Response> =>
  fetch(edge.gateway.url + path, { method: 'POST', headers, body: body as BodyInit });

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
    expect(await stillSigns(wallet, edge.release)).toBe(true);
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
    expect(await stillSigns(wallet, edge.release)).toBe(true);
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
