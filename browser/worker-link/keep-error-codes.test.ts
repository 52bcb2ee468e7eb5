import { expose, type Remote, wrap } from 'comlink';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrefoilError } from '#shared/errors.ts';
import { keepErrorCodes } from './keep-error-codes.ts';

const SECRET = 'correct horse battery';

/** What a Worker may throw. */
const worker = {
  async typed(): Promise<void> {
    const context = { operation: 'unlock', detail: 'three wrong ones', culprits: [2], round: 1, cause: new Error(SECRET) };
    throw new TrefoilError('vault/cannot-open', context);
  },
  untyped(): void {
    throw new Error(SECRET);
  },
};

let channel: MessageChannel;
let remote: Remote<typeof worker>;

beforeEach(() => {
  keepErrorCodes();
  channel = new MessageChannel();
  expose(worker, channel.port1);
  remote = wrap<typeof worker>(channel.port2);
});
afterEach(() => {
  channel.port1.close();
  channel.port2.close();
});

describe('an error that crosses the border', () => {
  it('keeps its code and what belongs to it, and loses its cause', async () => {
    const failure: unknown = await remote.typed().catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(TrefoilError);
    expect(failure).toMatchObject({ code: 'vault/cannot-open', operation: 'unlock', detail: 'three wrong ones', culprits: [2], round: 1 });
    expect(failure).toMatchObject({ cause: undefined });
  });

  it('that is not ours becomes a bug whose words stay behind', async () => {
    const failure = (await remote.untyped().catch((thrown: unknown) => thrown)) as TrefoilError;
    expect(failure.code).toBe('service/bug');
    expect(`${failure.message} ${failure.stack} ${JSON.stringify(failure.toProblem())}`).not.toContain(SECRET);
  });
});
