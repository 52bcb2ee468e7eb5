import { ROUND_DEADLINE_CEILING_MS, ROUND_DEADLINE_FLOOR_MS } from '../limits.ts';

/** How far beyond its usual time a party may take before its round is given up. */
const PATIENCE = 2.5;

/**
 * How long to wait for a round, in milliseconds: 2.5 times the median of what such rounds took, between the floor and
 * the ceiling. Without measurements it is the ceiling.
 */
export function roundDeadlineMs(measuredMs: readonly number[]): number {
  const sorted = measuredMs.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) return ROUND_DEADLINE_CEILING_MS;
  return Math.min(ROUND_DEADLINE_CEILING_MS, Math.max(ROUND_DEADLINE_FLOOR_MS, Math.round(median * PATIENCE)));
}
