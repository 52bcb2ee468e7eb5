import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrefoilError } from '../errors.ts';
import type { PartyId, UnixMs } from '../ids.ts';
import { isOver, missingParties, openSession, reduceSession, type SessionEvent, type SessionState } from './reducer.ts';

const PARTIES = [1, 2, 3] as PartyId[];
const at = (ms: number): UnixMs => ms as UnixMs;
const fresh = (): SessionState => openSession({ parties: PARTIES, speakers: [PARTIES, PARTIES], roundMs: 1000, now: at(0) });
const message = (round: number, party: number, now = 10): SessionEvent => ({
  type: 'message',
  round,
  party: party as PartyId,
  now: at(now),
});
const started = (): SessionState => reduceSession(fresh(), { type: 'started', now: at(5) });
const afterEvents = (state: SessionState, ...events: SessionEvent[]): SessionState => events.reduce(reduceSession, state);
const codeOf = (step: () => unknown): string => {
  try {
    step();
  } catch (error) {
    return error instanceof TrefoilError ? error.code : String(error);
  }
  return 'nothing was thrown';
};

describe('session reducer', () => {
  it('goes INIT → ROUND 1 → ROUND 2 → AGG → FINAL, a round only with every party', () => {
    const one = started();
    expect(one).toMatchObject({ phase: 'ROUND', round: 1, deadline: 1005 });
    const two = afterEvents(one, message(1, 1), message(1, 2));
    expect(two).toMatchObject({ phase: 'ROUND', round: 1 });
    expect(missingParties(two, 1)).toEqual([3]);
    const three = afterEvents(two, message(1, 3, 20));
    expect(three).toMatchObject({ phase: 'ROUND', round: 2, deadline: 1020 });
    const aggregated = afterEvents(three, message(2, 3), message(2, 1), message(2, 2));
    expect(aggregated.phase).toBe('AGG');
    expect(reduceSession(aggregated, { type: 'finished' }).phase).toBe('FINAL');
  });

  it('counts a message once and returns the very same state for a repeat', () => {
    const one = afterEvents(started(), message(1, 2));
    expect(reduceSession(one, message(1, 2))).toBe(one);
  });

  it('keeps a fast party’s later message until its round comes', () => {
    const ahead = afterEvents(started(), message(2, 1), message(2, 2), message(2, 3));
    expect(ahead).toMatchObject({ phase: 'ROUND', round: 1 });
    expect(afterEvents(ahead, message(1, 1), message(1, 2), message(1, 3)).phase).toBe('AGG');
  });

  it('refuses strangers, rounds that do not exist, and messages before the start', () => {
    expect(codeOf(() => reduceSession(started(), message(1, 4)))).toBe('session/unknown');
    expect(codeOf(() => reduceSession(started(), message(3, 1)))).toBe('session/wrong-round');
    expect(codeOf(() => reduceSession(started(), message(0, 1)))).toBe('session/wrong-round');
    expect(codeOf(() => reduceSession(fresh(), message(1, 1)))).toBe('session/wrong-round');
    expect(codeOf(() => reduceSession(started(), { type: 'finished' }))).toBe('session/wrong-round');
  });

  it('ends at its deadline and names who is missing', () => {
    const waiting = afterEvents(started(), message(1, 1), message(1, 2));
    expect(reduceSession(waiting, { type: 'tick', now: at(1004) })).toBe(waiting);
    expect(reduceSession(waiting, { type: 'tick', now: at(1005) })).toMatchObject({
      phase: 'ABORT',
      reason: { code: 'session/timeout', culprits: [3] },
    });
  });

  it('waits for the speakers of a round only, and blames nobody whose silence is right', () => {
    const speakers = [[2], PARTIES, []] as PartyId[][];
    const one = reduceSession(openSession({ parties: PARTIES, speakers, roundMs: 1000, now: at(0) }), { type: 'started', now: at(0) });
    expect(codeOf(() => reduceSession(one, message(1, 1)))).toBe('session/wrong-round');
    expect(reduceSession(one, { type: 'tick', now: at(1000) })).toMatchObject({ reason: { culprits: [2] } });
    const two = afterEvents(one, message(1, 2));
    expect(two).toMatchObject({ phase: 'ROUND', round: 2 });
    // Nobody speaks in the third round as this party sees it.
    expect(afterEvents(two, message(2, 1), message(2, 2), message(2, 3)).phase).toBe('AGG');
  });

  it('begins with the first round in which somebody speaks', () => {
    const speakers = [[], [3]] as PartyId[][];
    const state = openSession({ parties: PARTIES, speakers, roundMs: 1000, now: at(0) });
    expect(reduceSession(state, { type: 'started', now: at(0) })).toMatchObject({ phase: 'ROUND', round: 2 });
  });

  it('stays ended, whatever comes', () => {
    const ended = reduceSession(started(), { type: 'aborted', reason: { code: 'session/aborted', blame: 'service', culprits: [] } });
    expect(reduceSession(ended, { type: 'aborted', reason: { code: 'service/bug', blame: 'bug', culprits: [] } })).toBe(ended);
    expect(reduceSession(ended, { type: 'tick', now: at(99_999) })).toBe(ended);
    for (const event of [message(1, 1), { type: 'started', now: at(1) }, { type: 'finished' }] as SessionEvent[]) {
      expect(codeOf(() => reduceSession(ended, event))).toBe('session/ended');
    }
  });

  it('keeps its invariants over any sequence of events', () => {
    const event: fc.Arbitrary<SessionEvent> = fc.oneof(
      fc
        .record({ round: fc.integer({ min: 0, max: 3 }), party: fc.integer({ min: 1, max: 4 }), now: fc.nat(900) })
        .map(({ round, party, now }) => message(round, party, now)),
      fc.nat(3000).map((now) => ({ type: 'tick', now: at(now) }) as const),
      fc.constant({ type: 'started', now: at(1) } as const),
      fc.constant({ type: 'finished' } as const),
      fc.constant({ type: 'aborted', reason: { code: 'session/aborted', blame: 'service', culprits: [] } } as const),
    );
    const progress = (state: SessionState): number => {
      if (state.phase === 'ROUND') return state.round;
      return { INIT: 0, AGG: 3, FINAL: 4, ABORT: 5 }[state.phase];
    };
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let state = fresh();
        for (const next of events) {
          const before = state;
          try {
            state = reduceSession(state, next);
          } catch (error) {
            expect(error).toBeInstanceOf(TrefoilError);
          }
          if (isOver(before)) expect(state).toBe(before);
          expect(progress(state)).toBeGreaterThanOrEqual(progress(before));
          if (state.phase === 'AGG' || state.phase === 'FINAL')
            expect(state.received.every((seen) => seen.length === PARTIES.length)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
