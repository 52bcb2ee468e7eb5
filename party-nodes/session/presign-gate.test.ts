import { beforeEach, describe, expect, it } from 'vitest';
import { TrefoilError } from '#shared/errors.ts';
import { randomWalletId, type UnixMs } from '#shared/ids.ts';
import { NODE_BATCHES_MAX_COUNT, STRIKES_KEPT_MS, STRIKES_MAX_COUNT } from '#shared/limits.ts';
import type { BatchGate } from '#shared/session/signing/node/node-batches.ts';
import { codeOf } from '#test/support/code-of.ts';
import { PresignGate } from './presign-gate.ts';

let time: UnixMs;
let gate: PresignGate;
let [one, other]: BatchGate[] = [];
beforeEach(() => {
  time = 1_700_000_000_000 as UnixMs;
  gate = new PresignGate(() => time);
  [one, other] = [gate.of(randomWalletId()), gate.of(randomWalletId())];
});

const begin = (at: BatchGate | undefined): Promise<string> => codeOf(() => at?.begin());
const strike = (at: BatchGate | undefined): void => at?.strike(new TrefoilError('engine/bad-share', { operation: 'test', culprits: [1] }));

describe('what a node allows of presigning', () => {
  it('is so many unfinished batches, whoever has them', async () => {
    for (let i = 0; i < NODE_BATCHES_MAX_COUNT; i += 1) expect(await begin(i % 2 === 0 ? one : other)).toBe('no error');
    expect([await begin(one), await begin(other)]).toEqual(['service/busy', 'service/busy']);
    one?.end();
    expect([await begin(other), await begin(one)]).toEqual(['no error', 'service/busy']);
  });

  it('is nothing for a while after too many failed checks of one wallet, and goes on for the others', async () => {
    for (let i = 0; i < STRIKES_MAX_COUNT; i += 1) {
      expect(await begin(one)).toBe('no error');
      one?.end();
      strike(one);
      time = (time + 1) as UnixMs;
    }
    gate.tick();
    expect([await begin(one), await begin(other)]).toEqual(['session/too-many-strikes', 'no error']);
    time = (time + STRIKES_KEPT_MS - STRIKES_MAX_COUNT) as UnixMs;
    gate.tick();
    expect(await begin(one)).toBe('no error');
  });

  it('counts the strikes of a wallet over all its sessions', async () => {
    const wallet = randomWalletId();
    for (let i = 0; i < STRIKES_MAX_COUNT; i += 1) strike(gate.of(wallet));
    expect(await begin(gate.of(wallet))).toBe('session/too-many-strikes');
  });
});
