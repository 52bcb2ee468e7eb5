/** The page's only connection to the wallet. */
import { connectWorker } from './connect-worker.ts';

export const worker = connectWorker();
