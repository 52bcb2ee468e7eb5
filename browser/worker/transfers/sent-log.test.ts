import { describe, expect, it } from 'vitest';
import type { ChainId } from '#shared/ids.ts';
import type { HistoryEntry } from '#shared/ports/chain.ts';
import { mergeActivity, type SentEntry, SentLog, stateOf } from './sent-log.ts';

const chain = 'solana:localnet' as ChainId;
const entry = (id: string, time: number): SentEntry => ({
  ...{ chain, account: 0, id, to: 'friend', amount: 2n ** 63n, token: undefined, fee: 5n, time },
  state: 'pending',
});
const listed = (id: string, time: number | undefined, confirmed = true): HistoryEntry => ({
  id,
  direction: 'in',
  amount: 1n,
  token: undefined,
  fee: undefined,
  counterparty: undefined,
  confirmed,
  time,
});

/** A place that keeps the bytes it was given. */
function place() {
  let bytes: Uint8Array | undefined;
  const writeNote = async (_kind: 'sent', plaintext: Uint8Array) => {
    bytes = plaintext;
  };
  return { readNote: async () => bytes, writeNote };
}

describe('SentLog', () => {
  it('keeps whole amounts across a reload, newest first', async () => {
    const here = place();
    const log = new SentLog(here);
    await log.add([entry('a', 1)]);
    await log.add([entry('b', 2)]);
    expect(await new SentLog(here).entries()).toEqual([entry('b', 2), entry('a', 1)]);
  });

  it('records how a transaction ended', async () => {
    const here = place();
    await new SentLog(here).add([entry('a', 1)]);
    await new SentLog(here).mark('a', 'confirmed');
    expect((await new SentLog(here).entries())[0]?.state).toBe('confirmed');
  });

  it('keeps every payment of a transaction, and its token', async () => {
    const here = place();
    await new SentLog(here).add([entry('a', 1), { ...entry('a', 1), to: 'other', token: '0xToken' }]);
    expect((await new SentLog(here).entries()).map(({ to, token }) => [to, token])).toEqual([
      ['friend', undefined],
      ['other', '0xToken'],
    ]);
  });

  it('reads what a version without accounts and tokens wrote', async () => {
    const old = [{ chain, id: 'a', to: 'friend', amount: '7', fee: '5', time: 1, state: 'pending' }];
    const bytes = new TextEncoder().encode(JSON.stringify(old));
    const log = new SentLog({ readNote: async () => bytes, writeNote: async () => undefined });
    expect(await log.entries()).toMatchObject([{ account: 0, token: undefined, amount: 7n }]);
  });

  it('drops the oldest line beyond its limit', async () => {
    const log = new SentLog(place());
    for (let count = 0; count < 201; count += 1) await log.add([entry(String(count), count)]);
    const entries = await log.entries();
    expect([entries.length, entries[0]?.id, entries.at(-1)?.id]).toEqual([200, '200', '1']);
  });
});

describe('mergeActivity', () => {
  it('adds what the network does not list and trusts it for the rest', () => {
    const merged = mergeActivity(
      { chain, account: 0 },
      [listed('a', 10), listed('new', undefined, false)],
      [entry('a', 9), entry('b', 20)],
    );
    expect(merged.map(({ id, state }) => [id, state])).toEqual([
      ['a', 'confirmed'],
      ['new', 'pending'],
      ['b', 'pending'],
    ]);
  });

  it('leaves other chains and accounts out', () => {
    expect(mergeActivity({ chain: 'bip122:x' as ChainId, account: 0 }, [], [entry('a', 1)])).toEqual([]);
    expect(mergeActivity({ chain, account: 1 }, [], [entry('a', 1)])).toEqual([]);
  });
});

describe('stateOf', () => {
  it('counts a dropped transaction as failed', () => {
    expect(stateOf({ state: 'dropped' })).toBe('failed');
  });
});
