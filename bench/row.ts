/** One line of the benchmark table: medians of interleaved runs on one machine, so that the ratio is what counts. */
export interface BenchRow {
  /** What was measured, such as `frost.taproot.share`. */
  readonly id: string;
  /** Unit of `ours` and `peer`. */
  readonly unit: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly peerName: string | null;
  /** `ours / peer`. */
  readonly ratio: number | null;
  /** How many times each side ran. */
  readonly runs: number;
}

/** The middle of the sorted values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A row for a quantity that a peer has too. */
export function compared(id: string, unit: string, ours: readonly number[], peer: readonly number[], peerName: string): BenchRow {
  const [mine, theirs] = [median(ours), median(peer)];
  return { id, unit, ours: mine, peer: theirs, peerName, ratio: mine / theirs, runs: ours.length };
}
