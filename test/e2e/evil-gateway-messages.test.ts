/** The edge as an enemy that drops, holds, repeats and changes the messages of a creation: no wallet comes of it. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '#shared/api/base64.ts';
import { type Envelope, EnvelopeSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import type { ExchangeRequest } from '#shared/proto/gen/trefoil/v1/node_pb.js';
import { attackedCreation } from '../support/attacked-creation.ts';
import { type Edge, joinEdge } from '../support/edge.ts';
import { headerOf, jsonOf, onExchange, withJson } from '../support/meddling.ts';
import type { Meddle } from '../support/relay.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await joinEdge();
});
afterEach(() => edge.honest());
afterAll(() => edge?.close());

const attacked = (front?: Meddle, links?: readonly (Meddle | undefined)[]) => attackedCreation(edge, front, links);

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
