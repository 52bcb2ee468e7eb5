/** For tests of signing itself, and of parties that cheat: a task that no request stands behind. */
import { signingTask } from '#shared/chains/signing-task.ts';
import type { KeyKind, Path } from '#shared/ports/engine.ts';
import type { PathTask } from '#shared/session/signing/rounds.ts';

export const madeUpTask = (key: KeyKind, digest: Uint8Array, path: Path = []): PathTask => ({ ...signingTask(key, digest), path });
