/** The edge as an enemy: it may swap, drop, hold, repeat and invent what it carries. No wallet and no signature comes of it. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '#shared/api/base64.ts';
import { encodeParts } from '#shared/channel/bytes.ts';
import { makeHello } from '#shared/channel/hello.ts';
import type { Identity } from '#shared/channel/identity.ts';
import { TrefoilError } from '#shared/errors.ts';
import { DEVICE, type Epoch, type PartyId, parseWalletId } from '#shared/ids.ts';
import {
  type Envelope,
  EnvelopeHeaderSchema,
  EnvelopeSchema,
  type Hello,
  HelloSchema,
  MemberSchema,
  Protocol,
  type SignedHello,
  SignedHelloSchema,
} from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { type ExchangeRequest, ExchangeRequestSchema } from '#shared/proto/gen/trefoil/v1/node_pb.js';
import { createTestWallet, signerOf, TestDevice, type TestWallet, transferOf, verifies } from '../support/device.ts';
import { type Edge, joinEdge } from '../support/edge.ts';
import { nodeClient } from '../support/node-client.ts';
import { newIdentity } from '../support/parties.ts';
import type { Answer, Call, Meddle } from '../support/relay.ts';

let edge: Edge;
/** The edge's own identity: it can sign, but nobody pins it. */
let evil: Identity;
beforeAll(async () => {
  edge = await joinEdge();
  evil = await newIdentity();
});
afterEach(() => edge.honest());
afterAll(() => edge?.close());

const text = new TextDecoder();
const bytes = new TextEncoder();
const jsonOf = <T>({ body }: { body: Uint8Array }): T => JSON.parse(text.decode(body)) as T;
const withJson = <T extends Call | Answer>(of: T, value: unknown): T => ({ ...of, body: bytes.encode(JSON.stringify(value)) });

/** What each node keeps of a wallet. */
const rowsOf = (walletId: string): string[] =>
  edge.nodes.map((node) => {
    const database = new DatabaseSync(join(node.dataDir, 'node.sqlite'), { readOnly: true });
    try {
      return String(database.prepare('SELECT state FROM shares WHERE wallet_id = ?').get(walletId)?.['state'] ?? 'nothing');
    } finally {
      database.close();
    }
  });

interface Failure {
  readonly code: string;
  /** The device's store, then each node's row. */
  readonly kept: readonly string[];
  /** What the gateway says of the session, where it knows one. */
  readonly phase: string;
  readonly steps: readonly string[];
}

/** A creation under attack, and what is left of it everywhere. */
async function attacked(front: Meddle | undefined, links: readonly (Meddle | undefined)[] = []): Promise<Failure> {
  const device = new TestDevice(edge.release);
  let walletId = '';
  let session = '';
  edge.front.meddle(async (call, forward) => {
    walletId = /wallets\/([0-9a-f]+)/.exec(call.path)?.[1] ?? walletId;
    session = /(\/v1\/wallets\/[0-9a-f]+\/sessions\/[0-9a-f]+)/.exec(call.path)?.[1] ?? session;
    return front === undefined ? forward(call) : front(call, forward);
  });
  edge.links.forEach((link, i) => {
    link.meddle(links[i]);
  });
  const thrown = await device.create().then(
    () => undefined,
    (error: unknown) => error,
  );
  edge.honest();
  const status = session === '' ? undefined : await (await fetch(edge.gateway.url + session)).json();
  return {
    code: thrown === undefined ? 'no error' : thrown instanceof TrefoilError ? thrown.code : `not typed: ${thrown}`,
    kept: [device.store.steps.join(' '), ...rowsOf(walletId)],
    phase: String((status as { phase?: string } | undefined)?.phase ?? 'none'),
    steps: device.steps,
  };
}

const signAs = async (identity: Identity, hello: Hello): Promise<SignedHello> => {
  const message = toBinary(HelloSchema, hello);
  return create(SignedHelloSchema, { hello: message, signature: await identity.sign(encodeParts('trefoil/hello/v1', message)) });
};
const read = (signed: SignedHello): Hello => fromBinary(HelloSchema, signed.hello);
const change = (hello: Hello, over: Partial<Hello>): Hello => create(HelloSchema, { ...hello, ...over });
const memberKey = (hello: Hello, party: number, identity: Uint8Array): Hello =>
  change(hello, { roster: hello.roster.map((member) => (member.party === party ? create(MemberSchema, { party, identity }) : member)) });

/** Ways to lie about one hello of another party. */
const SWAPS: [string, (hello: SignedHello) => Promise<SignedHello>, RegExp][] = [
  [
    'one-use key, signature kept',
    async (of) => ({ ...of, hello: (await signAs(evil, change(read(of), { oneUseKey: new Uint8Array(32).fill(9) }))).hello }),
    /^channel\/bad-signature$/,
  ],
  [
    'one-use key, signed by the edge',
    (of) => signAs(evil, change(read(of), { oneUseKey: new Uint8Array(32).fill(9) })),
    /^channel\/bad-signature$/,
  ],
  [
    'identity and one-use key, signed by the edge',
    (of) => signAs(evil, memberKey(change(read(of), { oneUseKey: new Uint8Array(32).fill(9) }), read(of).party, evil.publicKey)),
    /^channel\/roster-mismatch$/,
  ],
  [
    'identity of the device in the node’s roster',
    (of) => signAs(evil, memberKey(memberKey(read(of), 1, evil.publicKey), read(of).party, evil.publicKey)),
    /^channel\/roster-mismatch$/,
  ],
  ['nonce', (of) => signAs(evil, change(read(of), { nonce: new Uint8Array(32) })), /^channel\/bad-signature$/],
  [
    'threshold',
    (of) => signAs(evil, memberKey(change(read(of), { threshold: 3 }), read(of).party, evil.publicKey)),
    /^channel\/roster-mismatch$/,
  ],
  [
    'wallet',
    (of) => signAs(evil, memberKey(change(read(of), { walletId: new Uint8Array(16) }), read(of).party, evil.publicKey)),
    /^channel\/wrong-wallet$/,
  ],
  ['epoch', (of) => signAs(evil, memberKey(change(read(of), { epoch: 1n }), read(of).party, evil.publicKey)), /^channel\/wrong-epoch$/],
  [
    'a roster without the other node',
    (of) =>
      signAs(
        evil,
        memberKey(
          change(read(of), { roster: read(of).roster.filter(({ party }) => party === 1 || party === read(of).party) }),
          read(of).party,
          evil.publicKey,
        ),
      ),
    /^channel\/roster-mismatch$/,
  ],
];

describe('a gateway that swaps a key during creation', () => {
  /** Changes the hellos that the device is answered with. */
  const answered =
    (how: (hellos: SignedHello[], call: Call) => Promise<SignedHello[]>): Meddle =>
    async (call, forward) => {
      const answer = await forward(call);
      if (!call.path.endsWith('/sessions')) return answer;
      const content = jsonOf<{ hellos: string[] }>(answer);
      const hellos = await how(
        content.hellos.map((each) => fromBinary(SignedHelloSchema, fromBase64(each))),
        call,
      );
      return withJson(answer, { ...content, hellos: hellos.map((hello) => toBase64(toBinary(SignedHelloSchema, hello))) });
    };

  it('in any node’s hello is caught by the device before anything exists', async () => {
    for (const at of [0, 1]) {
      for (const [what, swap, code] of SWAPS) {
        const failure = await attacked(answered(async (hellos) => Promise.all(hellos.map((hello, i) => (i === at ? swap(hello) : hello)))));
        expect(`${what}: ${failure.code}`).toMatch(new RegExp(code.source.replace('^', '^.*: ')));
        expect(failure.kept).toEqual(['', 'nothing', 'nothing']);
        expect(failure.steps).toEqual(['connecting']);
      }
    }
  });

  it('by a hello too few, too many, twice, or the device’s own is caught by the device', async () => {
    const lists: [string, (hellos: SignedHello[], call: Call) => SignedHello[]][] = [
      ['missing', ([one]) => (one === undefined ? [] : [one])],
      ['none', () => []],
      ['twice', ([one]) => (one === undefined ? [] : [one, one])],
      ['one more', (hellos) => [...hellos, ...hellos.slice(1)]],
      [
        'reflected',
        ([one], call) => {
          const own = fromBinary(SignedHelloSchema, fromBase64(jsonOf<{ hello: string }>(call).hello));
          return one === undefined ? [] : [one, own];
        },
      ],
    ];
    for (const [what, list] of lists) {
      const failure = await attacked(answered(async (hellos, call) => list(hellos, call)));
      expect(`${what}: ${failure.code}`).toBe(`${what}: channel/roster-mismatch`);
      expect(failure.kept).toEqual(['', 'nothing', 'nothing']);
    }
  });

  it('by a node’s hello of another session is caught by the device', async () => {
    let old: SignedHello[] = [];
    await attacked(
      answered(async (hellos) => {
        old = hellos;
        return [];
      }),
    );
    expect(old).toHaveLength(2);
    const failure = await attacked(answered(async (hellos) => [...hellos.slice(0, 1), ...old.slice(1)]));
    expect(failure).toMatchObject({ code: 'channel/wrong-wallet', kept: ['', 'nothing', 'nothing'] });
  });

  it('by standing between device and nodes with a device of its own is caught by the device', async () => {
    const failure = await attacked(async (call, forward) => {
      if (!call.path.endsWith('/sessions')) return forward(call);
      const shown = read(fromBinary(SignedHelloSchema, fromBase64(jsonOf<{ hello: string }>(call).hello)));
      const nodes = edge.nodes.map(({ party, identity }) => [party as PartyId, Uint8Array.from(Buffer.from(identity, 'hex'))] as const);
      const terms = { protocol: Protocol.KEYGEN as const, walletId: parseWalletId(shown.walletId), epoch: 0 as Epoch, threshold: 2 };
      const roster = new Map([[DEVICE, evil.publicKey], ...nodes]);
      const hello = await makeHello({ terms: { ...terms, roster }, party: DEVICE, identity: evil, oneUseKey: new Uint8Array(32).fill(9) });
      // The nodes have no reason to refuse: anybody may create a wallet. The device has one.
      const answers = await Promise.all(edge.nodes.map((node) => nodeClient(node).openSession({ hello })));
      const hellos = answers.map((answer) => toBase64(toBinary(SignedHelloSchema, answer.hello ?? create(SignedHelloSchema))));
      const body = bytes.encode(JSON.stringify({ sessionId: 'ab'.repeat(32), hellos, envelopes: [] }));
      return { status: 201, headers: { 'content-type': 'application/json' }, body };
    });
    expect(failure).toMatchObject({ code: 'channel/roster-mismatch', kept: ['', 'nothing', 'nothing'] });
  });

  it('towards a node is caught by the node, and ends the ceremony for everybody', async () => {
    for (const at of [0, 1]) {
      for (const victim of [0, 1, 2]) {
        for (const [what, swap] of SWAPS) {
          const link = onExchange(async (request) => {
            request.hellos = await Promise.all(request.hellos.map((hello, i) => (i === victim ? swap(hello) : hello)));
            return request;
          });
          const failure = await attacked(undefined, at === 0 ? [link, undefined] : [undefined, link]);
          expect(`${what} of party ${victim + 1} at node ${at}: ${failure.code}`).toMatch(
            /: (channel\/|session\/unknown|input\/malformed)/,
          );
          expect(failure.kept).toEqual(['', 'nothing', 'nothing']);
          expect(failure.phase).toBe('ABORT');
        }
      }
    }
  });

  it('would have been a wallet without the swap', async () => {
    const honest = await attacked(undefined);
    expect(honest).toMatchObject({ code: 'no error', phase: 'FINAL' });
    expect(honest.kept).toEqual(['prepare commit complete', 'committed', 'committed']);
  });
});

/** Takes over the gateway's envelopes to one node. */
const onExchange =
  (how: (request: ExchangeRequest) => Promise<ExchangeRequest> | ExchangeRequest): Meddle =>
  async (call, forward) => {
    if (!call.path.endsWith('/Exchange')) return forward(call);
    const request = await how(fromBinary(ExchangeRequestSchema, call.body));
    return forward({ ...call, body: toBinary(ExchangeRequestSchema, request) });
  };
const headerOf = (envelope: Envelope) => fromBinary(EnvelopeHeaderSchema, envelope.header);

describe('a gateway that meddles with the messages of a creation', () => {
  it('may repeat and reorder them: it changes nothing', async () => {
    const twice: Meddle = async (call, forward) => {
      const first = await forward(call);
      if (!call.path.endsWith('/Exchange')) return first;
      const again = await forward(call);
      expect(again.body).toEqual(first.body);
      return again;
    };
    const reversed = onExchange((request) => {
      request.envelopes.reverse();
      return request;
    });
    const shuffled: Meddle = async (call, forward) => {
      const answer = await forward(call);
      if (!call.path.endsWith('/envelopes')) return answer;
      const content = jsonOf<{ envelopes: string[] }>(answer);
      return withJson(answer, { ...content, envelopes: [...content.envelopes.toReversed(), ...content.envelopes] });
    };
    expect(await attacked(shuffled, [twice, reversed])).toMatchObject({
      code: 'no error',
      kept: ['prepare commit complete', 'committed', 'committed'],
    });
  });

  it('cannot complete a wallet by dropping one of any round', async () => {
    for (const round of [1, 2, 3, 4, 5]) {
      for (const from of [1, 3]) {
        const drop = onExchange((request) => {
          request.envelopes = request.envelopes.filter(
            (envelope) => headerOf(envelope).round !== round || headerOf(envelope).from !== from,
          );
          return request;
        });
        const { code, kept, phase } = await attacked(undefined, [drop]);
        // What is lost on the way to a node at the very end, after every party said COMMITTED, is only that node's own news.
        const news = round === 5;
        expect(`round ${round} from ${from}: ${code}`).toMatch(news ? /no error$/ : /: session\/timeout$/);
        expect(phase).toBe(news ? 'FINAL' : 'ABORT');
        if (!news) expect(kept[0]).not.toContain('complete');
        if (round < 4) expect(kept).toEqual([kept[0], 'nothing', kept[2]]);
        if (round === 4) expect(kept[1]).toBe('prepared');
      }
    }
  });

  it('cannot show the device a wallet before both nodes have said COMMITTED', async () => {
    for (const from of [2, 3]) {
      const drop: Meddle = async (call, forward) => {
        const answer = await forward(call);
        if (!call.path.endsWith('/envelopes')) return answer;
        const content = jsonOf<{ envelopes: string[] }>(answer);
        const envelopes = content.envelopes.filter((each) => {
          const header = headerOf(fromBinary(EnvelopeSchema, fromBase64(each)));
          return header.round !== 5 || header.from !== from;
        });
        return withJson(answer, { ...content, envelopes });
      };
      const { code, kept } = await attacked(drop);
      expect(code).toBe('session/timeout');
      expect(kept[0]).toBe('prepare commit');
    }
  });

  it('is found out when it changes, misdirects or replays one', async () => {
    const foreign: Envelope[] = [];
    await attacked(undefined, [
      onExchange((request) => {
        foreign.push(...request.envelopes);
        return request;
      }),
    ]);
    expect(foreign.length).toBeGreaterThan(3);
    const attacks: [string, (request: ExchangeRequest) => ExchangeRequest, RegExp][] = [
      [
        'a changed ciphertext',
        (request) => {
          for (const { ciphertext } of request.envelopes) ciphertext[0] = (ciphertext[0] ?? 0) ^ 1;
          return request;
        },
        /channel\/bad-signature$/,
      ],
      [
        'a replay of another session',
        (request) => {
          request.envelopes.push(...foreign.slice(0, 1));
          return request;
        },
        /channel\/wrong-wallet$/,
      ],
      [
        'a replay in place of the message',
        (request) => {
          request.envelopes = foreign.filter((old) =>
            request.envelopes.some((envelope) => headerOf(old).round === headerOf(envelope).round),
          );
          return request;
        },
        /channel\/wrong-wallet$/,
      ],
      [
        'another session’s name',
        (request) => {
          request.sessionId = new Uint8Array(32).fill(1);
          return request;
        },
        /channel\/wrong-session$/,
      ],
    ];
    for (const [what, attack, expected] of attacks) {
      const { code, kept, phase } = await attacked(undefined, [undefined, onExchange(attack)]);
      expect(`${what}: ${code}`).toMatch(expected);
      expect(kept).toEqual(['', 'nothing', 'nothing']);
      expect(phase).toBe('ABORT');
    }
    let held: Envelope[] = [];
    const steal = onExchange((request) => {
      held = request.envelopes.slice();
      return request;
    });
    const misdirect = onExchange(async (request) => {
      for (let waited = 0; held.length === 0 && waited < 100; waited += 1) await new Promise((resolve) => setTimeout(resolve, 20));
      request.envelopes = held;
      return request;
    });
    const { code, kept } = await attacked(undefined, [steal, misdirect]);
    expect(code).toBe('channel/wrong-receiver');
    expect(kept).toEqual(['', 'nothing', 'nothing']);
  });

  it('is found out by the device when it changes an answer', async () => {
    const { code, kept } = await attacked(async (call, forward) => {
      const answer = await forward(call);
      if (!call.path.endsWith('/envelopes')) return answer;
      const content = jsonOf<{ envelopes: string[] }>(answer);
      const envelopes = content.envelopes.map((each) => {
        const envelope = fromBinary(EnvelopeSchema, fromBase64(each));
        envelope.ciphertext[0] = (envelope.ciphertext[0] ?? 0) ^ 1;
        return toBase64(toBinary(EnvelopeSchema, envelope));
      });
      return withJson(answer, { ...content, envelopes });
    });
    expect(code).toBe('channel/bad-signature');
    expect(kept).toEqual(['', 'nothing', 'nothing']);
  });
});

describe('a gateway that meddles with a signature', () => {
  let wallet: TestWallet;
  beforeAll(async () => {
    wallet = await createTestWallet(edge.release);
  });

  /** Signs under attack; the code of the failure, or that the signature is good. */
  async function signed(meddle: Meddle, signer?: Awaited<ReturnType<typeof signerOf>>): Promise<string> {
    const own = signer ?? (await signerOf(wallet, edge.release));
    try {
      await own.open();
      edge.front.meddle(async (call, forward) => (call.path.endsWith('/signatures') ? meddle(call, forward) : forward(call)));
      const transfer = transferOf(wallet);
      const { signatures } = await own.sign(transfer);
      return signatures.length === 1 && verifies(wallet, transfer, signatures[0]) ? 'signed' : 'no signature, and no error';
    } catch (error) {
      return error instanceof TrefoilError ? error.code : `not typed: ${error}`;
    } finally {
      edge.honest();
      if (signer === undefined) own.close();
    }
  }

  it('gains nothing by repeating a request or losing its answer', async () => {
    expect(
      await signed(async (call, forward) => {
        const first = await forward(call);
        const second = await forward(call);
        expect(jsonOf(second)).toEqual(jsonOf(first));
        return second;
      }),
    ).toBe('signed');
    let lost = 0;
    expect(
      await signed(async (call, forward) => {
        const answer = await forward(call);
        lost += 1;
        return lost === 1 ? undefined : answer;
      }),
    ).toBe('signed');
    expect(lost).toBe(2);
  });

  it('is found out when it answers with another node’s name, an earlier answer, a changed one or an invented one', async () => {
    const signer = await signerOf(wallet, edge.release);
    let earlier: Answer | undefined;
    expect(
      await signed(async (call, forward) => {
        earlier = await forward(call);
        return earlier;
      }, signer),
    ).toBe('signed');
    const replayed = await signed(async (call, forward) => {
      await forward(call);
      return earlier;
    }, signer);
    expect(replayed).toBe('session/wrong-round');
    signer.close();

    const answerWith = (how: (content: { envelope: string; servedBy: number }) => unknown): Promise<string> =>
      signed(async (call, forward) => {
        const answer = await forward(call);
        return withJson(answer, how(jsonOf(answer)));
      });
    expect(await answerWith((content) => ({ ...content, servedBy: content.servedBy === 2 ? 3 : 2 }))).toBe('channel/wrong-session');
    expect(await answerWith((content) => ({ ...content, servedBy: 9 }))).toBe('channel/wrong-receiver');
    const flipped = (content: { envelope: string }): string => {
      const envelope = fromBinary(EnvelopeSchema, fromBase64(content.envelope));
      envelope.ciphertext[3] = (envelope.ciphertext[3] ?? 0) ^ 1;
      return toBase64(toBinary(EnvelopeSchema, envelope));
    };
    expect(await answerWith((content) => ({ ...content, envelope: flipped(content) }))).toBe('channel/bad-signature');
    expect(await answerWith(() => ({ nothing: true }))).toBe('service/bug');
  });

  it('cannot have a request signed twice by handing it to the node in another session', async () => {
    const pool = await signerOf(wallet, edge.release);
    const seen: Call[] = [];
    expect(
      await signed(async (call, forward) => {
        seen.push(call);
        return forward(call);
      }, pool),
    ).toBe('signed');
    pool.close();
    const other = await signerOf(wallet, edge.release);
    await other.open();
    const [first] = jsonOf<{ envelopes: string[] }>(seen[0] ?? { body: new Uint8Array() }).envelopes;
    const envelope = fromBinary(EnvelopeSchema, fromBase64(first ?? ''));
    const moved = toBinary(
      EnvelopeHeaderSchema,
      create(EnvelopeHeaderSchema, { ...headerOf(envelope), sessionId: new Uint8Array(32).fill(2) }),
    );
    const body = JSON.stringify({
      envelopes: [toBase64(toBinary(EnvelopeSchema, create(EnvelopeSchema, { ...envelope, header: moved })))],
    });
    const response = await fetch(`${edge.gateway.url}/v1/wallets/${wallet.walletId}/signatures`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await response.json()).toMatchObject({ code: 'channel/bad-signature', blame: 'peer' });
    other.close();
  });
});
