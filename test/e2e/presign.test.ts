/** The pool of presignatures between a device and two real nodes: filled ahead, used once, gone with whoever dies, and never in a signature's way. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Signer } from '#browser/worker/ceremonies/signing/signer.ts';
import { TrefoilError } from '#shared/errors.ts';
import { codeOf } from '../support/code-of.ts';
import { createTestWallet, messageOf, signerOf, type TestWallet, transferOf, verifies, watchedEngine } from '../support/device.ts';
import { type Edge, joinEdge } from '../support/edge.ts';
import type { Call, Meddle } from '../support/relay.ts';

let edge: Edge;
let wallet: TestWallet;
const open: Signer[] = [];
beforeAll(async () => {
  edge = await joinEdge();
  wallet = await createTestWallet(edge.release);
});
afterEach(() => {
  edge.honest();
  for (const signer of open.splice(0)) signer.close();
});
afterAll(() => edge?.close());

async function newSigner(...[engine]: [Parameters<typeof signerOf>[2]?]): Promise<Signer> {
  const signer = await signerOf(wallet, edge.release, engine);
  open.push(signer);
  return signer;
}

/** Which step of pool or signature a call of the device is. */
function stepOf({ method, path }: Call): string | undefined {
  if (method !== 'POST') return undefined;
  if (path.endsWith('/sessions')) return 'open';
  if (path.endsWith('/messages')) return 'message';
  return path.endsWith('/signatures') ? 'sign' : undefined;
}

/** Every call of the device that passes, by step. */
function recorder(): { steps: string[]; meddle: Meddle } {
  const steps: string[] = [];
  return {
    steps,
    meddle: (call, forward) => {
      const step = stepOf(call);
      if (step !== undefined) steps.push(step);
      return forward(call);
    },
  };
}

const strikesOf = (at: 0 | 1): number =>
  edge.nodes[at]
    .output()
    .split('\n')
    .filter((line) => line.includes('presign.strike') && line.includes(wallet.walletId)).length;

describe('the pool', () => {
  it('is filled with both nodes in the background; then a signature is one round trip', async () => {
    const signer = await newSigner();
    await signer.poolsFilled();
    const calls = recorder();
    edge.front.meddle(calls.meddle);
    const message = messageOf(wallet);
    const { signatures, roundTrips } = await signer.sign(message);
    expect([verifies(wallet, message, signatures[0]), roundTrips]).toEqual([true, 1]);
    expect(calls.steps[0]).toBe('sign');
  });

  it('begins small, so that a signature right after unlock finds some', async () => {
    const calls = recorder();
    edge.front.meddle(calls.meddle);
    const signer = await newSigner();
    signer.fillPools();
    await expect.poll(() => calls.steps.filter((step) => step === 'message').length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
    expect((await signer.sign(messageOf(wallet))).roundTrips).toBe(1);
  });

  it('without a presignature: a cold signature takes two round trips with an open session, and says so first', async () => {
    const signer = await newSigner();
    await signer.open();
    const calls = recorder();
    edge.front.meddle(calls.meddle);
    const message = messageOf(wallet);
    const said: string[] = [];
    const { signatures, roundTrips } = await signer.sign({ ...message, onPreparing: () => said.push('preparing') });
    expect([verifies(wallet, message, signatures[0]), roundTrips]).toEqual([true, 2]);
    expect(calls.steps).toEqual(['message', 'message']);
    expect(said).toEqual(['preparing']);
  });

  it('signs ten messages with one approval in one request, each verified', async () => {
    const signer = await newSigner();
    await signer.poolsFilled();
    const calls = recorder();
    edge.front.meddle(calls.meddle);
    const texts = Array.from({ length: 10 }, (_, i) => `message ${i}`);
    const approval = messageOf(wallet, ...texts);
    const { signatures, roundTrips } = await signer.sign(approval);
    expect([signatures.length, roundTrips, calls.steps[0]]).toEqual([10, 1, 'sign']);
    approval.tasks.forEach((task, i) => {
      expect(verifies(wallet, { requests: [], tasks: [task] }, signatures[i])).toBe(true);
    });
  });

  it('never delays a signature: nothing is computed for it while one is under way', async () => {
    const { engine } = await watchedEngine();
    let [signing, inTheWay, steps] = [false, 0, 0];
    const heavy = <T>(work: () => T): T => {
      steps += 1;
      if (signing) inTheWay += 1;
      return work();
    };
    const watched: typeof engine = {
      ...engine,
      presign: (options) => {
        const run = heavy(() => engine.presign(options));
        const receive = run.receive.bind(run);
        run.receive = (...message) => heavy(() => receive(...message));
        return run;
      },
    };
    const signer = await newSigner(watched);
    await signer.poolsFilled();
    const before = steps;
    // Twenty signatures leave the pool below half, and it fills up again between them.
    let hits = 0;
    for (let i = 0; i < 20; i += 1) {
      signing = true;
      const { roundTrips } = await signer.sign(messageOf(wallet));
      signing = false;
      if (roundTrips === 1) hits += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await signer.poolsFilled();
    expect(inTheWay).toBe(0);
    expect(hits / 20).toBeGreaterThan(0.9);
    expect(steps).toBeGreaterThan(before);
  });

  it('rests while the page is hidden, and goes on when it is seen', async () => {
    const calls = recorder();
    edge.front.meddle(calls.meddle);
    const signer = await newSigner();
    signer.setVisible(false);
    await signer.poolsFilled();
    expect(calls.steps).toEqual([]);
    signer.setVisible(true);
    await signer.poolsFilled();
    expect(calls.steps.filter((step) => step === 'message').length).toBeGreaterThanOrEqual(4);
  });

  it('rests when the service asks for restraint, and signs all the same', async () => {
    const problem = new TrefoilError('service/busy', { operation: 'presign' }).toProblem();
    let asked = 0;
    edge.front.meddle(async (call, forward) => {
      if (stepOf(call) !== 'message') return forward(call);
      asked += 1;
      const headers = { 'content-type': 'application/problem+json', 'access-control-allow-origin': '*' };
      return { status: 503, headers, body: new TextEncoder().encode(JSON.stringify(problem)) };
    });
    const signer = await newSigner();
    await signer.poolsFilled();
    expect(asked).toBe(2);
    const transfer = transferOf(wallet);
    const { signatures, roundTrips } = await signer.sign(transfer);
    expect([verifies(wallet, transfer, signatures[0]), roundTrips]).toEqual([true, 1]);
    // Nothing more was asked for in the meantime: both nodes are left alone.
    expect(asked).toBe(2);
  });
});

/** Steps of the first node until it has made two batches: later ones repeat these. */
const STEPS_OF_TWO_BATCHES = 7;
/** Messages in which a node makes one batch. */
const STEPS_OF_A_BATCH = 2;

/** Kills the first node at one of its calls, and knows when enough was made to go on. */
function killer(dies?: { readonly nth: number; readonly moment: 'before' | 'after' }) {
  const steps: string[] = [];
  const enough = Promise.withResolvers<void>();
  let died = false;
  /** Of the second node, since the first is dead. */
  let stoodIn = 0;
  edge.links[0].meddle(async (call, forward) => {
    const at = steps.push(call.path.split('/').at(-1) ?? '') - 1;
    const isLast = at === dies?.nth;
    if (isLast) died = true;
    const answer = isLast && dies?.moment === 'before' ? undefined : await forward(call);
    if (isLast) await edge.nodes[0].kill();
    if (!died && steps.length >= STEPS_OF_TWO_BATCHES) enough.resolve();
    return isLast ? undefined : answer;
  });
  edge.links[1].meddle(async (call, forward) => {
    const answer = await forward(call);
    if (died && call.path.endsWith('/Exchange')) stoodIn += 1;
    if (stoodIn >= STEPS_OF_A_BATCH) enough.resolve();
    return answer;
  });
  return { steps, enough: enough.promise, hasDied: () => died };
}

/** A cold signature, then presignatures made ahead, then a warm one: every step that pool and signature have. @returns the codes */
async function coldThenWarm(signer: Signer, enough: Promise<void>): Promise<string> {
  await signer.open();
  const sign = (): Promise<string> => {
    const message = messageOf(wallet);
    const signed = signer.sign(message).then(({ signatures }) => {
      if (!verifies(wallet, message, signatures[0])) throw new Error('a bad signature');
    });
    return codeOf(signed);
  };
  const cold = await sign();
  const filled = signer.poolsFilled();
  await Promise.race([filled, enough]);
  signer.setVisible(false);
  await filled;
  return [cold, await sign()].join();
}

describe('a node that dies, kill -9', () => {
  it('at each step of pool and signature: never two uses of a presignature, a clear result, and the next signature works', async () => {
    const watched = await watchedEngine();
    const honest = killer();
    expect(await coldThenWarm(await newSigner(watched.engine), honest.enough)).toBe('no error,no error');
    const total = honest.steps.length;
    expect(new Set(honest.steps)).toEqual(new Set(['OpenSession', 'Exchange']));
    // The last one is the warm signature.
    const moments = [...Array.from({ length: Math.min(total - 1, STEPS_OF_TWO_BATCHES) }, (_, i) => i), total - 1];
    let visited = 0;
    for (const nth of moments) {
      for (const moment of ['before', 'after'] as const) {
        const what = `${moment} call ${nth} of ${total}`;
        const { enough, hasDied } = killer({ nth, moment });
        const signer = await newSigner(watched.engine);
        const result = await coldThenWarm(signer, enough);
        expect(result, what).toMatch(/^((no error|session\/party-unreachable|session\/timeout),?){2}$/);
        edge.honest();
        if (hasDied()) visited += 1;
        await edge.nodes[0].start();
        const message = messageOf(wallet);
        const { signatures } = await signer.sign(message);
        expect(verifies(wallet, message, signatures[0]), what).toBe(true);
        signer.close();
      }
    }
    expect(visited).toBeGreaterThanOrEqual(2 * moments.length - 2);
    expect(new Set(watched.used).size).toBe(watched.used.length);
    console.log(`the node died at ${visited} moments of ${total} calls; ${watched.used.length} presignatures used, none twice`);
  }, 300_000);

  it('takes its presignatures along: the device begins anew and the old ones sign nothing', async () => {
    const signer = await newSigner();
    await signer.poolsFilled();
    for (const node of edge.nodes) {
      await node.kill();
      await node.start();
    }
    const message = messageOf(wallet);
    const said: string[] = [];
    const { signatures, roundTrips } = await signer.sign({ ...message, onPreparing: () => said.push('preparing') });
    expect(verifies(wallet, message, signatures[0])).toBe(true);
    expect([roundTrips, said]).toEqual([4, ['preparing']]);
  });
});

describe('a batch that does not check', () => {
  it('made by a device that cheats: named, burnt, counted, and after too many presigning rests while signing goes on', async () => {
    const { engine } = await watchedEngine();
    const cheat: typeof engine = {
      ...engine,
      presign: (options) => {
        const run = engine.presign(options);
        const receive = run.receive.bind(run);
        run.receive = (from, round, payload) => {
          const messages = receive(from, round, payload);
          for (const message of messages.slice(-1)) message.payload[message.payload.length - 1] = (message.payload.at(-1) ?? 0) ^ 1;
          return messages;
        };
        return run;
      },
    };
    const codes: string[] = [];
    for (let i = 0; i < 9; i += 1) {
      const signer = await newSigner(cheat);
      await signer.open();
      codes.push(await codeOf(signer.sign(messageOf(wallet))));
      signer.close();
    }
    expect(codes.slice(0, 8).every((code) => code.startsWith('engine/'))).toBe(true);
    expect(codes[8]).toBe('session/too-many-strikes');
    expect(strikesOf(0)).toBe(8);
    const signer = await newSigner();
    await signer.open();
    const transfer = transferOf(wallet);
    expect(verifies(wallet, transfer, (await signer.sign(transfer)).signatures[0])).toBe(true);
  });
});
