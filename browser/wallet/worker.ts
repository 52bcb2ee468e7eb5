/** The page's only connection to the wallet. */
import { problemDetails } from '#browser/words/problems.ts';
import { TrefoilError } from '#shared/errors.ts';
import { connectWorker } from '../worker-link/connect-worker.ts';
import { screen, show } from './screen.ts';

export const worker = connectWorker(() => {
  // Later on every call reports its own failure; before the first answer there is none to report it.
  if (screen.value.at === 'starting') {
    show({
      at: 'broken',
      problem: new TrefoilError('service/offline', { operation: 'connectWorker', detail: problemDetails.partDidNotLoad }),
    });
  }
});
