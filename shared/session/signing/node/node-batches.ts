/**
 * A node's unfinished batches of presignatures. A batch takes two steps of the device; whatever goes wrong in one, nothing of the
 * batch is left. A batch that the device does not finish in time is dropped, and that is nobody's fault.
 */
import { TrefoilError } from '#shared/errors.ts';
import { DEVICE, type PartyId, type SessionId, type UnixMs } from '#shared/ids.ts';
import { BATCH_DEADLINE_MS, BATCH_MAX_COUNT, OPEN_BATCHES_MAX_COUNT } from '#shared/limits.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { Engine, KeyShare, Outgoing, Presignature, PresignRun } from '#shared/ports/engine.ts';
import type { PresignStep } from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import { batchContext, stepOf } from '../rounds.ts';

/** What the whole node allows and counts, over all its sessions. */
export interface BatchGate {
  /** Called before a batch begins; `end` follows exactly once. @throws TrefoilError `service/busy`, `session/too-many-strikes` */
  begin(): void;
  end(): void;
  /** A check of the device's messages failed. */
  strike(error: TrefoilError): void;
}

interface OpenBatch {
  readonly run: PresignRun;
  readonly expiresAt: UnixMs;
}

/** What a step leads to: an answer for the device, and after the second step the batch. */
export interface Stepped {
  readonly answer: PresignStep;
  readonly made: Presignature[];
}

export class NodeBatches {
  readonly #options: { engine: Engine; share: KeyShare; self: PartyId; sessionId: SessionId; gate: BatchGate; clock: Clock };
  readonly #open = new Map<number, OpenBatch>();
  #last = 0;

  constructor(options: { engine: Engine; share: KeyShare; self: PartyId; sessionId: SessionId; gate: BatchGate; clock: Clock }) {
    this.#options = options;
  }

  /**
   * Takes a step of the device.
   * @throws TrefoilError `engine/*` naming the device for a failed check, `input/malformed`, `session/*`, `service/busy`
   */
  step(step: PresignStep): Stepped {
    const batch = step.count > 0 ? this.#begin(step) : this.#continue(step.batch);
    const messages: Outgoing[] = step.count > 0 ? batch.run.start() : [];
    for (const { round, payload } of step.messages) messages.push(...batch.run.receive(DEVICE, round, payload));
    const outcome = batch.run.outcome();
    if (outcome.status === 'aborted') {
      this.#end(step.batch);
      if (outcome.error.culprits.length > 0) this.#options.gate.strike(outcome.error);
      throw outcome.error;
    }
    const made = outcome.status === 'done' ? outcome.result : [];
    if (outcome.status === 'done') this.#end(step.batch);
    return { answer: stepOf(step.batch, 0, messages), made };
  }

  #begin({ batch, count }: PresignStep): OpenBatch {
    const operation = 'presign';
    const { engine, share, self, sessionId, gate, clock } = this.#options;
    if (count > BATCH_MAX_COUNT) throw new TrefoilError('input/malformed', { operation, detail: `a batch has 1 to ${BATCH_MAX_COUNT}` });
    // Each number once: a batch that ended never begins again.
    if (batch <= this.#last) throw new TrefoilError('session/wrong-round', { operation, detail: 'batches count upwards' });
    this.#makeRoom();
    gate.begin();
    try {
      const run = engine.presign({ share, signers: [DEVICE, self], count, context: batchContext(sessionId, batch) });
      const begun = { run, expiresAt: (clock() + BATCH_DEADLINE_MS) as UnixMs };
      this.#last = batch;
      this.#open.set(batch, begun);
      return begun;
    } catch (thrown) {
      gate.end();
      throw thrown;
    }
  }

  /** A device that begins anew has given up what it began long before: its connection broke, or the page was closed. */
  #makeRoom(): void {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= OPEN_BATCHES_MAX_COUNT) this.#end(oldest);
  }

  #continue(batch: number): OpenBatch {
    const open = this.#open.get(batch);
    if (open === undefined) throw new TrefoilError('intent/commitment-spent', { operation: 'presign', detail: 'there is no such batch' });
    return open;
  }

  #end(batch: number): void {
    const open = this.#open.get(batch);
    if (open === undefined) return;
    this.#open.delete(batch);
    open.run.free();
    this.#options.gate.end();
  }

  /** Drops batches that were not finished in time. */
  tick(now: UnixMs): void {
    for (const [batch, { expiresAt }] of this.#open) if (now >= expiresAt) this.#end(batch);
  }

  close(): void {
    for (const batch of [...this.#open.keys()]) this.#end(batch);
  }
}
