/** What the keeper of `keep-parts.ts` keeps for the stories of a run. */

/** A part that a story may kill and start; starting does nothing when it runs. */
interface Part {
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Something that stories share. */
export interface Kept<Facts> {
  /** What a story is told of it; functions do not cross. */
  readonly facts: Facts;
  readonly parts: Readonly<Record<string, Part>>;
  close(): Promise<void>;
}
