/** What an entry of the catalogue says of its code. */

/** Who has to change something: the caller, another party, the service, or us. */
export type Blame = (typeof BLAMES)[number];
const BLAMES = ['caller', 'peer', 'service', 'bug'] as const;

/** A blame that came from outside; undefined for anything else. */
export const parseBlame = (value: unknown): Blame | undefined => BLAMES.find((blame) => blame === value);

export interface CatalogueEntry {
  readonly blame: Blame;
  /** HTTP status at the edge. */
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500 | 502 | 503 | 504;
  /** True when the very same request may succeed later. */
  readonly retryable: boolean;
  /**
   * True when the party that answers with it has read what is to be signed and refused it: any other would refuse it as well.
   * Everything else says something about that party, and another may serve.
   */
  readonly judged: boolean;
  /** What went wrong, in one short sentence. */
  readonly title: string;
  /** What to do next. */
  readonly fix: string;
}
