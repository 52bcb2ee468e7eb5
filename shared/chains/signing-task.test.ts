/** What does not type-check. The compiler runs this file's checks: an expected error that is none fails `tsc -p .`. */
import { describe, expect, it } from 'vitest';
import type { ChainClient, Digest, ReadMessage, SigningTask } from '../ports/chain.ts';
import type { PathTask } from '../session/signing/rounds.ts';
import { signingTask } from './signing-task.ts';

const bytes = new Uint8Array(32);

describe('a digest', () => {
  it('of bytes that nobody read is no task', () => {
    const read: PathTask = { ...signingTask('ecdsa', bytes), path: [0, 0] };
    // @ts-expect-error made up
    const madeUp: SigningTask = { key: 'ecdsa', digest: bytes };
    // @ts-expect-error exchanged
    const exchanged: PathTask = { ...read, digest: bytes };
    // @ts-expect-error of another kind of bytes
    const digest: Digest = read.digest.slice();
    expect([madeUp.digest, exchanged.digest, digest]).toEqual([read.digest, read.digest, read.digest]);
  });
});

describe('a message', () => {
  it('cannot be sent', () => {
    const send = (client: ChainClient, message: ReadMessage): Promise<void> =>
      // @ts-expect-error a signature is no transaction
      client.broadcast(message.assemble([bytes]));
    expect(send).toBeTypeOf('function');
  });
});
