/** Parts that die at the worst moment: the session ends with a reason that all who live agree on, and a retry works. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TrefoilError } from '#shared/errors.ts';
import { ROUND_DEADLINE_CEILING_MS, ROUND_DEADLINE_FLOOR_MS } from '#shared/limits.ts';
import { createTestWallet, signerOf, TestDevice, type TestWallet, transferOf, verifies } from '../support/device.ts';
import { type Edge, joinEdge } from '../support/edge.ts';
import type { TestNode } from '../support/party-nodes.ts';
import type { Call, Meddle } from '../support/relay.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await joinEdge();
});
afterEach(() => edge.honest());
afterAll(() => edge?.close());

/** Long enough for a loaded machine, far below the deadline of a round. */
const SOON_MS = 15_000;

type Moment = 'before' | 'after';

/** Ends something at the nth call that matters, before the call arrives or after it was answered; nobody hears the answer. */
function dyingAt(
  counts: (call: Call) => boolean,
  nth: number,
  moment: Moment,
  die: () => Promise<void>,
): { meddle: Meddle; died: () => boolean } {
  let calls = 0;
  let died = false;
  return {
    died: () => died,
    meddle: async (call, forward) => {
      if (!counts(call)) return forward(call);
      calls += 1;
      if (calls !== nth + 1) return forward(call);
      died = true;
      if (moment === 'after') await forward(call);
      await die();
      return undefined;
    },
  };
}

interface Outcome {
  readonly error: unknown;
  readonly device: TestDevice;
  readonly session: string;
  readonly elapsedMs: number;
}

async function creation(meddleFront?: Meddle): Promise<Outcome> {
  const device = new TestDevice(edge.release);
  let session = '';
  edge.front.meddle(async (call, forward) => {
    session = /sessions\/([0-9a-f]{64})/.exec(call.path) === null ? session : (call.path.match(/.*sessions\/[0-9a-f]{64}/)?.[0] ?? '');
    return meddleFront === undefined ? forward(call) : meddleFront(call, forward);
  });
  const start = performance.now();
  const error = await device.create().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, device, session, elapsedMs: performance.now() - start };
}

const statusOf = async (session: string): Promise<unknown> => (await fetch(edge.gateway.url + session)).json();
/** The last phase that a node has logged for a session. */
function lastPhase(node: TestNode, session: string): string {
  const id = session.slice(-64);
  const lines = node
    .output()
    .split('\n')
    .filter((line) => line.includes(id) && line.includes('session.transition'));
  return String((JSON.parse(lines.at(-1) ?? '{}') as { phase?: string }).phase ?? 'none');
}

describe('a node that dies in the creation of a wallet', () => {
  for (const [at, name] of ['Frankfurt', 'Virginia'].entries()) {
    it(`${name}: the session ends soon, everybody knows why, and a retry works`, async () => {
      const node = edge.nodes[at as 0 | 1];
      const other = edge.nodes[at === 0 ? 1 : 0];
      let visited = 0;
      for (let nth = 0; ; nth += 1) {
        for (const moment of ['before', 'after'] as const) {
          const dying = dyingAt(
            ({ path }) => !path.endsWith('/AbortSession'),
            nth,
            moment,
            () => node.kill(),
          );
          edge.links[at as 0 | 1].meddle(dying.meddle);
          const { error, device, session, elapsedMs } = await creation();
          edge.honest();
          if (!dying.died()) {
            expect(error).toBeUndefined();
            expect(visited).toBeGreaterThanOrEqual(8);
            console.log(`${name} died at ${visited} moments`);
            return;
          }
          visited += 1;
          const what = `${moment} call ${nth}`;
          expect(elapsedMs, what).toBeLessThan(SOON_MS);
          expect(error, what).toBeInstanceOf(TrefoilError);
          expect(error, what).toMatchObject({
            code: 'session/party-unreachable',
            blame: 'service',
            retryable: true,
            culprits: [node.party],
          });
          expect(device.store.steps, what).not.toContain('complete');
          if (session !== '') {
            const reason = { code: 'session/party-unreachable', culprits: [node.party] };
            expect(await statusOf(session), what).toEqual({ phase: 'ABORT', reason });
            // A node that has heard COMMITTED of everybody has nothing left to abort.
            const ends = device.store.steps.includes('commit') ? ['ABORT', 'FINAL'] : ['ABORT'];
            await expect.poll(() => lastPhase(other, session), { timeout: 5000 }).toMatch(new RegExp(ends.join('|')));
          }
          await node.start();
          const retry = await creation();
          expect(retry.error, what).toBeUndefined();
          expect(retry.device.store.steps, what).toEqual(['prepare', 'commit', 'complete']);
          edge.honest();
        }
      }
    });
  }

  it('or is silent: the session ends by its deadline and names it', async () => {
    let silent = 0;
    const [, link] = edge.links;
    link.meddle((call, forward) => {
      if (!call.path.endsWith('/Exchange')) return forward(call);
      silent += 1;
      return silent < 2 ? forward(call) : new Promise(() => undefined);
    });
    const { error, device, session, elapsedMs } = await creation();
    expect(error).toBeInstanceOf(TrefoilError);
    expect(error).toMatchObject({ culprits: [3], retryable: true });
    expect((error as TrefoilError).code).toMatch(/^session\/(timeout|party-unreachable)$/);
    expect(elapsedMs).toBeGreaterThan(ROUND_DEADLINE_FLOOR_MS - 200);
    expect(elapsedMs).toBeLessThan(ROUND_DEADLINE_CEILING_MS + 10_000);
    expect(device.store.steps).toEqual([]);
    expect(await statusOf(session)).toMatchObject({ phase: 'ABORT', reason: { culprits: [3] } });
    await expect.poll(() => lastPhase(edge.nodes[0], session), { timeout: 5000 }).toBe('ABORT');
    await expect.poll(() => lastPhase(edge.nodes[1], session), { timeout: 5000 }).toBe('ABORT');
    edge.honest();
    expect((await creation()).error).toBeUndefined();
  });
});

describe('a gateway that dies in the creation of a wallet', () => {
  it('goes on where it was when it is back: the wallet is made', async () => {
    let visited = 0;
    for (let nth = 0; ; nth += 1) {
      for (const moment of ['before', 'after'] as const) {
        const dying = dyingAt(
          ({ method }) => method === 'POST',
          nth,
          moment,
          async () => {
            await edge.gateway.kill();
            await edge.gateway.start();
          },
        );
        const { error, device } = await creation(dying.meddle);
        expect(error, `${moment} call ${nth}`).toBeUndefined();
        expect(device.store.steps).toEqual(['prepare', 'commit', 'complete']);
        if (!dying.died()) {
          expect(visited).toBeGreaterThanOrEqual(6);
          return;
        }
        visited += 1;
      }
    }
  });
});

describe('a node that dies in a signature', () => {
  let wallet: TestWallet;
  beforeAll(async () => {
    wallet = await createTestWallet(edge.release);
  });
  const isExchange = ({ path }: Call): boolean => path.endsWith('/Exchange');

  it('is stood in for by the next', async () => {
    for (const moment of ['before', 'after'] as const) {
      const signer = await signerOf(wallet, edge.release);
      await signer.open();
      const dying = dyingAt(isExchange, 0, moment, () => edge.nodes[0].kill());
      edge.links[0].meddle(dying.meddle);
      const transfer = transferOf(wallet);
      const { signatures, servedBy } = await signer.sign(transfer);
      expect(dying.died()).toBe(true);
      expect(servedBy).toBe('Virginia');
      expect(verifies(wallet, transfer, signatures[0])).toBe(true);
      signer.close();
      edge.honest();
      await edge.nodes[0].start();
    }
  });

  it('together with the other: the request fails with a reason, and works once one is back', async () => {
    const signer = await signerOf(wallet, edge.release);
    await signer.open();
    const aborted = (): number =>
      edge.gateway
        .logs()
        .split('\n')
        .filter((line) => line.includes('"protocol":"signing"') && line.includes(wallet.walletId) && line.includes('ABORT')).length;
    const before = aborted();
    const dying = edge.nodes.map((node) => dyingAt(isExchange, 0, 'after', () => node.kill()));
    edge.links.forEach((link, i) => {
      link.meddle(dying[i]?.meddle);
    });
    const transfer = transferOf(wallet);
    await expect(signer.sign(transfer)).rejects.toMatchObject({ code: 'session/party-unreachable', culprits: [3], retryable: true });
    expect(dying.map(({ died }) => died())).toEqual([true, true]);
    await expect.poll(aborted, { timeout: 5000 }).toBe(before + 2);
    edge.honest();
    await edge.nodes[1].start();
    const { signatures, servedBy } = await signer.sign(transferOf(wallet));
    expect([signatures.length, servedBy]).toEqual([1, 'Virginia']);
    await edge.nodes[0].start();
    signer.close();
  });
});
