import { describe, expect, it } from 'vitest';
import { BATCH_MAX_COUNT } from '#shared/limits.ts';
import { batchSize, FIRST_BATCH_COUNT } from './batch-size.ts';

const FULL = BATCH_MAX_COUNT;
const kilobytes = (count: number, ms: number) => ({ bytes: count * 1000, ms });

describe('the size of a batch', () => {
  it('is small while nothing is known about the connection', () => {
    expect(batchSize(undefined, FULL)).toBe(FIRST_BATCH_COUNT);
  });

  it('grows to the largest on a fast connection', () => {
    expect(batchSize(kilobytes(500, 50), FULL)).toBe(BATCH_MAX_COUNT);
  });

  it('takes a few seconds of a slower one', () => {
    // 250 kB a second carry a megabyte in four seconds: eight presignatures.
    expect(batchSize(kilobytes(500, 2000), FULL)).toBe(8);
  });

  it('stays small on one that is slow', () => {
    expect(batchSize(kilobytes(500, 60_000), FULL)).toBe(FIRST_BATCH_COUNT);
  });

  it('is never more than what is missing, and never nothing', () => {
    expect(batchSize(kilobytes(500, 50), 3)).toBe(3);
    expect(batchSize(undefined, 1)).toBe(1);
    expect(batchSize(kilobytes(500, 0), 20)).toBe(20);
  });
});
