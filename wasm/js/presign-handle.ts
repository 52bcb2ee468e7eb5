/** A presigning run in the module. */
import type { Path, Presignature, PresignRun } from '#shared/ports/engine.ts';
import type * as wasm from '../pkg/trefoil.js';
import { bytes, childNumbers, sixteenBits } from './border.ts';
import { PresignatureHandle } from './handles.ts';
import { MachineHandle } from './machine-handle.ts';

/** A machine that can also be asked for a signature before it has ended. */
export class PresignHandle extends MachineHandle<wasm.Presign, Presignature[]> implements PresignRun {
  constructor(run: wasm.Presign) {
    super('presign', run, (live) => live.outcome()?.map((presignature) => new PresignatureHandle(presignature)));
  }

  askEarly(index: number, path: Path, digest: Uint8Array): Uint8Array {
    return this.ask('askEarly', (run) =>
      run.askEarly(sixteenBits(index, 'askEarly'), childNumbers(path, 'askEarly'), bytes(digest, 'askEarly')),
    );
  }
}
