import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { SOLANA_LOCAL } from '#test/support/chains.ts';
import { codeOf } from '#test/support/code-of.ts';
import { newIdentity } from '#test/support/parties.ts';
import { ACCOUNTS_MAX_COUNT } from '../accounts.ts';
import { randomWalletId, type UnixMs } from '../ids.ts';
import { REQUESTS_MAX_COUNT, TRANSACTION_MAX_BYTES } from '../limits.ts';
import { AuthorisationSchema, IntentSchema, RequestSchema } from '../proto/gen/trefoil/v1/intent_pb.js';
import { intentHash, makeIntent, readIntent, requireAuthorisation } from './intent.ts';

const NOW = 1_700_000_000_000 as UnixMs;
const walletId = randomWalletId();
const request = { chain: SOLANA_LOCAL, account: 0, unsigned: new Uint8Array([1, 2, 3]) };
const intent = (): Uint8Array => makeIntent({ walletId, requests: [request, { ...request, account: 3 }], now: NOW });
const changed = (change: object): Uint8Array =>
  toBinary(IntentSchema, create(IntentSchema, { ...fromBinary(IntentSchema, intent()), ...change }));

describe('intent', () => {
  it('comes back as it was made, with a fresh id each time', () => {
    const [one, two] = [readIntent(intent(), { walletId, now: NOW }), readIntent(intent(), { walletId, now: NOW })];
    expect(one).toMatchObject({ walletId, requests: [request, { ...request, account: 3 }] });
    expect(one.intentId).not.toBe(two.intentId);
  });

  it('is refused when expired, too far ahead, of another wallet, version or size', async () => {
    const read = (bytes: Uint8Array, now = NOW) => codeOf(() => readIntent(bytes, { walletId, now }));
    expect(await read(intent(), (NOW + 120_000) as UnixMs)).toBe('intent/expired');
    expect(await read(changed({ expiresAtMs: BigInt(NOW + 12 * 60_000) }))).toBe('intent/expiry-too-far');
    expect(await read(changed({ walletId: new Uint8Array(16) }))).toBe('channel/wrong-wallet');
    expect(await read(changed({ version: 2 }))).toBe('input/unsupported-version');
    expect(await read(changed({ intentId: new Uint8Array(15) }))).toBe('input/malformed');
    const requests = (count: number, over: object = {}) => ({
      requests: Array.from({ length: count }, () => create(RequestSchema, { ...request, ...over })),
    });
    expect(await read(changed(requests(1, { unsigned: new Uint8Array(TRANSACTION_MAX_BYTES + 4096) })))).toBe('input/too-large');
    expect(await read(changed(requests(1, { account: ACCOUNTS_MAX_COUNT })))).toBe('input/malformed');
    expect(await read(changed(requests(0)))).toBe('input/malformed');
    expect(await read(changed(requests(REQUESTS_MAX_COUNT)))).toBe('no error');
    expect(await read(changed(requests(REQUESTS_MAX_COUNT + 1)))).toBe('input/malformed');
    expect(await read(new Uint8Array([255, 255]))).toBe('input/malformed');
    expect(await read(new Uint8Array([...intent(), 0x78, 1]))).toBe('input/malformed');
  });

  it('is authorised by the device for exactly its bytes', async () => {
    const device = await newIdentity();
    const stranger = await newIdentity();
    const bytes = intent();
    const by = (signature: Uint8Array) => create(AuthorisationSchema, { by: { case: 'deviceSignature', value: signature } });
    const signature = await device.sign(intentHash(bytes));
    expect(await codeOf(requireAuthorisation(bytes, by(signature), device.publicKey))).toBe('no error');
    for (let i = 0; i < bytes.length; i += 1) {
      const other = bytes.slice();
      other[i] = (other[i] ?? 0) ^ 1;
      expect(await codeOf(requireAuthorisation(other, by(signature), device.publicKey))).toBe('intent/not-authorised');
    }
    expect(await codeOf(requireAuthorisation(bytes, by(await stranger.sign(intentHash(bytes))), device.publicKey))).toBe(
      'intent/not-authorised',
    );
    expect(await codeOf(requireAuthorisation(bytes, undefined, device.publicKey))).toBe('intent/not-authorised');
  });
});
