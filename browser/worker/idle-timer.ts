/** Runs once after a time without {@link IdleTimer.touch}. It compares clock readings, because timers stand still while a device sleeps. */
import type { UnixMs } from '#shared/ids.ts';

const CHECK_MS = 5_000;

export class IdleTimer {
  readonly #idleMs: number;
  readonly #now: () => UnixMs;
  #lastUse: UnixMs;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(idleMs: number, now: () => UnixMs) {
    this.#idleMs = idleMs;
    this.#now = now;
    this.#lastUse = now();
  }

  start(onIdle: () => void): void {
    this.stop();
    this.touch();
    this.#timer = setInterval(
      () => {
        if (this.#now() - this.#lastUse >= this.#idleMs) {
          this.stop();
          onIdle();
        }
      },
      Math.min(CHECK_MS, this.#idleMs),
    );
  }

  touch(): void {
    this.#lastUse = this.#now();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
