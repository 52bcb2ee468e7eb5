/** Whether the browser believes that it has a connection. */
import { signal } from '@preact/signals';

export const online = signal(navigator.onLine);

export function watchConnection(): void {
  for (const event of ['online', 'offline']) {
    addEventListener(event, () => {
      online.value = navigator.onLine;
    });
  }
}
