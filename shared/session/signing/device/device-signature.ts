/** One signature of an approval from the device's side, whatever makes it: a FROST slot, a presignature, or one that is about to be completed. */
import { create } from '@bufbuild/protobuf';
import { TrefoilError } from '#shared/errors.ts';
import type { PartyId } from '#shared/ids.ts';
import type { Engine, FrostSuite, KeyShare, Machine, Presignature } from '#shared/ports/engine.ts';
import { type Use, UseSchema } from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import type { PathTask, Slot } from '../rounds.ts';
import type { DeviceBatch } from './device-batch.ts';

interface Common {
  readonly engine: Engine;
  readonly share: KeyShare;
  readonly node: PartyId;
  readonly task: PathTask;
}

export class DeviceSignature {
  readonly #node: PartyId;
  readonly #material: Use['material'];
  readonly #message: Uint8Array;
  /** @param made the batch that the node's answer completed */
  readonly #machine: (made: readonly Presignature[]) => Machine<Uint8Array>;
  #running: Machine<Uint8Array> | undefined;

  private constructor(options: {
    node: PartyId;
    material: Use['material'];
    message: Uint8Array;
    running?: Machine<Uint8Array>;
    machine: (made: readonly Presignature[]) => Machine<Uint8Array>;
  }) {
    this.#node = options.node;
    this.#material = options.material;
    this.#message = options.message;
    this.#running = options.running;
    this.#machine = options.machine;
  }

  static frost({ engine, share, node, task, suite, slot }: Common & { suite: FrostSuite; slot: Slot }): DeviceSignature {
    const { path, digest } = task;
    const running = engine.initiate({ share, suite, path, digest, responder: node, responderCommitments: slot.commitments });
    return DeviceSignature.#asked(node, { case: 'slot', value: slot.slot }, running);
  }

  static warm({ engine, share, node, task, presignature }: Common & { presignature: Presignature }): DeviceSignature {
    const { path, digest } = task;
    const { id } = presignature;
    const running = engine.initiateEcdsa({ share, presignature, path, digest, responder: node });
    return DeviceSignature.#asked(node, { case: 'presignature', value: id }, running);
  }

  static #asked(node: PartyId, material: Use['material'], running: Machine<Uint8Array>): DeviceSignature {
    const message = running.start()[0]?.payload;
    if (message === undefined) throw failureOf(running);
    return new DeviceSignature({ node, material, message, running, machine: () => running });
  }

  static cold({ engine, share, node, task, batch, index }: Common & { batch: DeviceBatch; index: number }): DeviceSignature {
    const { path, digest } = task;
    return new DeviceSignature({
      node,
      material: { case: 'index', value: index },
      message: batch.askEarly(index, path, digest),
      machine: (made) => {
        const presignature = made[index];
        if (presignature === undefined) throw new TrefoilError('engine/misuse', { operation: 'DeviceSignature' });
        const machine = engine.initiateEcdsa({ share, presignature, path, digest, responder: node });
        machine.start();
        return machine;
      },
    });
  }

  /** What the request says of this signature. */
  use(): Use {
    return create(UseSchema, { material: this.#material, message: this.#message });
  }

  /** The verified signature out of the node's share. @throws TrefoilError `engine/*` naming the node */
  finish(share: Uint8Array, made: readonly Presignature[]): Uint8Array {
    const machine = this.#machine(made);
    this.#running = machine;
    machine.receive(this.#node, 1, share);
    const outcome = machine.outcome();
    if (outcome.status === 'done') return outcome.result;
    throw failureOf(machine);
  }

  free(): void {
    this.#running?.free();
  }
}

function failureOf(machine: Machine<Uint8Array>): TrefoilError {
  const outcome = machine.outcome();
  return outcome.status === 'aborted' ? outcome.error : new TrefoilError('engine/misuse', { operation: 'DeviceSignature' });
}
