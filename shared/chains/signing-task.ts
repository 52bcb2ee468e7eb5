/**
 * Where a digest becomes something that is signed.
 *
 * Must never: be used by anything but a chain's reader, after it has read the whole request.
 */
import type { Digest, SigningTask } from '../ports/chain.ts';
import type { KeyKind } from '../ports/engine.ts';

/** @param digest `ecdsa` and `taproot`: 32 bytes. `ed25519`: the message itself */
export const signingTask = (key: KeyKind, digest: Uint8Array): SigningTask => ({ key, digest: digest as Digest });
