/**
 * One tab at a time. The open vault holds an exclusive Web Lock; another tab may ask for it, and takes it when the holder does
 * not answer (a frozen tab). The writer token in the database then stops whatever the old holder may still try.
 */
import { TrefoilError } from '#shared/errors.ts';

/** How long the other tab may take to finish an approval before the lock is taken from it. */
const HAND_OVER_MS = 10_000;
const HAND_OVER = 'hand-over';

export interface TabLockEvents {
  /** Another tab asks for the vault: finish, lock, release. */
  asked(): Promise<void>;
  /** The lock was taken: forget every secret at once. */
  taken(): void;
}

export class TabLock {
  readonly #name: string;
  readonly #events: TabLockEvents;
  readonly #channel: BroadcastChannel;
  readonly #patienceMs: number;
  #letGo: (() => void) | undefined;
  /** Settles when the browser has let go of the last lock. */
  #ended: Promise<unknown> = Promise.resolve();

  constructor(name: string, events: TabLockEvents, patienceMs: number = HAND_OVER_MS) {
    this.#name = name;
    this.#events = events;
    this.#patienceMs = patienceMs;
    this.#channel = new BroadcastChannel(name);
    this.#channel.addEventListener('message', ({ data }) => {
      if (data === HAND_OVER && this.held) {
        void this.#events.asked();
      }
    });
  }

  get held(): boolean {
    return this.#letGo !== undefined;
  }

  /** @throws TrefoilError `vault/in-use` */
  async acquire(): Promise<void> {
    if (!this.held && !(await this.#request({ ifAvailable: true }))) {
      throw new TrefoilError('vault/in-use', { operation: 'acquire' });
    }
  }

  /** Asks the other tab to lock, waits for it, and takes the lock when it does not answer. Ends with the lock held here. */
  async takeOver(): Promise<void> {
    if (this.held) {
      return;
    }
    this.#channel.postMessage(HAND_OVER);
    const waited = await this.#request({ signal: AbortSignal.timeout(this.#patienceMs) });
    if (!waited) {
      await this.#request({ steal: true });
    }
  }

  /** Resolves when another tab, or this one, can have the lock. */
  async release(): Promise<void> {
    this.#letGo?.();
    this.#letGo = undefined;
    await this.#ended;
  }

  /** True while another tab has the vault open. */
  async heldElsewhere(): Promise<boolean> {
    const { held = [] } = await navigator.locks.query();
    return !this.held && held.some(({ name }) => name === this.#name);
  }

  close(): void {
    void this.release();
    this.#channel.close();
  }

  /** Resolves when the request is decided; the lock itself stays until {@link release}. */
  #request(options: LockOptions): Promise<boolean> {
    return new Promise((decided) => {
      let release: (() => void) | undefined;
      const ended = navigator.locks.request(this.#name, options, (lock) => {
        if (lock === null) {
          decided(false);
          return;
        }
        return new Promise<void>((resolve) => {
          release = resolve;
          this.#letGo = resolve;
          decided(true);
        });
      });
      this.#ended = ended.catch(() => {
        // Rejected before it was granted: the wait ran out. Afterwards: another tab took it.
        decided(false);
        if (release !== undefined && this.#letGo === release) {
          this.#letGo = undefined;
          this.#events.taken();
        }
      });
    });
  }
}
