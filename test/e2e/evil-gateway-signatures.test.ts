/** The edge as an enemy of a signature: none comes of it that the device did not ask for. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '#shared/api/base64.ts';
import { TrefoilError } from '#shared/errors.ts';
import { EnvelopeHeaderSchema, EnvelopeSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { createTestWallet, signerOf, type TestWallet, transferOf, verifies } from '../support/device.ts';
import { type Edge, joinEdge } from '../support/edge.ts';
import { headerOf, jsonOf, withJson } from '../support/meddling.ts';
import type { Answer, Call, Meddle } from '../support/relay.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await joinEdge();
});
afterEach(() => edge.honest());
afterAll(() => edge?.close());

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
