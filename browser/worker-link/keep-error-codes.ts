/**
 * Errors keep their code when they cross the border between page and Worker: comlink alone would reduce them to
 * a message. Both sides call {@link keepErrorCodes} before they exchange anything.
 *
 * Must never: carry the cause or the stack of an error across, which may quote data that belongs to the Worker.
 */
import { transferHandlers } from 'comlink';
import { type Problem, TrefoilError } from '#shared/errors.ts';

/** comlink wraps what a call throws as `{ value, [marker]: 0 }` and hands it to the handler named `throw`. */
interface Thrown {
  readonly value: unknown;
}

/** Replaces comlink's handler for thrown values in this realm. */
export function keepErrorCodes(): void {
  const original = transferHandlers.get('throw');
  if (original === undefined) {
    throw new TrefoilError('service/bug', { operation: 'keepErrorCodes', detail: 'comlink has no handler for thrown values' });
  }
  transferHandlers.set('throw', {
    canHandle: original.canHandle,
    serialize: (thrown) => [TrefoilError.from((thrown as Thrown).value, 'worker').toProblem(), []],
    deserialize: (problem) => {
      throw TrefoilError.fromProblem(problem as Problem, 'worker');
    },
  });
}
