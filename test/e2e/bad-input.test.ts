import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestWallet, signerOf, transferOf, verifies } from '../support/device.ts';
import { type Edge, startEdge } from '../support/edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge?.close());
describe('x', () => {
  it('works', async () => {
    const t = Date.now();
    const wallet = await createTestWallet(edge.release);
    console.log('created', Date.now() - t);
    const signer = await signerOf(wallet, edge.release);
    const transfer = transferOf(wallet);
    const { signatures } = await signer.sign(transfer);
    console.log('signed', Date.now() - t);
    expect(verifies(wallet, transfer, signatures[0])).toBe(true);
    signer.close();
  });
  it('probes', async () => {
    const w = '00'.repeat(16);
    const post = async (path: string, body: string, headers = { 'content-type': 'application/json' }) => {
      const r = await fetch(edge.gateway.url + path, { method: 'POST', headers, body });
      console.log(path, body.slice(0, 30), r.status, (await r.text()).slice(0, 400));
    };
    await post(`/v1/wallets/${w}/sessions`, '{');
    await post(`/v1/wallets/${w}/sessions`, '{"hello":"A"}');
    await post(`/v1/wallets/${w}/sessions`, '{"hello":"AAAA"}');
    await post(`/v1/wallets/${w}/sessions`, `{"hello":"${'A'.repeat(20000)}"}`);
    await post(`/v1/wallets/${w}/sessions`, `{"hello":"${'A'.repeat(2000000)}"}`);
    await post(`/v1/wallets/${w}/sessions`, `{"hello":"AAAA"}`, { 'content-type': 'text/plain' });
    await post(`/v1/wallets/${w}/sessions`, `{"hello":"AAAA","x":1}`);
    await post(`/v1/wallets/${w}/signatures`, `{"envelopes":["A"]}`);
    await post(`/v1/wallets/zz/signatures`, `{"envelopes":["A"]}`);
    await post(`/v1/nope`, `{"envelopes":["A"]}`);
    const node = edge.nodes[0];
    for (const [headers, body] of [
      [{ 'content-type': 'application/proto' }, new Uint8Array([255, 255])],
      [{ 'content-type': 'application/proto', authorization: 'Bearer a-token-for-tests-of-at-least-32-characters' }, new Uint8Array([255, 255])],
      [{ 'content-type': 'application/proto', authorization: 'Bearer a-token-for-tests-of-at-least-32-characters' }, new Uint8Array(1200000)],
      [{ 'content-type': 'application/json', authorization: 'Bearer a-token-for-tests-of-at-least-32-characters' }, new TextEncoder().encode('{')],
      [{ 'content-type': 'application/json', authorization: 'Bearer a-token-for-tests-of-at-least-32-characters' }, new TextEncoder().encode('{"x":1}')],
      [{ 'content-type': 'text/plain', authorization: 'Bearer a-token-for-tests-of-at-least-32-characters' }, new TextEncoder().encode('{"x":1}')],
    ] as [Record<string, string>, Uint8Array][]) {
      const r = await fetch(`${node.url}/trefoil.v1.PartyNode/OpenSession`, { method: 'POST', headers, body: body as BodyInit });
      console.log(r.status, (await r.text()).slice(0, 400));
    }
    console.log(edge.nodes[0].output().slice(-2000));
  });
});
