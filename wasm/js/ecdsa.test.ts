/**
 * Threshold ECDSA and BIP32 children across the border of the module. `@noble/curves` verifies every signature and recovers its key,
 * `@noble/hashes` and `@noble/curves` derive the same children.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE, concatBytes, numberToBytesBE } from '@noble/curves/utils.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { TrefoilError } from '#shared/errors.ts';
import type { DerivedKey, KeyShare, Path, Presignature } from '#shared/ports/engine.ts';
import { createShares, deliverAll, partyIds, presignPair, presignRuns, resultOf, sign, signEcdsa } from '#test/support/engine-runs.ts';
import { loadEngine } from './load-node.ts';

const engine = await loadEngine();
const [device, node, other] = createShares(engine, partyIds(1, 2, 3), 2) as [KeyShare, KeyShare, KeyShare];
const PATHS: readonly Path[] = [[], [0], [44, 60, 0, 0, 5], [2 ** 31 - 1], [0, 1, 2, 3, 4, 5, 6, 7]];
const HALF_ORDER = secp256k1.Point.Fn.ORDER / 2n;
const random = (): Uint8Array => crypto.getRandomValues(new Uint8Array(32));

function failure(call: () => unknown): TrefoilError {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof TrefoilError) return thrown;
    throw thrown;
  }
  throw new Error('it did not fail');
}

/** As every verifier of a chain sees it. */
function expectSignature(signature: Uint8Array, digest: Uint8Array, key: Uint8Array): void {
  const [compact, recovery] = [signature.subarray(0, 64), signature[64] as number];
  expect(signature).toHaveLength(65);
  expect(secp256k1.verify(compact, digest, key, { prehash: false, lowS: true })).toBe(true);
  expect(bytesToNumberBE(compact.subarray(32)) <= HALF_ORDER).toBe(true);
  const recovered = secp256k1.recoverPublicKey(concatBytes(Uint8Array.of(recovery), compact), digest, { prehash: false });
  expect(recovered).toEqual(key);
}

test('noble verifies every signature of every pair, path and role, and recovers the derived key', () => {
  for (const initiator of [device, node, other]) {
    for (const responder of [device, node, other].filter((share) => share !== initiator)) {
      const batch = presignPair(engine, initiator, responder, PATHS.length);
      for (const [index, path] of PATHS.entries()) {
        const digest = random();
        const signature = signEcdsa(engine, initiator, responder, batch[index] as (typeof batch)[number], digest, path);
        expectSignature(signature, digest, engine.derive(initiator.publicPackage, 'ecdsa', path).key);
      }
    }
  }
});

test.each([0, 255])('noble verifies a digest of bytes %i', (byte) => {
  const digest = new Uint8Array(32).fill(byte);
  const [pair] = presignPair(engine, device, node, 1);
  const signature = signEcdsa(engine, device, node, pair as NonNullable<typeof pair>, digest);
  expectSignature(signature, digest, engine.publicKeys(device.publicPackage).ecdsa);
});

/** BIP32 `CKDpub`, in its own words. */
function child(parent: DerivedKey, index: number): DerivedKey {
  const hash = hmac(sha512, parent.chainCode, concatBytes(parent.key, numberToBytesBE(index, 4)));
  const { Point } = secp256k1;
  const point = Point.BASE.multiply(bytesToNumberBE(hash.subarray(0, 32))).add(Point.fromBytes(parent.key));
  return { key: point.toBytes(true), chainCode: hash.subarray(32) };
}

test.each(['ecdsa', 'taproot'] as const)('%s children are those of an independent BIP32', (key) => {
  const keys = engine.publicKeys(device.publicPackage);
  const master = { key: keys[key], chainCode: keys.chainCodes[key] };
  for (const path of PATHS) expect(engine.derive(device.publicPackage, key, path)).toEqual(path.reduce(child, master));
});

test('paths that have no child are refused', () => {
  const derive =
    (path: unknown, key = 'ecdsa') =>
    () =>
      engine.derive(device.publicPackage, key as 'ecdsa', path as Path);
  for (const path of [[2 ** 31], [0, 2 ** 32 - 1], [2 ** 32], [-1], [0.5], ['0'], Array(9).fill(0), 'm/0', null]) {
    expect(failure(derive(path))).toMatchObject({ code: 'engine/misuse', blame: 'bug' });
  }
  expect(failure(derive([0], 'ed25519'))).toMatchObject({ code: 'engine/misuse' });
  expect(failure(() => engine.derive(new Uint8Array(9), 'ecdsa', []))).toMatchObject({ code: 'engine/malformed', blame: 'caller' });
});

test('noble verifies BIP340 signatures of taproot children under their output keys', () => {
  const { Point } = secp256k1;
  for (const path of [...PATHS, [1], [2], [3], [4]]) {
    const digest = random();
    const internal = engine.derive(device.publicPackage, 'taproot', path).key.subarray(1);
    const tweak = Point.Fn.create(bytesToNumberBE(schnorr.utils.taggedHash('TapTweak', internal)));
    const output = schnorr.utils.lift_x(bytesToNumberBE(internal)).add(Point.BASE.multiply(tweak)).toBytes(true).subarray(1);
    expect(schnorr.verify(sign(engine, device, node, 'taproot', digest, path), digest, output)).toBe(true);
  }
});

test('ed25519 has no children', () => {
  const digest = random();
  const responderCommitments = engine.commit(node, 'ed25519').commitments;
  const request = { share: device, suite: 'ed25519', path: [0], digest, responder: node.party, responderCommitments } as const;
  expect(failure(() => engine.initiate(request))).toMatchObject({ code: 'engine/misuse', blame: 'bug' });
  const nonces = engine.commit(node, 'ed25519');
  const help = { share: node, nonces, path: [0], digest, initiator: device.party };
  expect(failure(() => engine.respond(help))).toMatchObject({ code: 'engine/misuse', blame: 'bug' });
  expect(failure(() => engine.respond({ ...help, path: [] }))).toMatchObject({ code: 'engine/nonce-spent' });
  const { ed25519: key } = engine.publicKeys(device.publicPackage);
  expect(ed25519.verify(sign(engine, device, node, 'ed25519', digest, []), digest, key)).toBe(true);
});

test('signers who mean different children make no signature', () => {
  const digest = random();
  const nonces = engine.commit(node, 'taproot');
  const responderCommitments = nonces.commitments;
  const asking = engine.initiate({ share: device, suite: 'taproot', path: [1], digest, responder: node.party, responderCommitments });
  const helping = engine.respond({ share: node, nonces, path: [2], digest, initiator: device.party });
  helping.start();
  const [ask] = asking.start();
  const [answer] = helping.receive(device.party, 1, ask?.payload as Uint8Array);
  asking.receive(node.party, 1, answer?.payload as Uint8Array);
  expect(asking.outcome()).toMatchObject({ status: 'aborted', error: { code: 'engine/bad-share', culprits: [node.party] } });
});

const pairs = (count: number) => presignPair(engine, device, node, count);
const onePair = () => pairs(1)[0] as readonly [Presignature, Presignature];

test('both signers know a presignature by one id, and no two have the same', () => {
  const batch = pairs(8);
  for (const [ours, theirs] of batch) expect(ours.id).toEqual(theirs.id);
  expect(new Set(batch.map(([{ id }]) => String(id))).size).toBe(8);
  const [ours] = batch[0] as (typeof batch)[number];
  ours.id.fill(0);
  expect(ours.id).not.toEqual(new Uint8Array(32));
});

test('a presignature signs once, in whatever role', () => {
  const digest = random();
  const [ours, theirs] = onePair();
  const initiate = { share: device, presignature: ours, path: [], digest, responder: node.party };
  const respond = { share: node, presignature: theirs, path: [], digest, initiator: device.party };
  engine.initiateEcdsa(initiate).free();
  engine.respondEcdsa(respond).free();
  for (const call of [
    () => engine.initiateEcdsa(initiate),
    () => engine.respondEcdsa({ ...initiate, initiator: node.party }),
    () => engine.respondEcdsa(respond),
    () => engine.initiateEcdsa({ ...respond, responder: device.party }),
  ]) {
    expect(failure(call)).toMatchObject({ code: 'engine/presignature-spent', blame: 'bug' });
  }
});

test('a presignature is spent by every request that fails, and by freeing it', () => {
  const digest = random();
  const bad: object[] = [
    { share: other },
    { share: {} },
    { path: [2 ** 31] },
    { path: [2 ** 40] },
    { digest: new Uint8Array(31) },
    { digest: 'x'.repeat(32) },
    { responder: other.party },
    { responder: device.party },
    { responder: 70_000 },
  ];
  const batch = pairs(bad.length + 1);
  for (const [index, change] of bad.entries()) {
    const presignature = batch[index]?.[0] as Presignature;
    const request = { share: device, presignature, path: [], digest, responder: node.party };
    expect(failure(() => engine.initiateEcdsa({ ...request, ...change }))).toMatchObject({ code: 'engine/misuse', blame: 'bug' });
    expect(failure(() => engine.initiateEcdsa(request))).toMatchObject({ code: 'engine/presignature-spent' });
  }
  const freed = batch[bad.length]?.[1] as Presignature;
  freed.free();
  freed.free();
  const request = { share: node, presignature: freed, path: [], digest, initiator: device.party };
  expect(failure(() => engine.respondEcdsa(request))).toMatchObject({ code: 'engine/presignature-spent' });
  const foreign = { ...request, presignature: { id: digest, free: () => undefined } };
  expect(failure(() => engine.respondEcdsa(foreign))).toMatchObject({ code: 'engine/misuse' });
});

test('a presignature shows its id and nothing else', () => {
  const [presignature] = onePair();
  expect(Object.keys(presignature)).toEqual([]);
  expect(JSON.stringify(presignature)).toBe('{}');
  expect(structuredClone(presignature)).toEqual({});
  presignature.free();
});

test('a failed check aborts the batch and names its party', () => {
  const runs = presignRuns(engine, [device, node], 2);
  deliverAll(runs, (from, _to, { round, payload }) => {
    const changed = payload.slice();
    if (from === node.party && round === 2) changed[1000] = (changed[1000] as number) ^ 1;
    return changed;
  });
  const error = { code: 'engine/failed-check', blame: 'peer', culprits: [node.party], round: 2 };
  expect(runs.get(device.party)?.outcome()).toMatchObject({ status: 'aborted', error });
  expect(runs.get(node.party)?.outcome()).toEqual({ status: 'pending' });
});

test('batches that cannot be are refused', () => {
  const context = random();
  const batch = { share: device, signers: partyIds(1, 2), count: 1, context };
  for (const change of [
    { count: 0 },
    { count: 33 },
    { count: 1.5 },
    { signers: partyIds(1) },
    { signers: partyIds(1, 1) },
    { signers: partyIds(2, 3) },
    { signers: partyIds(1, 2, 3) },
    { signers: partyIds(1, 9) },
    { context: new Uint8Array(31) },
    { share: {} as KeyShare },
  ]) {
    expect(failure(() => engine.presign({ ...batch, ...change }))).toMatchObject({ code: 'engine/misuse', blame: 'bug' });
  }
});

test('the initiator asks once, and signers that mean different things stop', () => {
  for (const change of [{ path: [1] }, { digest: random() }]) {
    const request = { path: [] as Path, digest: new Uint8Array(32).fill(9) };
    const [ours, theirs] = onePair();
    const asking = engine.initiateEcdsa({ share: device, presignature: ours, ...request, responder: node.party });
    const helping = engine.respondEcdsa({ share: node, presignature: theirs, ...request, ...change, initiator: device.party });
    helping.start();
    const [ask] = asking.start();
    expect(asking.start()).toEqual([]);
    expect(helping.receive(device.party, 1, ask?.payload as Uint8Array)).toEqual([]);
    expect(helping.outcome()).toMatchObject({ status: 'aborted', error: { code: 'engine/echo-mismatch', blame: 'peer', culprits: [] } });
  }
});

test('a signature without a finished presignature takes two round trips', () => {
  const [path, digest]: [Path, Uint8Array] = [[7], random()];
  const runs = presignRuns(engine, [device, node], 2);
  const [ours, theirs] = [...runs.values()] as [ReturnType<typeof engine.presign>, ReturnType<typeof engine.presign>];
  const toNode = (messages: readonly { round: number; payload: Uint8Array }[]) =>
    messages.flatMap(({ round, payload }) => theirs.receive(device.party, round, payload));
  const toDevice = (messages: readonly { round: number; payload: Uint8Array }[]) =>
    messages.flatMap(({ round, payload }) => ours.receive(node.party, round, payload));

  const opened = theirs.start();
  const firstTrip = [...opened, ...toNode(ours.start())];
  expect(failure(() => ours.askEarly(0, path, digest))).toMatchObject({ code: 'engine/misuse' });
  const secondAsk = toDevice(firstTrip);
  expect(failure(() => ours.askEarly(2, path, digest))).toMatchObject({ code: 'engine/misuse' });
  const ask = ours.askEarly(1, path, digest);
  expect(failure(() => ours.askEarly(1, path, digest))).toMatchObject({ code: 'engine/misuse' });
  const lastMessages = toNode(secondAsk);
  const helping = engine.respondEcdsa({
    share: node,
    presignature: resultOf(theirs)[1] as Presignature,
    path,
    digest,
    initiator: device.party,
  });
  helping.start();
  const [reply] = helping.receive(device.party, 1, ask);

  expect(toDevice(lastMessages)).toEqual([]);
  const [, presignature] = resultOf(ours) as [Presignature, Presignature];
  const asking = engine.initiateEcdsa({ share: device, presignature, path, digest, responder: node.party });
  expect(asking.start()[0]?.payload).toEqual(ask);
  asking.receive(node.party, 1, reply?.payload as Uint8Array);
  expectSignature(resultOf(asking), digest, engine.derive(device.publicPackage, 'ecdsa', path).key);
  expect(failure(() => ours.askEarly(0, path, digest))).toMatchObject({ code: 'engine/misuse' });
});
