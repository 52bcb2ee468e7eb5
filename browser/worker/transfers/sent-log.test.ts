import { describe, expect, it } from 'vitest';
import type { ChainId } from '../../../shared/ids.ts';
import type { HistoryEntry } from '../../../shared/ports/chain.ts';
import { mergeActivity, type SentEntry, SentLog, stateOf } from './sent-log.ts';

const chain = 'solana:localnet' as ChainId;
const entry = (id: string, time: number): SentEntry => ({ chain, id, to: 'friend', amount: 2n ** 63n, fee: 5n, time, state: 'pending' });
const listed = (id: string, time: number | undefined, confirmed = true): HistoryEntry => ({
  id,
  direction: 'in',
  amount: 1n,
  fee: undefined,
  counterparty: undefined,
  confirmed,
  time,
});

/** A place that keeps the bytes it was given. */
function place() {
  let bytes: Uint8Array | undefined;
  const writeSent = async (plaintext: Uint8Array) => {
    bytes = plaintext;
  };
  return { readSent: async () => bytes, writeSent };
}

describe('SentLog', () => {
  it('keeps whole amounts across a reload, newest first', async () => {
    const here = place();
    const log = new SentLog(here);
    await log.add(entry('a', 1));
    await log.add(entry('b', 2));
    expect(await new SentLog(here).entries()).toEqual([entry('b', 2), entry('a', 1)]);
  });

  it('records how a transaction ended', async () => {
    const here = place();
    await new SentLog(here).add(entry('a', 1));
    await new SentLog(here).mark('a', 'confirmed');
    expect((await new SentLog(here).entries())[0]?.state).toBe('confirmed');
  });

  it('drops the oldest line beyond its limit', async () => {
    const log = new SentLog(place());
    for (let count = 0; count < 201; count += 1) await log.add(entry(String(count), count));
    const entries = await log.entries();
    expect([entries.length, entries[0]?.id, entries.at(-1)?.id]).toEqual([200, '200', '1']);
  });
});

describe('mergeActivity', () => {
  it('adds what the network does not list and trusts it for the rest', () => {
    const merged = mergeActivity(chain, [listed('a', 10), listed('new', undefined, false)], [entry('a', 9), entry('b', 20)]);
    expect(merged.map(({ id, state }) => [id, state])).toEqual([
      ['a', 'confirmed'],
      ['new', 'pending'],
      ['b', 'pending'],
    ]);
  });

  it('leaves other chains out', () => {
    expect(mergeActivity('bip122:x' as ChainId, [], [entry('a', 1)])).toEqual([]);
  });
});

describe('stateOf', () => {
  it('counts a dropped transaction as failed', () => {
    expect(stateOf({ state: 'dropped' })).toBe('failed');
  });
});
