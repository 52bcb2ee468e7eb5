/** One-time material between two ends of which one cheats: each piece is for one signature of one key, or for none. */
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from 'vitest';
import { TrefoilError } from '#shared/errors.ts';
import type { UnixMs } from '#shared/ids.ts';
import { BATCH_DEADLINE_MS, BATCH_MAX_COUNT, COMMITMENTS_MAX_COUNT } from '#shared/limits.ts';
import type { Engine, Presignature } from '#shared/ports/engine.ts';
import type { Envelope } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import {
  type SigningReply,
  SigningReplySchema,
  type SigningRequest,
  SigningRequestSchema,
  type Use,
} from '#shared/proto/gen/trefoil/v1/intent_pb.js';
import { codeOf } from '#test/support/code-of.ts';
import { clock, makeWallet } from '#test/support/parties.ts';
import {
  answerOf,
  carry,
  DEVICE,
  type Ends,
  type EndsOptions,
  NO_COMMITMENTS,
  NODE,
  presign,
  signingEnds,
  type TestWalletParties,
  taskOf,
} from '#test/support/signing-ends.ts';
import { loadEngine } from '#wasm/js/load-node.ts';

let engine: Engine;
let wallet: TestWalletParties;
beforeAll(async () => {
  engine = await loadEngine();
  wallet = await makeWallet();
});

const ECDSA = taskOf('ecdsa', 1);
const ends = (options?: EndsOptions, watched = engine): Promise<Ends> => signingEnds(watched, wallet, options);
const ask = ({ device }: Ends, presignatures: number) => device.prepare({ presignatures, commitments: NO_COMMITMENTS });

/** What a message says, read with the keys of its receiver. */
async function opened(by: Ends['cheatChannel'], envelopes: readonly Envelope[]): Promise<Uint8Array> {
  let body = new Uint8Array();
  for (const envelope of envelopes) {
    await by.receive(envelope, async (message) => {
      body = message.body.slice();
      return [];
    });
  }
  return body;
}

/** A request as a device could make it by hand. */
async function raw({ deviceTwin }: Ends, round: number, request: MessageInitShape<typeof SigningRequestSchema>): Promise<Envelope[]> {
  return deviceTwin.sealAll(NODE, round, toBinary(SigningRequestSchema, create(SigningRequestSchema, request)));
}
const send = async ({ node }: Ends, envelopes: readonly Envelope[]): Promise<Envelope[]> => {
  const answers: Envelope[] = [];
  for (const envelope of envelopes) answers.push(...(await node.receive(envelope)));
  return answers;
};
const using = (material: Use['material']) => ({
  sign: { intent: new Uint8Array([1]), uses: [{ material, message: new Uint8Array(8) }] },
});

/** The node's answer as it could have made it: changed, and sealed and signed by the node itself. */
async function changed(both: Ends, reply: readonly Envelope[], round: number, change: (answer: SigningReply) => void): Promise<Envelope[]> {
  const answer = fromBinary(SigningReplySchema, await opened(both.deviceTwin, reply));
  change(answer);
  return both.cheatChannel.sealAll(DEVICE, round, toBinary(SigningReplySchema, answer));
}

describe('a node', () => {
  it('uses a presignature for one signature of its own key', async () => {
    const material = async (both: Ends): Promise<Use['material']> => {
      await presign(both, 1);
      const own = await both.request([ECDSA]);
      const { sign } = fromBinary(SigningRequestSchema, await opened(both.cheatChannel, own.envelopes));
      return sign?.uses[0]?.material ?? { case: undefined };
    };
    const other = await ends({ tasks: [taskOf('ed25519', 1)] });
    expect(await codeOf(send(other, await raw(other, 90, using(await material(other)))))).toBe('intent/commitment-spent');
    const twice = await ends({ tasks: [ECDSA, taskOf('ecdsa', 2)] });
    const one = await material(twice);
    const uses = [8, 9].map((length) => ({ material: one, message: new Uint8Array(length) }));
    const request = await raw(twice, 90, { sign: { intent: new Uint8Array([1]), uses } });
    expect(await codeOf(send(twice, request))).toBe('input/malformed');
  });

  it('spends what a request named, also when the approval was used before', async () => {
    const alive = new Set<Presignature>();
    const accept = async (): Promise<void> => {
      throw new TrefoilError('intent/repeated', { operation: 'test' });
    };
    const both = await ends({ accept }, counting(engine, alive));
    await presign(both, 1);
    const call = await both.request([ECDSA]);
    expect(await codeOf(answerOf(both.node, call))).toBe('intent/repeated');
    call.cancel();
    // The device gave its half to the request.
    expect(alive.size).toBe(1);
  });

  it('counts a message of a signature that does not check as the device’s strike', async () => {
    const both = await ends({ tasks: [taskOf('ed25519', 1)] });
    const request = await raw(both, 90, using({ case: 'slot', value: 3 }));
    await expect(send(both, request)).rejects.toMatchObject({ blame: 'peer', culprits: [DEVICE] });
    expect(both.strikes.map(({ culprits }) => culprits)).toEqual([[DEVICE]]);
  });

  it('reports the end of every batch to its gate, however it ended', async () => {
    let [begun, ended, time] = [0, 0, clock()];
    const begin = (): void => {
      begun += 1;
    };
    const end = (): void => {
      ended += 1;
    };
    const both = await ends({ gate: { begin, end }, clock: () => time });
    await presign(both, 1);
    expect([begun, ended]).toEqual([1, 1]);
    await answerOf(both.node, await ask(both, 1));
    expect([begun, ended]).toEqual([2, 1]);
    time = (time + BATCH_DEADLINE_MS) as UnixMs;
    both.node.tick(time);
    expect([begun, ended]).toEqual([2, 2]);
    const cheating = await raw(both, 90, { presign: { batch: 3, count: 1, messages: [{ round: 1, payload: new Uint8Array(9) }] } });
    expect(await codeOf(send(both, cheating))).toMatch(/^engine\//);
    expect([begun, ended]).toEqual([3, 3]);
    await answerOf(both.node, await ask(both, 1)).catch(() => undefined);
    both.node.close();
    expect(ended).toBe(begun);
  });

  it('takes an index for one of the batch that the same message completes, never for one that it keeps', async () => {
    const both = await ends({ tasks: [ECDSA] });
    await presign(both, 2);
    for (const [i, index] of [0, 1, 2].entries()) {
      const request = await raw(both, 90 + i, using({ case: 'index', value: index }));
      expect(await codeOf(send(both, request))).toBe('intent/commitment-spent');
    }
    expect(await carry(both.node, await both.request([ECDSA]))).toHaveLength(1);
  });

  it('keeps none of a batch whose signature it refused', async () => {
    const alive = new Set<Presignature>();
    const both = await ends({ refuse: new TrefoilError('intent/expired', { operation: 'test' }) }, counting(engine, alive));
    const batch = await carry(both.node, await ask(both, 3));
    const call = await both.request([ECDSA], batch);
    let made = 0;
    const answer = answerOf(both.node, call).finally(() => {
      made = alive.size;
    });
    expect(await codeOf(answer)).toBe('intent/expired');
    call.cancel();
    expect([made, alive.size]).toEqual([0, 0]);
    await presign(both, 3);
    expect(alive.size).toBe(6);
  });

  it('begins no batch of a number again, also when that batch has ended', async () => {
    const both = await ends();
    const first = await ask(both, 1);
    const { presign: step } = fromBinary(SigningRequestSchema, await opened(both.cheatChannel, first.envelopes));
    const batch = await carry(both.node, first);
    if (batch === undefined || step === undefined) throw new Error('a batch');
    await carry(both.node, await both.device.complete(batch));
    expect(await codeOf(send(both, await raw(both, 90, { presign: step })))).toBe('session/wrong-round');
    expect(await codeOf(send(both, await raw(both, 91, { presign: { ...step, batch: 0 } })))).toBe('session/wrong-round');
  });

  it('makes batches of limited size, and a limited number of commitments', async () => {
    const both = await ends();
    const step = { batch: 1, count: BATCH_MAX_COUNT + 1, messages: [] };
    expect(await codeOf(send(both, await raw(both, 90, { presign: step })))).toBe('input/malformed');
    const commitments = { taproot: COMMITMENTS_MAX_COUNT, ed25519: 1 };
    expect(await codeOf(send(both, await raw(both, 91, { commitments })))).toBe('input/too-large');
  });

  it('answers no request in the round of its own first message', async () => {
    const both = await ends({ tasks: [taskOf('taproot', 1)] });
    expect(await codeOf(send(both, await raw(both, 1, using({ case: 'slot', value: 0 }))))).toBe('session/wrong-round');
  });
});

describe('a device', () => {
  it('keeps none of a batch whose signature does not check', async () => {
    const both = await ends();
    const batch = await carry(both.node, await ask(both, 3));
    const call = await both.request([ECDSA], batch);
    const reply = await changed(both, await answerOf(both.node, call), 3, ({ sign }) => {
      const [share = new Uint8Array(1)] = sign?.shares ?? [];
      share[share.length - 1] = (share[share.length - 1] ?? 0) ^ 1;
    });
    await expect(call.finish(reply)).rejects.toMatchObject({ blame: 'peer', culprits: [NODE] });
    expect(both.device.available('ecdsa')).toBe(0);
  });

  it('takes no answer that is for another batch', async () => {
    const both = await ends();
    const call = await ask(both, 1);
    const reply = await changed(both, await answerOf(both.node, call), 2, ({ presign: step }) => {
      if (step !== undefined) step.batch += 1;
    });
    await expect(call.finish(reply)).rejects.toMatchObject({ code: 'engine/malformed', culprits: [NODE] });
  });

  it('takes no answer to another request, also when it has not read it yet', async () => {
    const both = await ends({ tasks: [taskOf('ed25519', 1)] });
    const [first, second] = [await both.request([taskOf('ed25519', 1)]), await both.request([taskOf('ed25519', 1)])];
    const reply = await answerOf(both.node, first);
    expect(await codeOf(second.finish(reply))).toBe('session/wrong-round');
  });

  it('takes nothing for an answer that is missing or incomplete', async () => {
    const both = await ends();
    expect(await codeOf((await both.request([taskOf('ed25519', 1)])).finish([]))).toBe('session/wrong-round');
    const batch = await carry(both.node, await ask(both, 8));
    if (batch === undefined) throw new Error('a batch');
    const call = await both.device.complete(batch);
    const parts = await answerOf(both.node, call);
    expect(parts.length).toBeGreaterThan(1);
    expect(await codeOf(call.finish(parts.slice(1)))).toBe('session/wrong-round');
    expect(both.device.available('ecdsa')).toBe(0);
  });

  it('names the presignatures of its batch in the order of its tasks', async () => {
    const both = await ends();
    const batch = await carry(both.node, await ask(both, 2));
    const call = await both.request([ECDSA, taskOf('ecdsa', 2)], batch);
    const request: SigningRequest = fromBinary(SigningRequestSchema, await opened(both.cheatChannel, call.envelopes));
    expect(request.sign?.uses.map(({ material }) => material)).toEqual([0, 1].map((value) => ({ case: 'index', value })));
    call.cancel();
  });
});

/** The engine, and which of the presignatures that it handed out were not freed yet. */
function counting(real: Engine, alive: Set<Presignature>): Engine {
  const watch = (presignature: Presignature): void => {
    const free = presignature.free.bind(presignature);
    alive.add(presignature);
    presignature.free = () => {
      alive.delete(presignature);
      free();
    };
  };
  return {
    ...real,
    presign: (options) => {
      const run = real.presign(options);
      const outcome = run.outcome.bind(run);
      run.outcome = () => {
        const now = outcome();
        if (now.status === 'done') now.result.forEach(watch);
        return now;
      };
      return run;
    },
  };
}
