/** Tells the Worker that the person is here, so that the wallet does not lock under their hands. */
import { worker } from './worker.ts';

/** The idle time is minutes: more often would only make messages. */
const AT_MOST_EVERY_MS = 10_000;

export function reportUse(): void {
  let last = 0;
  const used = () => {
    const now = Date.now();
    if (now - last >= AT_MOST_EVERY_MS) {
      last = now;
      void worker.touch();
    }
  };
  for (const event of ['pointerdown', 'keydown', 'wheel']) {
    addEventListener(event, used, { passive: true });
  }
}
