import { describe, expect, it } from 'vitest';
import { SentNonces } from './sent-nonces.ts';

describe('sent nonces', () => {
  it('goes on from what was sent while the network still tells the old count', () => {
    const nonces = new SentNonces(() => 0);
    expect(nonces.next('a', 5)).toBe(5);
    nonces.sent('a', 5);
    expect(nonces.next('a', 5)).toBe(6);
    expect(nonces.next('a', 9)).toBe(9);
    expect(nonces.next('b', 5)).toBe(5);
    nonces.sent('a', 6);
    // Sending an earlier one again changes nothing.
    nonces.sent('a', 5);
    expect(nonces.next('a', 5)).toBe(7);
  });

  it('gives a refused nonce free, but only the last', () => {
    const nonces = new SentNonces(() => 0);
    nonces.sent('a', 5);
    nonces.sent('a', 6);
    nonces.released('a', 5);
    expect(nonces.next('a', 5)).toBe(7);
    nonces.released('a', 6);
    expect(nonces.next('a', 5)).toBe(6);
    nonces.released('b', 0);
    expect(nonces.next('b', 3)).toBe(3);
  });

  it('forgets after two minutes', () => {
    let now = 0;
    const nonces = new SentNonces(() => now);
    nonces.sent('a', 5);
    now = 120_001;
    expect(nonces.next('a', 5)).toBe(5);
  });
});
