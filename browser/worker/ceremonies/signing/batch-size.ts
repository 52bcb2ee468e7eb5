/** How many presignatures to make at once: few right after unlock, then as many as the connection carries in a few seconds. */
import { BATCH_MAX_COUNT } from '#shared/limits.ts';

/** Enough for a signature right after unlock, made in a moment. */
export const FIRST_BATCH_COUNT = 4;
/** What one presignature moves in both directions together: two multiplications of 416 rows with four scalars each, and its part of the rest. */
const PRESIGNATURE_BYTES = 125_000;
/** A batch may take the connection for this long. */
const BATCH_MS = 4_000;

/** What a finished batch moved, and in which time. */
export interface Measured {
  readonly bytes: number;
  readonly ms: number;
}

/** @param last the batch before, if there was one @param missing presignatures up to a full pool */
export function batchSize(last: Measured | undefined, missing: number): number {
  const carried = last === undefined ? 0 : (last.bytes / Math.max(1, last.ms)) * BATCH_MS;
  const wanted = Math.max(FIRST_BATCH_COUNT, Math.floor(carried / PRESIGNATURE_BYTES));
  return Math.max(1, Math.min(wanted, missing, BATCH_MAX_COUNT));
}
