/** Byte strings as hashes and signatures want them: unambiguous, and compared without a branch on their content. */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * A domain-separated, length-prefixed encoding: no two different lists of parts give the same bytes.
 * Each part is preceded by its length as a 32-bit big-endian number.
 */
export function encodeParts(domain: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const all = [utf8ToBytes(domain), ...parts];
  const out = new Uint8Array(all.reduce((sum, part) => sum + 4 + part.length, 0));
  const view = new DataView(out.buffer);
  let offset = 0;
  for (const part of all) {
    view.setUint32(offset, part.length);
    out.set(part, offset + 4);
    offset += 4 + part.length;
  }
  return out;
}

/** SHA-256 over {@link encodeParts}: 32 bytes. */
export const hashParts = (domain: string, ...parts: readonly Uint8Array[]): Uint8Array => sha256(encodeParts(domain, ...parts));

/** A number as 8 big-endian bytes, to be hashed or signed. */
export function uint64(value: number): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value));
  return out;
}

/** Equality that takes the same time wherever the first difference is. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i += 1) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
