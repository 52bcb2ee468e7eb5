/**
 * Fills the pools while nobody waits: one batch at a time, node after node, and only while the page is seen. It steps aside for
 * every signature, and rests when the service asks for restraint or a node's messages do not check.
 */
import { TrefoilError } from '#shared/errors.ts';
import { STRIKES_KEPT_MS } from '#shared/limits.ts';
import type { Clock } from '#shared/ports/clock.ts';
import { type NodePool, STALE_POOL } from './node-pool.ts';

/** After a failure a node is left alone for this long, and twice as long after the next. */
const REST_MS = 5_000;
const REST_MAX_MS = 5 * 60 * 1000;
/** Background work goes on this long after a signature. */
const RESUME_MS = 50;
/** A node whose messages failed this many checks is left alone for long; another node may still serve. */
const STRIKES_BEFORE_REST = 3;

interface Standing {
  failures: number;
  strikes: number;
  restUntil: number;
}

export class Background {
  readonly #pools: readonly NodePool[];
  readonly #clock: Clock;
  readonly #standing = new Map<NodePool, Standing>();
  #running: Promise<void> | undefined;
  #started = false;
  #visible = true;
  #closed = false;
  /** Signatures under way, and who waits until there is none. */
  #signing = 0;
  #waiting: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(pools: readonly NodePool[], clock: Clock) {
    this.#pools = pools;
    this.#clock = clock;
  }

  /** From now on makes whatever is missing. */
  start(): void {
    this.#started = true;
    this.#wake();
  }

  #wake(): void {
    if (!this.#started || this.#closed || !this.#visible) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      this.#startLater();
    });
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#wake();
  }

  /** Runs a signature with everything else aside. */
  async aside<T>(signature: () => Promise<T>): Promise<T> {
    this.#signing += 1;
    try {
      return await signature();
    } finally {
      this.#signing -= 1;
      // A moment later: what was signed goes on its way first.
      setTimeout(() => this.#resume(), RESUME_MS);
    }
  }

  #resume(): void {
    if (this.#signing > 0) return;
    for (const resume of this.#waiting.splice(0)) resume();
    this.#wake();
  }

  #quiet = (): Promise<void> =>
    this.#signing === 0 ? Promise.resolve() : new Promise<void>((resolve) => this.#waiting.push(resolve)).then(this.#quiet);

  async #run(): Promise<void> {
    for (let pool = this.#next(); pool !== undefined; pool = this.#next()) {
      try {
        await pool.fill(this.#quiet);
        this.#standing.set(pool, { ...this.#standingOf(pool), failures: 0 });
      } catch (thrown) {
        this.#fail(pool, TrefoilError.from(thrown, 'fill'));
      }
    }
  }

  /** The first pool that is low and does not rest; nodes take turns because the one that was filled is less low. */
  #next(): NodePool | undefined {
    if (this.#closed || !this.#visible) return undefined;
    const due = this.#pools.filter((pool) => pool.isLow && this.#standingOf(pool).restUntil <= this.#clock());
    return due.find((pool) => !pool.isOpen) ?? due[0];
  }

  #fail(pool: NodePool, error: TrefoilError): void {
    const standing = this.#standingOf(pool);
    const failures = standing.failures + 1;
    const strikes = standing.strikes + (error.culprits.includes(pool.party) ? 1 : 0);
    // What the node no longer has is opened again at once, the first time.
    const isStale = STALE_POOL.includes(error.code);
    if (isStale) pool.drop();
    const rest = strikes >= STRIKES_BEFORE_REST ? STRIKES_KEPT_MS : Math.min(REST_MAX_MS, REST_MS * 2 ** (failures - 1));
    this.#standing.set(pool, { failures, strikes, restUntil: isStale && failures === 1 ? 0 : this.#clock() + rest });
  }

  #standingOf(pool: NodePool): Standing {
    return this.#standing.get(pool) ?? { failures: 0, strikes: 0, restUntil: 0 };
  }

  /** Comes back when a rest is over. */
  #startLater(): void {
    clearTimeout(this.#timer);
    const resting = this.#pools.filter((pool) => pool.isLow).map((pool) => this.#standingOf(pool).restUntil - this.#clock());
    if (this.#closed || resting.length === 0) return;
    this.#timer = setTimeout(() => this.#wake(), Math.max(100, Math.min(...resting)));
  }

  /** Resolves when nothing is being made. */
  async idle(): Promise<void> {
    await this.#running;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
