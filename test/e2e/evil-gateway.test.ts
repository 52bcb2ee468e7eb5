/** The edge as an enemy that swaps keys while a wallet is made: no wallet comes of it. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '#shared/api/base64.ts';
import { encodeParts } from '#shared/channel/bytes.ts';
import { makeHello } from '#shared/channel/hello.ts';
import type { Identity } from '#shared/channel/identity.ts';
import { DEVICE, type Epoch, type PartyId, parseWalletId } from '#shared/ids.ts';
import {
  type Hello,
  HelloSchema,
  MemberSchema,
  Protocol,
  type SignedHello,
  SignedHelloSchema,
} from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { attackedCreation } from '../support/attacked-creation.ts';
import { type Edge, joinEdge } from '../support/edge.ts';
import { jsonOf, onExchange, withJson } from '../support/meddling.ts';
import { nodeClient } from '../support/node-client.ts';
import { newIdentity } from '../support/parties.ts';
import type { Call, Meddle } from '../support/relay.ts';

let edge: Edge;
/** The edge's own identity: it can sign, but nobody pins it. */
let evil: Identity;
beforeAll(async () => {
  edge = await joinEdge();
  evil = await newIdentity();
});
afterEach(() => edge.honest());
afterAll(() => edge?.close());

const bytes = new TextEncoder();
const attacked = (front?: Meddle, links?: readonly (Meddle | undefined)[]) => attackedCreation(edge, front, links);

const signAs = async (identity: Identity, hello: Hello): Promise<SignedHello> => {
  const message = toBinary(HelloSchema, hello);
  return create(SignedHelloSchema, { hello: message, signature: await identity.sign(encodeParts('trefoil/hello/v1', message)) });
};
const read = (signed: SignedHello): Hello => fromBinary(HelloSchema, signed.hello);
const change = (hello: Hello, over: Partial<Hello>): Hello => create(HelloSchema, { ...hello, ...over });
const memberKey = (hello: Hello, party: number, identity: Uint8Array): Hello =>
  change(hello, { roster: hello.roster.map((member) => (member.party === party ? create(MemberSchema, { party, identity }) : member)) });

interface Swap {
  readonly what: string;
  /** What the edge puts in place of another party's hello. */
  readonly swap: (of: SignedHello) => Promise<SignedHello>;
  /** What a device says to it. */
  readonly code: string;
}

/** A lie about one hello, signed by the edge. */
const lie = (what: string, code: string, about: (hello: Hello) => Hello): Swap => ({
  what,
  code,
  swap: (of) => signAs(evil, about(read(of))),
});
/** The roster names the edge where the hello's own party stands, so that the signature holds. */
const posing = (hello: Hello): Hello => memberKey(hello, hello.party, evil.publicKey);
const otherKey = (hello: Hello): Hello => change(hello, { oneUseKey: new Uint8Array(32).fill(9) });
const withoutOtherNode = (hello: Hello): Hello =>
  change(hello, { roster: hello.roster.filter(({ party }) => party === 1 || party === hello.party) });

const SWAPS: readonly Swap[] = [
  {
    what: 'one-use key, signature kept',
    code: 'channel/bad-signature',
    swap: async (of) => ({ ...of, hello: (await signAs(evil, otherKey(read(of)))).hello }),
  },
  lie('one-use key, signed by the edge', 'channel/bad-signature', otherKey),
  lie('identity and one-use key, signed by the edge', 'channel/roster-mismatch', (hello) => posing(otherKey(hello))),
  lie('identity of the device in the node’s roster', 'channel/roster-mismatch', (hello) => posing(memberKey(hello, 1, evil.publicKey))),
  lie('nonce', 'channel/bad-signature', (hello) => change(hello, { nonce: new Uint8Array(32) })),
  lie('threshold', 'channel/roster-mismatch', (hello) => posing(change(hello, { threshold: 3 }))),
  lie('wallet', 'channel/wrong-wallet', (hello) => posing(change(hello, { walletId: new Uint8Array(16) }))),
  lie('epoch', 'channel/wrong-epoch', (hello) => posing(change(hello, { epoch: 1n }))),
  lie('a roster without the other node', 'channel/roster-mismatch', (hello) => posing(withoutOtherNode(hello))),
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
      for (const { what, swap, code } of SWAPS) {
        const failure = await attacked(answered(async (hellos) => Promise.all(hellos.map((hello, i) => (i === at ? swap(hello) : hello)))));
        expect(`${what}: ${failure.code}`).toBe(`${what}: ${code}`);
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
        for (const { what, swap } of SWAPS) {
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
