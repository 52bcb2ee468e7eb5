/** A protocol run in the module as the sans-IO machine of the port. */

import type { TrefoilError } from '#shared/errors.ts';
import type { PartyId } from '#shared/ids.ts';
import type { Machine, Outcome, Outgoing } from '#shared/ports/engine.ts';
import type * as wasm from '../pkg/trefoil.js';
import { bytes, guarded, misuse, sixteenBits, typed } from './border.ts';

function outgoing(messages: wasm.Outgoing[]): Outgoing[] {
  return messages.map((message) => {
    const { to, round } = message;
    return { to: to as PartyId | 0, round, payload: message.intoPayload() };
  });
}

/** What all runs of the module have in common. */
interface Run {
  start(): wasm.Outgoing[];
  receive(from: number, round: number, payload: Uint8Array): wasm.Outgoing[];
  free(): void;
}

/** One run; it is freed as soon as it has ended. */
export class MachineHandle<R extends Run, T> implements Machine<T> {
  readonly #operation: string;
  readonly #settle: (run: R) => T | undefined;
  #run: R | null;
  #outcome: Outcome<T> = { status: 'pending' };

  /** @param settle the result once the run has it; throws when the run was aborted */
  constructor(operation: string, run: R, settle: (run: R) => T | undefined) {
    this.#operation = operation;
    this.#run = run;
    this.#settle = settle;
  }

  start(): Outgoing[] {
    return this.#step((run) => run.start());
  }

  receive(from: PartyId, round: number, payload: Uint8Array): Outgoing[] {
    const operation = this.#operation;
    return this.#step((run) => run.receive(sixteenBits(from, operation), sixteenBits(round, operation), bytes(payload, operation)));
  }

  /** Asks the live run for something beside its steps. What it throws leaves the run as it was. */
  protected ask<A>(operation: string, question: (run: R) => A): A {
    return guarded(operation, () => {
      if (this.#run === null) throw misuse(operation, 'the run has ended');
      return question(this.#run);
    });
  }

  outcome(): Outcome<T> {
    return this.#outcome;
  }

  free(): void {
    this.#run?.free();
    this.#run = null;
    if (this.#outcome.status === 'pending') this.#abort(misuse(this.#operation, 'the run was freed'));
  }

  /** Runs a step and takes the result or the error out of the module as soon as there is one. */
  #step(step: (run: R) => wasm.Outgoing[]): Outgoing[] {
    const run = this.#run;
    if (run === null || this.#outcome.status !== 'pending') return [];
    try {
      const messages = outgoing(step(run));
      const result = this.#settle(run);
      if (result !== undefined) this.#end({ status: 'done', result });
      return messages;
    } catch (thrown) {
      this.#abort(typed(thrown, this.#operation));
      return [];
    }
  }

  #abort(error: TrefoilError): void {
    this.#end({ status: 'aborted', error });
  }

  #end(outcome: Outcome<T>): void {
    this.#outcome = outcome;
    this.#run?.free();
    this.#run = null;
  }
}
