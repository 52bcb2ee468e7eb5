/**
 * The frozen points of `crates/core/tests/vectors/hash-to-curve.txt` are those of `@noble/curves`; `cargo test` compares ours with the
 * same file. Each line is SHA-256 of ten points, of 1000 questions as the base OTs ask them.
 */
import { secp256k1_hasher } from '@noble/curves/secp256k1.js';
import { bytesToHex, concatBytes, numberToBytesBE } from '@noble/curves/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';

const DST = 'trefoil/v1/ecdsa/base-ot/popf-secp256k1_XMD:SHA-256_SSWU_RO_';
const QUESTIONS = 1000;
const POINTS_PER_LINE = 10;

/** Session, sender, receiver, OT index, slot, and the receiver's other point, which need not be a point here. */
function question(number: number): Uint8Array {
  const session = new Uint8Array(32).fill(number & 255);
  const other = new Uint8Array(33).fill((number >> 8) + 2);
  const [sender, receiver, index] = [number + 1, number + 2, number].map((value) => numberToBytesBE(value, 2));
  return concatBytes(session, sender as Uint8Array, receiver as Uint8Array, index as Uint8Array, Uint8Array.of(number & 1), other);
}

test('noble hashes 1000 questions to the frozen points', async () => {
  const points = Array.from({ length: QUESTIONS }, (_, number) => secp256k1_hasher.hashToCurve(question(number), { DST }).toBytes(true));
  const lines = Array.from({ length: QUESTIONS / POINTS_PER_LINE }, (_, line) =>
    bytesToHex(sha256(concatBytes(...points.slice(line * POINTS_PER_LINE, (line + 1) * POINTS_PER_LINE)))),
  );
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../crates/core/tests/vectors/hash-to-curve.txt');
});
