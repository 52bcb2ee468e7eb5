import { create, toBinary } from '@bufbuild/protobuf';
import { ed25519 } from '@noble/curves/ed25519.js';
import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { TrefoilError } from '#shared/errors.ts';
import { SIGNATURES_MAX_COUNT } from '#shared/limits.ts';
import type { Engine } from '#shared/ports/engine.ts';
import type { Envelope } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import { SigningReplySchema, SigningRequestSchema } from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import { codeOf } from '#test/support/code-of.ts';
import { makeWallet } from '#test/support/parties.ts';
import {
  answerOf,
  COUNTS,
  carry,
  DEVICE,
  digestOf,
  type Ends,
  type EndsOptions,
  NODE,
  signingEnds,
  type TestWalletParties,
  taskOf,
} from '#test/support/signing-ends.ts';
import { loadEngine } from '#wasm/js/load-node.ts';

let engine: Engine;
let wallet: TestWalletParties;
beforeAll(async () => {
  engine = await loadEngine();
  wallet = await makeWallet();
});

const ends = (options?: EndsOptions): Promise<Ends> => signingEnds(engine, wallet, options);
const publicPackage = (): Uint8Array => wallet.shares.get(DEVICE)?.publicPackage ?? new Uint8Array();
const ED = taskOf('ed25519', 7);

describe('signing session: FROST', () => {
  it('signs in one round trip, several digests of both suites at once, and noble verifies', async () => {
    const { node, request } = await ends();
    const tasks = [taskOf('ed25519', 1), taskOf('taproot', 2, [0, 5]), taskOf('ed25519', 3)];
    const [first, second, third] = await carry(node, await request(tasks));
    const keys = engine.publicKeys(publicPackage());
    const child = engine.derive(publicPackage(), 'taproot', [0, 5]).key;
    expect(ed25519.verify(first ?? new Uint8Array(), digestOf(1), keys.ed25519)).toBe(true);
    expect(schnorr.verify(second ?? new Uint8Array(), digestOf(2), outputKey(child))).toBe(true);
    expect(ed25519.verify(third ?? new Uint8Array(), digestOf(3), keys.ed25519)).toBe(true);
  });

  it('gives the identical request the identical answer and spends nothing more', async () => {
    const { node, request } = await ends();
    const call = await request([ED]);
    const first = await answerOf(node, call);
    expect(await answerOf(node, call)).toEqual(first);
  });

  it('never uses a commitment for two requests', async () => {
    const { node, request, device, deviceChannel } = await ends({ tasks: [ED] });
    await answerOf(node, await request([ED]));
    expect(device.available('ed25519')).toBe(COUNTS.ed25519 - 1);
    // A cheating device names the spent slot again in a fresh request.
    const again = await rawRequest(deviceChannel, 3, [COUNTS.taproot]);
    expect(await codeOf(node.receive(again))).toBe('intent/commitment-spent');
  });

  it('refuses slots of the other suite, named twice, missing or too many', async () => {
    const one = await ends({ tasks: [ED] });
    expect(await codeOf(one.node.receive(await rawRequest(one.deviceChannel, 2, [0])))).toBe('intent/commitment-spent');
    const two = await ends({ tasks: [taskOf('ed25519', 1), taskOf('ed25519', 2)] });
    const refused = async (round: number, slots: number[]): Promise<string> =>
      codeOf(two.node.receive(await rawRequest(two.deviceChannel, round, slots)));
    expect(await refused(2, [3, 3])).toBe('input/malformed');
    expect(await refused(3, [3])).toBe('intent/not-authorised');
    expect(await refused(4, [])).toBe('input/malformed');
    expect(
      await refused(
        5,
        Array.from({ length: SIGNATURES_MAX_COUNT + 1 }, (_, i) => i),
      ),
    ).toBe('input/malformed');
    expect(await refused(6, [3, 99])).toBe('intent/commitment-spent');
  });

  it('signs nothing that was not authorised, and nothing that was not durably accepted', async () => {
    const refused = await ends({ refuse: new TrefoilError('intent/expired', { operation: 'test' }) });
    expect(await codeOf(answerOf(refused.node, await refused.request([ED])))).toBe('intent/expired');
    const accept = async (): Promise<void> => {
      throw new TrefoilError('intent/repeated', { operation: 'test' });
    };
    const repeated = await ends({ accept });
    expect(await codeOf(answerOf(repeated.node, await repeated.request([ED])))).toBe('intent/repeated');
  });

  it('blames the node for a share of another digest, and lets no signature out', async () => {
    const { node, request } = await ends({ tasks: [taskOf('ed25519', 8)] });
    await expect(carry(node, await request([ED]))).rejects.toMatchObject({ code: 'engine/bad-share', culprits: [NODE] });
  });

  it('blames the node for a share under another path', async () => {
    const { node, request } = await ends({ tasks: [taskOf('taproot', 7, [0, 1])] });
    const call = await request([taskOf('taproot', 7, [0, 2])]);
    await expect(carry(node, call)).rejects.toMatchObject({ code: 'engine/bad-share', culprits: [NODE] });
  });

  it('blames the node for a reply that means nothing', async () => {
    const { request, cheatChannel } = await ends();
    const call = await request([ED]);
    const body = toBinary(SigningReplySchema, create(SigningReplySchema, { sign: { shares: [new Uint8Array(5)] } }));
    const reply = await cheatChannel.seal(DEVICE, 2, body);
    await expect(call.finish([reply])).rejects.toMatchObject({ blame: 'peer', culprits: [NODE] });
  });

  it('takes an earlier reply for no answer to a later request', async () => {
    const { node, request } = await ends();
    const first = await request([ED]);
    const reply = await answerOf(node, first);
    await first.finish(reply);
    const second = await request([ED]);
    expect(await codeOf(second.finish(reply))).toBe('session/wrong-round');
  });

  it('makes more commitments in the same session, and the first ones stay', async () => {
    const { node, request, device } = await ends();
    await carry(node, await device.prepare({ presignatures: 0, commitments: { taproot: 2, ed25519: 5 } }));
    expect([device.available('taproot'), device.available('ed25519')]).toEqual([5, 8]);
    const tasks = Array.from({ length: 8 }, (_, at) => taskOf('ed25519', at + 1));
    expect(await carry(node, await request(tasks))).toHaveLength(8);
  });

  it('holds no nonce after it was closed', async () => {
    const { node, request } = await ends();
    const call = await request([ED]);
    node.close();
    expect(await codeOf(answerOf(node, call))).toBe('session/ended');
  });

  it('keeps the channel for an answer that is under way when the session is replaced', async () => {
    const { node, request, device } = await ends();
    const call = await request([ED]);
    device.close();
    expect(await carry(node, call)).toHaveLength(1);
    expect(device.available('ed25519')).toBe(0);
  });
});

/** The taproot output key of an internal key without a script tree (BIP341), computed by noble alone. */
function outputKey(internal: Uint8Array): Uint8Array {
  const x = internal.slice(1);
  const even = secp256k1.Point.fromHex(`02${Buffer.from(x).toString('hex')}`);
  const tweak = schnorr.utils.taggedHash('TapTweak', x);
  return even
    .add(secp256k1.Point.BASE.multiply(BigInt(`0x${Buffer.from(tweak).toString('hex')}`)))
    .toBytes(true)
    .slice(1);
}

/** A request as a device could make it by hand: any slots, any round. */
function rawRequest(channel: Ends['deviceChannel'], round: number, slots: number[]): Promise<Envelope> {
  const uses = slots.map((slot) => ({ material: { case: 'slot' as const, value: slot }, message: new Uint8Array(8) }));
  const body = create(SigningRequestSchema, { sign: { intent: new Uint8Array([1]), uses } });
  return channel.seal(NODE, round, toBinary(SigningRequestSchema, body));
}
