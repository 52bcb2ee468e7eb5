/** For tests only: what a careless or hostile sender could make of the bytes of an unsigned transaction. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { TrefoilError } from '#shared/errors.ts';
import type { ChainPlugin } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';

/** Every truncation, every single flipped bit, and every doubled byte. */
export function* mutationsOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let end = 0; end < bytes.length; end++) yield bytes.slice(0, end);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    yield bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
  }
  for (let at = 0; at < bytes.length; at++) yield Uint8Array.of(...bytes.slice(0, at + 1), ...bytes.slice(at));
}

/**
 * What the plugin makes of the bytes: which keys sign which digests, or the code of its typed error. Anything else that is thrown
 * passes through and fails the test.
 */
export function verdict(plugin: ChainPlugin, unsigned: Uint8Array, keys: AccountKeys): string {
  try {
    const { tasks } = plugin.read(unsigned, keys);
    return tasks.map(({ key, digest }) => `${key} ${bytesToHex(digest)}`).join();
  } catch (thrown) {
    if (!(thrown instanceof TrefoilError)) throw thrown;
    return thrown.code;
  }
}
