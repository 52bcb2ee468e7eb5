import { describe, expect, it } from 'vitest';
import { ROUND_DEADLINE_CEILING_MS, ROUND_DEADLINE_FLOOR_MS } from '../limits.ts';
import { roundDeadlineMs } from './deadline.ts';

describe('round deadline', () => {
  it('is the ceiling before anything was measured', () => expect(roundDeadlineMs([])).toBe(ROUND_DEADLINE_CEILING_MS));
  it('is two and a half times the median, whatever the slowest took', () => expect(roundDeadlineMs([60_000, 2000, 1900])).toBe(5000));
  it('stays between floor and ceiling', () => {
    expect(roundDeadlineMs([5, 5, 5])).toBe(ROUND_DEADLINE_FLOOR_MS);
    expect(roundDeadlineMs([50_000])).toBe(ROUND_DEADLINE_CEILING_MS);
  });
});
