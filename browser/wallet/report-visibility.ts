/** Tells the Worker whether somebody can see the page: a hidden one prepares no signatures ahead. */
import { worker } from './worker.ts';

export function reportVisibility(): void {
  const report = () => void worker.setVisible(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', report);
  report();
}
