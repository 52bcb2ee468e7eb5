/** Runs once after a time without {@link IdleTimer.touch}. It compares clock readings, because timers stand still while a device sleeps. */
import type { UnixMs } from '#shared/ids.ts';
import type { Clock } from '#shared/ports/clock.ts';

const CHECK_MS = 5_000;

export class IdleTimer {
  readonly #idleMs: number;
  readonly #clock: Clock;
  #lastUse: UnixMs;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(idleMs: number, clock: Clock) {
    this.#idleMs = idleMs;
    this.#clock = clock;
    this.#lastUse = clock();
  }

  start(onIdle: () => void): void {
    this.stop();
    this.touch();
    this.#timer = setInterval(
      () => {
        if (this.#clock() - this.#lastUse >= this.#idleMs) {
          this.stop();
          onIdle();
        }
      },
      Math.min(CHECK_MS, this.#idleMs),
    );
  }

  touch(): void {
    this.#lastUse = this.#clock();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
