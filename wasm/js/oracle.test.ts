/**
 * `@noble/curves` as an independent judge: it verifies every signature, and it signs together with the engine, one
 * signer each, in both roles and both suites.
 */

import { ed25519, ed25519_FROST } from '@noble/curves/ed25519.js';
import { schnorr, schnorr_FROST, secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE, concatBytes, numberToBytesBE } from '@noble/curves/utils.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import type { PartyId } from '#shared/ids.ts';
import type { DerivedKey, FrostSuite, KeyShare, Path } from '#shared/ports/engine.ts';
import { createShares, partyIds, resultOf, sign } from '#test/support/engine-runs.ts';
import { loadEngine } from './load-node.ts';

const engine = await loadEngine();
const WALLETS = 8;
const SIGNERS = { min: 2, max: 3 };
const HEADER_BYTES = 3;
const CHILDREN: readonly Path[] = [[], [0], [86, 0, 3]];
const { Point } = secp256k1;

/** BIP341 tweak of an internal key with an empty tree. */
const tapTweak = (internal: Uint8Array): bigint =>
  Point.Fn.create(bytesToNumberBE(schnorr.utils.taggedHash('TapTweak', internal.subarray(1))));

/** BIP341 output key, x only. */
function outputKey(internal: Uint8Array): Uint8Array {
  const lifted = schnorr.utils.lift_x(bytesToNumberBE(internal.subarray(1)));
  return lifted
    .add(Point.BASE.multiply(tapTweak(internal)))
    .toBytes(true)
    .subarray(1);
}

/** The secret of a child minus its parent's: BIP32 `CKDpub` in its own words. */
function childTweak(parent: DerivedKey, index: number): bigint {
  return bytesToNumberBE(hmac(sha512, parent.chainCode, concatBytes(parent.key, numberToBytesBE(index, 4))).subarray(0, 32));
}

/** The internal key of a path, and its secret minus the master's. */
function internalKey(share: KeyShare, path: Path): { key: Uint8Array; tweak: bigint } {
  const steps = path.map((index, level) => childTweak(engine.derive(share.publicPackage, 'taproot', path.slice(0, level)), index));
  const tweak = steps.reduce((sum, step) => Point.Fn.add(sum, step), 0n);
  const { taproot } = engine.publicKeys(share.publicPackage);
  const moved = tweak === 0n ? Point.ZERO : Point.BASE.multiply(tweak);
  return { key: Point.fromBytes(taproot).add(moved).toBytes(true), tweak };
}

/** A signer as noble holds it: a plain scalar of the key that verifiers see, out of the share's encoding. */
function nobleSigner(share: KeyShare, suite: FrostSuite, path: Path) {
  const encoded = share.encode();
  const keys = engine.publicKeys(share.publicPackage);
  const frost = suite === 'taproot' ? schnorr_FROST : ed25519_FROST;
  let signingShare = suite === 'taproot' ? encoded.slice(-64, -32) : encoded.slice(-32);
  let key = keys.ed25519;
  if (suite === 'taproot') {
    const internal = internalKey(share, path);
    const scalar = Point.Fn.add(bytesToNumberBE(signingShare), internal.tweak);
    const even = internal.key[0] === 2 ? scalar : Point.Fn.neg(scalar);
    signingShare = numberToBytesBE(Point.Fn.add(even, tapTweak(internal.key)), 32);
    const lifted = schnorr.utils.lift_x(bytesToNumberBE(internal.key.subarray(1)));
    key = lifted.add(Point.BASE.multiply(tapTweak(internal.key))).toBytes(true);
  }
  const identifier = frost.Identifier.fromNumber(share.party);
  return { frost, secret: { identifier, signingShare }, pub: { signers: SIGNERS, commitments: [key], verifyingShares: {} } };
}

function verifies(share: KeyShare, suite: FrostSuite, signature: Uint8Array, digest: Uint8Array, path: Path = []): boolean {
  const keys = engine.publicKeys(share.publicPackage);
  return suite === 'taproot'
    ? schnorr.verify(signature, digest, outputKey(internalKey(share, path).key))
    : ed25519.verify(signature, digest, keys.ed25519, { zip215: false });
}

/** Our encoding of noble's commitments: the header of ours, then hiding and binding. */
const asOurs = (header: Uint8Array, parts: Uint8Array[]): Uint8Array => concatBytes(header.subarray(0, HEADER_BYTES), ...parts);

function asNoble(identifier: string, commitments: Uint8Array) {
  const half = (commitments.length - HEADER_BYTES) / 2;
  return { identifier, hiding: commitments.slice(HEADER_BYTES, HEADER_BYTES + half), binding: commitments.slice(HEADER_BYTES + half) };
}

const wallets = Array.from({ length: WALLETS }, () => createShares(engine, partyIds(1, 2, 3), 2));

test('the wallets have internal keys of both parities', () => {
  const parities = wallets.map(([share]) => engine.publicKeys((share as KeyShare).publicPackage).taproot[0]);
  let drawn = 0;
  while (new Set(parities).size < 2 && drawn < 64) {
    const [share] = createShares(engine, partyIds(1, 2, 3), 2);
    parities.push(engine.publicKeys((share as KeyShare).publicPackage).taproot[0]);
    drawn += 1;
  }
  expect(new Set(parities)).toEqual(new Set([2, 3]));
});

test.each(['taproot', 'ed25519'] as const)('noble verifies every %s signature of every pair', (suite) => {
  for (const [index, shares] of wallets.entries()) {
    for (const initiator of shares) {
      for (const responder of shares.filter((share) => share !== initiator)) {
        const digest = new Uint8Array(32).fill(index + initiator.party * 16 + responder.party);
        const signature = sign(engine, initiator, responder, suite, digest);
        expect(verifies(initiator, suite, signature, digest)).toBe(true);
        expect(verifies(initiator, suite, signature, new Uint8Array(32).fill(255))).toBe(false);
      }
    }
  }
});

test('noble verifies messages of other lengths than a digest', () => {
  const [initiator, responder] = wallets[0] as [KeyShare, KeyShare];
  for (const length of [0, 1, 33, 1232, 65_536]) {
    const message = new Uint8Array(length).fill(3);
    expect(verifies(initiator, 'ed25519', sign(engine, initiator, responder, 'ed25519', message), message)).toBe(true);
  }
});

/** Every wallet signs with its master key, and where there are children with two of them. */
const casesOf = (suite: FrostSuite): [number, KeyShare[], Path][] =>
  wallets.flatMap((shares, index) =>
    (suite === 'taproot' ? CHILDREN : [[]]).map((path): [number, KeyShare[], Path] => [index, shares, path]),
  );

test.each(['taproot', 'ed25519'] as const)('%s: we initiate, noble responds', (suite) => {
  for (const [index, shares, path] of casesOf(suite)) {
    const [ours, theirs] = shares as [KeyShare, KeyShare];
    const digest = new Uint8Array(32).fill(index);
    const { frost, secret, pub } = nobleSigner(theirs, suite, path);
    const offer = frost.commit(secret);
    const header = engine.commit(ours, suite).commitments;
    const responderCommitments = asOurs(header, [offer.commitments.hiding, offer.commitments.binding]);
    const run = engine.initiate({ share: ours, suite, path, digest, responder: theirs.party, responderCommitments });
    const [request] = run.start();
    if (request === undefined) throw new Error('no request');
    const list = [asNoble(frost.Identifier.fromNumber(ours.party), request.payload), offer.commitments];
    const share = frost.signShare(secret, pub, offer.nonces, list, digest);
    run.receive(theirs.party, 1, Uint8Array.of(header[0] as number, 0x22, header[2] as number, ...share));
    expect(verifies(ours, suite, resultOf(run), digest, path)).toBe(true);
  }
});

test.each(['taproot', 'ed25519'] as const)('%s: noble initiates, we respond', (suite) => {
  for (const [index, shares, path] of casesOf(suite)) {
    const [theirs, ours] = shares as [KeyShare, KeyShare];
    const digest = new Uint8Array(32).fill(index);
    const { frost, secret, pub } = nobleSigner(theirs, suite, path);
    const nonces = engine.commit(ours, suite);
    const asked = frost.commit(secret);
    const list = [asked.commitments, asNoble(frost.Identifier.fromNumber(ours.party), nonces.commitments)];
    const request = asOurs(nonces.commitments, [asked.commitments.hiding, asked.commitments.binding]);
    const run = engine.respond({ share: ours, nonces, path, digest, initiator: theirs.party });
    run.start();
    const [answer] = run.receive(theirs.party as PartyId, 1, request);
    if (answer === undefined) throw new Error('no answer');
    const ourShare = answer.payload.subarray(HEADER_BYTES);
    const theirShare = frost.signShare(secret, pub, asked.nonces, list, digest);
    const verifyingShares = Object.fromEntries(
      [ours, theirs].map((share) => [frost.Identifier.fromNumber(share.party), verifyingShare(share, suite, path)]),
    );
    const signature = frost.aggregate({ ...pub, verifyingShares }, list, digest, {
      [list[0]?.identifier as string]: theirShare,
      [list[1]?.identifier as string]: ourShare,
    });
    expect(verifies(ours, suite, signature, digest, path)).toBe(true);
  }
});

function verifyingShare(share: KeyShare, suite: FrostSuite, path: Path): Uint8Array {
  const { secret } = nobleSigner(share, suite, path);
  if (suite === 'taproot') return Point.BASE.multiply(bytesToNumberBE(secret.signingShare)).toBytes(true);
  return ed25519.Point.BASE.multiply(ed25519_FROST.utils.Fn.fromBytes(secret.signingShare)).toBytes();
}
