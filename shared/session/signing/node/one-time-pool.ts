/**
 * A node's one-time material of one session: FROST nonces by slot, presignatures by id. It lives in memory and nowhere else: when
 * the process ends it is gone, and so is every way to use it twice.
 *
 * Must never: hand out a piece twice, or take one back.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { TrefoilError } from '#shared/errors.ts';
import { COMMITMENTS_MAX_COUNT, PRESIGNATURES_MAX_COUNT } from '#shared/limits.ts';
import type { Engine, FrostSuite, KeyShare, Nonces, Presignature } from '#shared/ports/engine.ts';
import type { Use } from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import type { Counts, PathTask } from '../rounds.ts';

/** What one signature consumes. */
export type Material =
  | { readonly key: FrostSuite; readonly nonces: Nonces }
  | { readonly key: 'ecdsa'; readonly presignature: Presignature };

export class OneTimePool {
  readonly #engine: Engine;
  readonly #share: KeyShare;
  readonly #nonces = new Map<number, Nonces>();
  readonly #presignatures = new Map<string, Presignature>();
  #nextSlot = 0;

  constructor(engine: Engine, share: KeyShare) {
    this.#engine = engine;
    this.#share = share;
  }

  /**
   * Draws nonces and returns their public halves: first taproot, then ed25519. Beyond the limit the oldest of a suite go.
   * @throws TrefoilError `input/too-large` for too many at once
   */
  commit(counts: Counts): { firstSlot: number; commitments: Uint8Array[] } {
    const total = counts.taproot + counts.ed25519;
    if (total > COMMITMENTS_MAX_COUNT) {
      throw new TrefoilError('input/too-large', { operation: 'commit', detail: `at most ${COMMITMENTS_MAX_COUNT} commitments at once` });
    }
    const firstSlot = this.#nextSlot;
    const commitments = Array.from({ length: total }, (_, at) => {
      const nonces = this.#engine.commit(this.#share, at < counts.taproot ? 'taproot' : 'ed25519');
      this.#nonces.set(this.#nextSlot, nonces);
      this.#nextSlot += 1;
      return nonces.commitments;
    });
    for (const suite of ['taproot', 'ed25519'] as const) {
      const slots = [...this.#nonces].filter(([, nonces]) => nonces.suite === suite).map(([slot]) => slot);
      dropOldest(this.#nonces, slots, COMMITMENTS_MAX_COUNT);
    }
    return { firstSlot, commitments };
  }

  /** Keeps presignatures; beyond the limit the oldest go. */
  add(presignatures: readonly Presignature[]): void {
    for (const presignature of presignatures) this.#presignatures.set(bytesToHex(presignature.id), presignature);
    dropOldest(this.#presignatures, [...this.#presignatures.keys()], PRESIGNATURES_MAX_COUNT);
  }

  /**
   * Moves out what the uses name, all or none. What was moved is never put back.
   * @param fresh the batch that came with the same message, for uses that name its indices
   * @throws TrefoilError `intent/commitment-spent`, `input/malformed`
   */
  take(uses: readonly Use[], tasks: readonly PathTask[], fresh: readonly Presignature[]): Material[] {
    const operation = 'take';
    const names = uses.map(nameOf);
    if (new Set(names).size !== names.length) throw new TrefoilError('input/malformed', { operation, detail: 'something is used twice' });
    const found = uses.map((use, i) => this.#find(use, tasks[i], fresh));
    if (!found.every((material) => material !== undefined)) throw new TrefoilError('intent/commitment-spent', { operation });
    for (const { material } of uses) {
      if (material.case === 'slot') this.#nonces.delete(material.value);
      if (material.case === 'presignature') this.#presignatures.delete(bytesToHex(material.value));
    }
    return found;
  }

  #find({ material }: Use, task: PathTask | undefined, fresh: readonly Presignature[]): Material | undefined {
    switch (material.case) {
      case 'slot': {
        const nonces = this.#nonces.get(material.value);
        return nonces === undefined || nonces.suite !== task?.key ? undefined : { key: nonces.suite, nonces };
      }
      case 'presignature':
      case 'index': {
        const presignature = material.case === 'index' ? fresh[material.value] : this.#presignatures.get(bytesToHex(material.value));
        return presignature === undefined || task?.key !== 'ecdsa' ? undefined : { key: 'ecdsa', presignature };
      }
      case undefined:
        return undefined;
    }
  }

  /** Zeroises everything that was not used. */
  clear(): void {
    for (const unused of [...this.#nonces.values(), ...this.#presignatures.values()]) unused.free();
    this.#nonces.clear();
    this.#presignatures.clear();
  }
}

/**
 * A device spends a piece of every node that may serve and asks only one of them, so pieces stay here that nobody will ever name. It
 * uses its own in the order in which they were made: what is oldest here is what it has spent.
 */
function dropOldest<Key>(held: Map<Key, { free(): void }>, oldestFirst: readonly Key[], most: number): void {
  for (const key of oldestFirst.slice(0, Math.max(0, oldestFirst.length - most))) {
    held.get(key)?.free();
    held.delete(key);
  }
}

/** Zeroises material that was taken, whether or not it was used. */
export function freeMaterial(material: Material): void {
  if (material.key === 'ecdsa') material.presignature.free();
  else material.nonces.free();
}

const nameOf = ({ material }: Use): string =>
  `${material.case}/${material.case === 'presignature' ? bytesToHex(material.value) : material.value}`;
