import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UnixMs } from '#shared/ids.ts';
import { IdleTimer } from './idle-timer.ts';

const MINUTE_MS = 60_000;
let idle = 0;
let timer: IdleTimer;

beforeEach(() => {
  vi.useFakeTimers();
  idle = 0;
  timer = new IdleTimer(15 * MINUTE_MS, () => Date.now() as UnixMs);
  timer.start(() => {
    idle += 1;
  });
});
afterEach(() => vi.useRealTimers());

describe('IdleTimer', () => {
  it('runs once, after the whole time', () => {
    vi.advanceTimersByTime(15 * MINUTE_MS - 1);
    expect(idle).toBe(0);
    vi.advanceTimersByTime(60 * MINUTE_MS);
    expect(idle).toBe(1);
  });

  it('begins again with every use', () => {
    for (let count = 0; count < 4; count += 1) {
      vi.advanceTimersByTime(14 * MINUTE_MS);
      timer.touch();
    }
    expect(idle).toBe(0);
  });

  it('counts the time that the device slept', () => {
    vi.setSystemTime(Date.now() + 8 * 60 * MINUTE_MS);
    vi.advanceTimersByTime(5_000);
    expect(idle).toBe(1);
  });

  it('does not run once stopped', () => {
    timer.stop();
    vi.advanceTimersByTime(60 * MINUTE_MS);
    expect(idle).toBe(0);
  });
});
