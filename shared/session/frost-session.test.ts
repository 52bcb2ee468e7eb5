import { create, toBinary } from '@bufbuild/protobuf';
import { ed25519 } from '@noble/curves/ed25519.js';
import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../test/support/code-of.ts';
import { makeChannels, makeWallet, newIdentity, type TestParty } from '../../test/support/parties.ts';
import { loadEngine } from '../../wasm/js/load-node.ts';
import { type Channel, makeOneUseKeys } from '../channel/channel.ts';
import { makeHello, type SessionTerms } from '../channel/hello.ts';
import { TrefoilError } from '../errors.ts';
import type { PartyId } from '../ids.ts';
import type { Engine, FrostSuite } from '../ports/engine.ts';
import { Protocol } from '../proto/gen/trefoil/v1/channel_pb.js';
import { SignReplySchema } from '../proto/gen/trefoil/v1/intent_pb.js';
import { FROST_ROUNDS, FrostInitiator, type SignCall } from './frost-initiator.ts';
import { FrostResponder } from './frost-responder.ts';

const [DEVICE, NODE] = [1, 2] as PartyId[] as [PartyId, PartyId];
const COUNTS = { taproot: 3, ed25519: 3 };
const digest = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

let engine: Engine;
let wallet: Awaited<ReturnType<typeof makeWallet>>;
beforeAll(async () => {
  engine = await loadEngine();
  wallet = await makeWallet();
});

/** Both ends of a pool; `refuse` makes the node's judgement fail. */
async function pool(options: { suite?: FrostSuite; digests?: Uint8Array[]; refuse?: TrefoilError; accept?: () => Promise<void> } = {}) {
  const identities = new Map([
    [DEVICE, await newIdentity()],
    [NODE, await newIdentity()],
  ]);
  const terms: SessionTerms = {
    ...wallet.terms,
    protocol: Protocol.FROST,
    roster: new Map([...identities].map(([id, identity]) => [id, identity.publicKey])),
  };
  const parties: TestParty[] = await Promise.all(
    [...identities].map(async ([id, identity]) => {
      const oneUseKeys = await makeOneUseKeys();
      return {
        id,
        identity,
        oneUseKeys,
        hello: await makeHello({ terms, party: id, identity, oneUseKey: oneUseKeys.publicKey, commitments: COUNTS }),
      };
    }),
  );
  const [deviceChannel, nodeChannel] = (await makeChannels(terms, parties, FROST_ROUNDS)) as [Channel, Channel];
  const [, cheatChannel] = (await makeChannels(terms, parties, FROST_ROUNDS)) as [Channel, Channel];
  const share = (party: PartyId) => {
    const found = wallet.shares.get(party);
    if (found === undefined) throw new Error('a share');
    return found;
  };
  const authorise = async () => {
    if (options.refuse !== undefined) throw options.refuse;
    return {
      suite: options.suite ?? ('ed25519' as const),
      digests: options.digests ?? [digest(7)],
      accept: options.accept ?? (async () => undefined),
    };
  };
  const responder = new FrostResponder({ engine, channel: nodeChannel, share: share(NODE), counts: COUNTS, authorise });
  const initiator = await FrostInitiator.open({
    engine,
    channel: deviceChannel,
    share: share(DEVICE),
    counts: COUNTS,
    commitments: await responder.commitments(),
  });
  const request = (suite: FrostSuite, digests: Uint8Array[]): Promise<SignCall> =>
    initiator.request({ intent: new Uint8Array([1]), deviceSignature: new Uint8Array(64), suite, digests });
  return { initiator, responder, request, deviceChannel, cheatChannel };
}

const onlyReply = async (responder: FrostResponder, call: SignCall) => {
  const [reply] = await responder.receive(call.envelope);
  if (reply === undefined) throw new Error('a reply');
  return reply;
};

describe('FROST session', () => {
  it('signs in one round trip, and noble verifies both suites', async () => {
    const keys = engine.publicKeys([...wallet.shares.values()][0]?.publicPackage ?? new Uint8Array());
    const ed = await pool({ digests: [digest(1), digest(2)] });
    const call = await ed.request('ed25519', [digest(1), digest(2)]);
    const signatures = await call.finish(await onlyReply(ed.responder, call));
    expect(signatures.map((signature, i) => ed25519.verify(signature, digest(i + 1), keys.ed25519))).toEqual([true, true]);

    const tap = await pool({ suite: 'taproot', digests: [digest(9)] });
    const tapCall = await tap.request('taproot', [digest(9)]);
    const [signature] = await tapCall.finish(await onlyReply(tap.responder, tapCall));
    expect(schnorr.verify(signature ?? new Uint8Array(), digest(9), outputKey(keys.taproot))).toBe(true);
  });

  it('gives the identical request the identical answer and spends nothing more', async () => {
    const { responder, request } = await pool();
    const call = await request('ed25519', [digest(7)]);
    const first = await onlyReply(responder, call);
    expect(await onlyReply(responder, call)).toEqual(first);
  });

  it('never uses a commitment for two requests', async () => {
    const { responder, request, initiator } = await pool();
    const first = await request('ed25519', [digest(7)]);
    await onlyReply(responder, first);
    const { slots } = await slotsOf(initiator, request);
    expect(slots).not.toContain(0);
    // A cheating device names the spent slot again in a fresh request.
    const again = await pool();
    const spent = await again.request('ed25519', [digest(7)]);
    await onlyReply(again.responder, spent);
    const replay = await rawRequest(again, 3, [3]);
    expect(await codeOf(again.responder.receive(replay))).toBe('intent/commitment-spent');
  });

  it('refuses slots of the other suite, named twice, missing or too many', async () => {
    const one = await pool();
    expect(await codeOf(one.responder.receive(await rawRequest(one, 2, [0])))).toBe('intent/commitment-spent');
    const two = await pool({ digests: [digest(1), digest(2)] });
    expect(await codeOf(two.responder.receive(await rawRequest(two, 2, [3, 3])))).toBe('input/malformed');
    expect(await codeOf(two.responder.receive(await rawRequest(two, 3, [3])))).toBe('intent/not-authorised');
    expect(await codeOf(two.responder.receive(await rawRequest(two, 4, [])))).toBe('input/malformed');
    expect(
      await codeOf(
        two.responder.receive(
          await rawRequest(
            two,
            5,
            Array.from({ length: 65 }, (_, i) => i),
          ),
        ),
      ),
    ).toBe('input/malformed');
    expect(await codeOf(two.responder.receive(await rawRequest(two, 6, [3, 99])))).toBe('intent/commitment-spent');
  });

  it('signs nothing that was not authorised, and nothing that was not durably accepted', async () => {
    const refused = await pool({ refuse: new TrefoilError('intent/expired', { operation: 'test' }) });
    const call = await refused.request('ed25519', [digest(7)]);
    expect(await codeOf(refused.responder.receive(call.envelope))).toBe('intent/expired');
    const repeated = await pool({
      accept: async () => {
        throw new TrefoilError('intent/repeated', { operation: 'test' });
      },
    });
    const second = await repeated.request('ed25519', [digest(7)]);
    expect(await codeOf(repeated.responder.receive(second.envelope))).toBe('intent/repeated');
  });

  it('blames the node for a share of another digest, and lets no signature out', async () => {
    const { responder, request } = await pool({ digests: [digest(8)] });
    const call = await request('ed25519', [digest(7)]);
    const error = await call.finish(await onlyReply(responder, call)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'engine/bad-share', culprits: [NODE] });
  });

  it('blames the node for a reply that means nothing', async () => {
    const { request, cheatChannel } = await pool();
    const call = await request('ed25519', [digest(7)]);
    const reply = await cheatChannel.seal(DEVICE, 2, toBinary(SignReplySchema, create(SignReplySchema, { shares: [new Uint8Array(5)] })));
    await expect(call.finish(reply)).rejects.toMatchObject({ blame: 'peer', culprits: [NODE] });
  });

  it('takes an earlier reply for no answer to a later request', async () => {
    const { responder, request } = await pool();
    const first = await request('ed25519', [digest(7)]);
    const reply = await onlyReply(responder, first);
    await first.finish(reply);
    const second = await request('ed25519', [digest(7)]);
    expect(await codeOf(second.finish(reply))).toBe('session/wrong-round');
  });

  it('holds no nonce after it was closed', async () => {
    const { responder, request } = await pool();
    const call = await request('ed25519', [digest(7)]);
    responder.close();
    expect(await codeOf(responder.receive(call.envelope))).toBe('session/ended');
  });

  it('keeps the channel for an answer that is under way when the pool is replaced', async () => {
    const { responder, request, initiator } = await pool();
    const call = await request('ed25519', [digest(7)]);
    initiator.close();
    expect(await call.finish(await onlyReply(responder, call))).toHaveLength(1);
    expect(initiator.available('ed25519')).toBe(0);
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
async function rawRequest(from: Awaited<ReturnType<typeof pool>>, round: number, slots: number[]) {
  const { SignRequestSchema } = await import('../proto/gen/trefoil/v1/intent_pb.js');
  const body = create(SignRequestSchema, {
    intent: new Uint8Array([1]),
    slots: slots.map((slot) => ({ slot, commitment: new Uint8Array(8) })),
  });
  return from.deviceChannel.seal(NODE, round, toBinary(SignRequestSchema, body));
}

/** The slots that the device's next request would name. */
async function slotsOf(initiator: FrostInitiator, request: (suite: FrostSuite, digests: Uint8Array[]) => Promise<SignCall>) {
  const before = initiator.available('ed25519');
  const call = await request('ed25519', [digest(7)]);
  expect(initiator.available('ed25519')).toBe(before - 1);
  call.cancel();
  return { slots: [COUNTS.taproot + COUNTS.ed25519 - before] };
}
