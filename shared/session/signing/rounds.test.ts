import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import type { SessionId } from '#shared/ids.ts';
import { batchContext } from './rounds.ts';

describe('the context of a batch', () => {
  it('is no other batch’s, in this session or in another', () => {
    const sessions = ['aa', 'ab'].map((byte) => byte.repeat(32) as SessionId);
    const contexts = sessions.flatMap((session) => [1, 2, 257, 2 ** 32].map((batch) => bytesToHex(batchContext(session, batch))));
    expect(new Set(contexts).size).toBe(8);
    expect(contexts.every((context) => /^[0-9a-f]{64}$/.test(context))).toBe(true);
  });
});
