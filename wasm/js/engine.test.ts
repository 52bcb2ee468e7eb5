import { expect, test } from 'vitest';
import { TrefoilError } from '#shared/errors.ts';
import type { PartyId } from '#shared/ids.ts';
import { createShares, deliverAll, keygenRuns, partyIds, resultOf, sign } from '#test/support/engine-runs.ts';
import { loadEngine } from './load-node.ts';

const engine = await loadEngine();
const ROSTER = partyIds(1, 2, 3);
const SUITES = ['taproot', 'ed25519'] as const;
const digest = new Uint8Array(32).fill(7);
const [device, node] = createShares(engine, ROSTER, 2) as [ReturnType<typeof engine.decodeShare>, ReturnType<typeof engine.decodeShare>];

function failure(call: () => unknown): TrefoilError {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof TrefoilError) return thrown;
    throw thrown;
  }
  throw new Error('it did not fail');
}

test('all parties hold the same public package, and it says what was agreed', () => {
  const shares = createShares(engine, partyIds(2, 5, 9), 2);
  const [first] = shares;
  for (const share of shares) expect(share.publicPackage).toEqual(first?.publicPackage);
  const keys = engine.publicKeys(first?.publicPackage ?? new Uint8Array());
  expect(keys.roster).toEqual([2, 5, 9]);
  expect(keys.threshold).toBe(2);
  expect([keys.ecdsa, keys.taproot, keys.ed25519].map((key) => key.length)).toEqual([33, 33, 32]);
  expect([keys.chainCodes.ecdsa, keys.chainCodes.taproot].map((code) => code.length)).toEqual([32, 32]);
});

test('a share survives its encoding, which is under 1 kB', () => {
  const encoded = device.encode();
  expect(encoded.length).toBeLessThan(1000);
  const again = engine.decodeShare(encoded, device.publicPackage);
  expect(again.party).toBe(device.party);
  expect(sign(engine, again, node, 'ed25519', digest)).toHaveLength(64);
});

test('a damaged share and a foreign public package are typed errors that blame the caller', () => {
  const other = createShares(engine, ROSTER, 2)[0];
  const damaged = device.encode();
  damaged.set([255, 255], 40);
  expect(failure(() => engine.decodeShare(damaged, device.publicPackage))).toMatchObject({ code: 'engine/stored-share', blame: 'caller' });
  expect(failure(() => engine.decodeShare(device.encode(), other?.publicPackage ?? digest))).toMatchObject({ code: 'engine/stored-share' });
  expect(failure(() => engine.publicKeys(digest))).toMatchObject({ code: 'engine/malformed' });
});

test('a bad message aborts the run with its culprit, and it stays aborted', () => {
  const runs = keygenRuns(engine, ROSTER, 2);
  deliverAll(runs, (from, to, message) => {
    const payload = message.payload.slice();
    if (from === 2 && to === 1 && message.round === 2) payload[10] = (payload[10] ?? 0) ^ 1;
    return payload;
  });
  const outcome = runs.get(1 as PartyId)?.outcome();
  expect(outcome).toMatchObject({ status: 'aborted', error: { code: 'engine/bad-share', blame: 'peer', culprits: [2], round: 2 } });
  expect(runs.get(1 as PartyId)?.receive(3 as PartyId, 1, digest)).toEqual([]);
  expect(runs.get(1 as PartyId)?.outcome()).toEqual(outcome);
});

test.each(SUITES)('%s nonces cannot be used twice', (suite) => {
  const nonces = engine.commit(node, suite);
  engine.respond({ share: node, nonces, path: [], digest, initiator: device.party });
  expect(failure(() => engine.respond({ share: node, nonces, path: [], digest, initiator: device.party }))).toMatchObject({
    code: 'engine/nonce-spent',
  });
});

test.each(SUITES)('%s nonces are spent by a request that fails, and by freeing them', (suite) => {
  const refused = engine.commit(node, suite);
  expect(failure(() => engine.respond({ share: device, nonces: refused, path: [], digest, initiator: node.party }))).toMatchObject({
    code: 'engine/misuse',
  });
  expect(failure(() => engine.respond({ share: node, nonces: refused, path: [], digest, initiator: device.party }))).toMatchObject({
    code: 'engine/nonce-spent',
  });
  const bad = engine.commit(node, suite);
  expect(failure(() => engine.respond({ share: node, nonces: bad, path: [], digest, initiator: 70_000 as PartyId }))).toMatchObject({
    code: 'engine/misuse',
  });
  expect(failure(() => engine.respond({ share: node, nonces: bad, path: [], digest, initiator: device.party }))).toMatchObject({
    code: 'engine/nonce-spent',
  });
  const freed = engine.commit(node, suite);
  freed.free();
  freed.free();
  expect(failure(() => engine.respond({ share: node, nonces: freed, path: [], digest, initiator: device.party }))).toMatchObject({
    code: 'engine/nonce-spent',
  });
});

test('nonces show their public side and nothing else', () => {
  const nonces = engine.commit(node, 'taproot');
  expect(Object.keys(nonces).sort()).toEqual(['commitments', 'suite']);
  expect(JSON.parse(JSON.stringify({ ...nonces, commitments: [] }))).toEqual({ suite: 'taproot', commitments: [] });
  expect(() => structuredClone(Object.getPrototypeOf(nonces).consume)).toThrow();
  nonces.free();
});

test('handles used after they were freed are typed errors', () => {
  const share = createShares(engine, ROSTER, 2)[0];
  if (share === undefined) throw new Error('no share');
  share.free();
  share.free();
  for (const call of [
    () => share.encode(),
    () => engine.commit(share, 'ed25519'),
    () => engine.initiate({ share, suite: 'ed25519', path: [], digest, responder: 2 as PartyId, responderCommitments: digest }),
  ]) {
    expect(failure(call)).toMatchObject({ code: 'engine/misuse', blame: 'bug' });
  }
  const [run] = keygenRuns(engine, ROSTER, 2).values();
  run?.free();
  run?.free();
  expect(run?.start()).toEqual([]);
  expect(run?.outcome()).toMatchObject({ status: 'aborted', error: { code: 'engine/misuse' } });
});

test('inputs that the module cannot take are typed errors', () => {
  const context = new Uint8Array(32);
  const keygen = (change: object) =>
    failure(() => engine.keygen({ party: 1 as PartyId, roster: ROSTER, threshold: 2, context, ...change }));
  for (const change of [
    { context: new Uint8Array(31) },
    { party: 0 },
    { party: 65_537 },
    { party: 1.5 },
    { threshold: 1 },
    { threshold: 4 },
    { roster: partyIds(1, 1) },
    { roster: partyIds(1, 65_538) },
  ]) {
    expect(keygen(change)).toMatchObject({ code: 'engine/misuse', blame: 'bug' });
  }
  const suite = 'ecdsa' as 'taproot';
  const text = 'x'.repeat(32) as unknown as Uint8Array;
  const responderCommitments = engine.commit(node, 'taproot').commitments;
  for (const call of [
    () => engine.commit(node, suite),
    () => engine.initiate({ share: device, suite, path: [], digest, responder: node.party, responderCommitments }),
    () => engine.initiate({ share: device, suite: 'taproot', path: [], digest: text, responder: node.party, responderCommitments }),
    () => engine.respond({ share: node, nonces: engine.commit(node, 'taproot'), path: [], digest: text, initiator: device.party }),
    () => engine.decodeShare(text, device.publicPackage),
    () => engine.publicKeys(text),
  ]) {
    expect(failure(call)).toMatchObject({ code: 'engine/misuse', blame: 'bug' });
  }
  const [run] = keygenRuns(engine, ROSTER, 2).values();
  run?.start();
  run?.receive(65_538 as PartyId, 1, context);
  expect(run?.outcome()).toMatchObject({ status: 'aborted', error: { code: 'engine/misuse' } });
});

test('a result stays readable after the run', () => {
  const runs = keygenRuns(engine, ROSTER, 2);
  deliverAll(runs);
  for (const run of runs.values()) {
    const share = resultOf(run);
    run.free();
    expect(resultOf(run)).toBe(share);
    expect(share.encode()).toBeInstanceOf(Uint8Array);
  }
});
