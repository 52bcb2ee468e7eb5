/** Envelopes of every ceremony, malformed in every field: a typed refusal with the right blame, and nothing has changed. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '#shared/api/base64.ts';
import { PROTOBUF } from '#shared/api/gateway-api.ts';
import { identityFromSeed } from '#shared/channel/identity.ts';
import { randomWalletId } from '#shared/ids.ts';
import { type Envelope, EnvelopeSchema, EnvelopesSchema } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { badEnvelopes, signedAs } from '../support/bad-envelopes.ts';
import { createTestWallet, messageOf, signerOf, TestDevice, type TestWallet, transferOf, verifies } from '../support/device.ts';
import { type Edge, joinEdge } from '../support/edge.ts';
import { JSON_TYPE, problemOf } from '../support/problem-of.ts';
import type { Answer, Call } from '../support/relay.ts';

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
    const signer = await signerOf(wallet, edge.release);
    await signer.open();
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
    const signer = await signerOf(wallet, edge.release);
    await signer.open();
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
