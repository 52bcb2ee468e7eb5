/** A batch of presignatures from the device's side: two exchanges with the node. Whatever goes wrong, nothing of the batch is left. */
import { TrefoilError } from '#shared/errors.ts';
import type { PartyId, SessionId } from '#shared/ids.ts';
import type { Engine, KeyShare, Outgoing, Path, Presignature, PresignRun } from '#shared/ports/engine.ts';
import type { PresignStep } from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import { batchContext, stepOf } from '../rounds.ts';

export class DeviceBatch {
  readonly count: number;
  readonly #number: number;
  readonly #node: PartyId;
  readonly #run: PresignRun;
  /** What the second step sends. */
  #second: Outgoing[] | undefined;

  constructor(options: {
    engine: Engine;
    share: KeyShare;
    sessionId: SessionId;
    self: PartyId;
    node: PartyId;
    number: number;
    count: number;
  }) {
    const { engine, share, sessionId, self, node, number, count } = options;
    this.count = count;
    this.#number = number;
    this.#node = node;
    this.#run = engine.presign({ share, signers: [self, node], count, context: batchContext(sessionId, number) });
  }

  /** The device's first step. */
  begin(): PresignStep {
    return stepOf(this.#number, this.count, this.#run.start());
  }

  /** The node's first step. @throws TrefoilError `engine/*` naming the node */
  take(step: PresignStep | undefined): void {
    this.#second = this.#receive(step);
  }

  /** True when the second step can be sent. */
  get isReady(): boolean {
    return this.#second !== undefined;
  }

  /** The device's second step, once. */
  proceed(): PresignStep {
    const messages = this.#second;
    this.#second = undefined;
    if (messages === undefined) throw new TrefoilError('engine/misuse', { operation: 'DeviceBatch.proceed' });
    return stepOf(this.#number, 0, messages);
  }

  /** Asks for a signature with a presignature that this batch is about to complete; see the engine's `askEarly`. */
  askEarly(index: number, path: Path, digest: Uint8Array): Uint8Array {
    return this.#run.askEarly(index, path, digest);
  }

  /** The node's second step: the batch. @throws TrefoilError `engine/*` naming the node */
  finish(step: PresignStep | undefined): Presignature[] {
    this.#receive(step);
    const outcome = this.#run.outcome();
    if (outcome.status !== 'done') throw this.#malformed('the batch is not complete');
    return outcome.result;
  }

  #receive(step: PresignStep | undefined): Outgoing[] {
    if (step?.batch !== this.#number) throw this.#malformed('the answer is for another batch');
    const messages = step.messages.flatMap(({ round, payload }) => this.#run.receive(this.#node, round, payload));
    const outcome = this.#run.outcome();
    if (outcome.status === 'aborted') throw outcome.error;
    return messages;
  }

  #malformed(detail: string): TrefoilError {
    return new TrefoilError('engine/malformed', { operation: 'DeviceBatch', culprits: [this.#node], detail });
  }

  /** Zeroises what the run holds; presignatures that were handed out are their holder's. */
  free(): void {
    this.#run.free();
  }
}
