import type { UnixMs } from '../ids.ts';

/** Tells the time. Whoever needs it is handed one, so that tests and simulations decide what time it is. */
export type Clock = () => UnixMs;
