import { describe, expect, it } from 'vitest';
import type { UnixMs } from '#shared/ids.ts';
import { retryAt, waitMs } from './attempts.ts';

const now = 1_000_000 as UnixMs;

describe('retryAt', () => {
  it.each([
    [1, 0],
    [2, 0],
    [3, 1_000],
    [4, 2_000],
    [8, 32_000],
    [9, 60_000],
    [1_000, 60_000],
  ])('after %i wrong ones waits %i ms', (failed, ms) => {
    expect(retryAt(failed, now) - now).toBe(ms);
  });
});

describe('waitMs', () => {
  it('is nothing once the time has come', () => {
    expect(waitMs(now, (now + 1) as UnixMs)).toBe(0);
  });

  it('stays within the longest delay when the clock was set back', () => {
    expect(waitMs(now, 0 as UnixMs)).toBe(60_000);
  });
});
