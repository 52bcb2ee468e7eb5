/**
 * The session state machine, the same at the edge, in nodes and in browsers:
 *
 *     INIT → ROUND 1 → … → ROUND n → AGG → FINAL        any → ABORT
 *
 * Pure: a state and an event give a new state, and time comes in with the event. A transition out of a round needs
 * the message of everybody who speaks in it, rounds only grow, each (round, party) counts once, FINAL and ABORT are terminal.
 */
import { type Blame, type ErrorCode, TrefoilError } from '../errors.ts';
import type { PartyId, UnixMs } from '../ids.ts';

/** Why and by whom a session ended early. */
export interface AbortReason {
  readonly code: ErrorCode;
  readonly blame: Blame;
  /** Parties that broke the protocol or did not answer; empty when nobody is known to. */
  readonly culprits: readonly PartyId[];
}

/** What a session that ended with `error` remembers of it. */
export const reasonOf = ({ code, blame, culprits }: TrefoilError): AbortReason => ({
  code,
  blame,
  culprits: culprits as readonly PartyId[],
});

/** The error again, for whoever asks later. */
export const errorOf = ({ code, blame, culprits }: AbortReason, operation: string): TrefoilError =>
  new TrefoilError(code, { operation, blame, culprits });

interface Common {
  readonly parties: readonly PartyId[];
  /** Who speaks in each round; index 0 is round 1. Everybody else's silence is right. */
  readonly speakers: readonly (readonly PartyId[])[];
  /** Milliseconds that one round may take. */
  readonly roundMs: number;
  /** Who has sent the message of each round so far; index 0 is round 1. */
  readonly received: readonly (readonly PartyId[])[];
}

export type SessionState = Common &
  (
    | { readonly phase: 'INIT'; readonly deadline: UnixMs }
    | { readonly phase: 'ROUND'; readonly round: number; readonly deadline: UnixMs }
    | { readonly phase: 'AGG'; readonly deadline: UnixMs }
    | { readonly phase: 'FINAL' }
    | { readonly phase: 'ABORT'; readonly reason: AbortReason }
  );

export type SessionEvent =
  /** Everybody said hello. */
  | { readonly type: 'started'; readonly now: UnixMs }
  /** A party's message of a round was seen. */
  | { readonly type: 'message'; readonly round: number; readonly party: PartyId; readonly now: UnixMs }
  /** The result is where it belongs. */
  | { readonly type: 'finished' }
  /** The clock passed; ends the session when its deadline is over. */
  | { readonly type: 'tick'; readonly now: UnixMs }
  | { readonly type: 'aborted'; readonly reason: AbortReason };

/** A session before its first message. @param options.speakers who speaks in each round, from the ceremony's row */
export function openSession(options: {
  parties: readonly PartyId[];
  speakers: readonly (readonly PartyId[])[];
  roundMs: number;
  now: UnixMs;
}): SessionState {
  const { parties, speakers, roundMs, now } = options;
  return { phase: 'INIT', parties, speakers, roundMs, received: speakers.map(() => []), deadline: after(now, roundMs) };
}

/**
 * The state after an event. An event that changes nothing (a message seen before, a tick before the deadline, a second
 * abort) returns the very same object.
 * @throws TrefoilError `session/ended` for anything but an abort or a tick after the end; `session/wrong-round` for a
 * message of a round that does not exist or in which the party is silent, or before the start; `session/unknown` for a stranger
 */
export function reduceSession(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'aborted':
      return isOver(state) ? state : { ...common(state), phase: 'ABORT', reason: event.reason };
    case 'tick':
      return isOver(state) || event.now < state.deadline ? state : reduceSession(state, { type: 'aborted', reason: timeout(state) });
    case 'started':
      requireRunning(state);
      if (state.phase !== 'INIT') return state;
      return advance({ ...common(state), phase: 'ROUND', round: 1, deadline: after(event.now, state.roundMs) }, event.now);
    case 'message':
      return takeMessage(state, event);
    case 'finished':
      requireRunning(state);
      if (state.phase !== 'AGG')
        throw new TrefoilError('session/wrong-round', { operation: 'reduceSession', blame: 'bug', detail: 'not all rounds are complete' });
      return { ...common(state), phase: 'FINAL' };
  }
}

function takeMessage(state: SessionState, event: { round: number; party: PartyId; now: UnixMs }): SessionState {
  const { round, party, now } = event;
  const operation = 'reduceSession';
  requireRunning(state);
  if (!state.parties.includes(party))
    throw new TrefoilError('session/unknown', { operation, detail: `party ${party} is not in this session` });
  const seen = state.received[round - 1];
  const isDue = state.speakers[round - 1]?.includes(party) ?? false;
  if (state.phase === 'INIT' || seen === undefined || !isDue)
    throw new TrefoilError('session/wrong-round', { operation, round, culprits: [party] });
  if (seen.includes(party)) return state;
  const received = state.received.with(round - 1, [...seen, party]);
  if (state.phase === 'AGG') return { ...state, received };
  return advance({ ...state, received }, now);
}

/** Moves on while the current round is complete: a fast party's later message may already be here. */
function advance(state: Extract<SessionState, { phase: 'ROUND' }>, now: UnixMs): SessionState {
  if (missingParties(state, state.round).length > 0) return state;
  const deadline = after(now, state.roundMs);
  if (state.round === state.speakers.length) return { ...common(state), phase: 'AGG', deadline };
  return advance({ ...state, round: state.round + 1, deadline }, now);
}

/** Parties that are to speak in this round, and have not yet. */
export function missingParties(state: SessionState, round: number): PartyId[] {
  const [speakers = [], seen = []] = [state.speakers[round - 1], state.received[round - 1]];
  return speakers.filter((party) => !seen.includes(party));
}

/** True in FINAL and ABORT. */
export const isOver = (state: SessionState): state is Extract<SessionState, { phase: 'FINAL' | 'ABORT' }> =>
  state.phase === 'FINAL' || state.phase === 'ABORT';

const timeout = (state: SessionState): AbortReason => ({
  code: 'session/timeout',
  blame: 'service',
  culprits: state.phase === 'ROUND' ? missingParties(state, state.round) : [],
});

function requireRunning(state: SessionState): asserts state is Exclude<SessionState, { phase: 'FINAL' | 'ABORT' }> {
  if (isOver(state)) throw new TrefoilError('session/ended', { operation: 'reduceSession' });
}

const common = ({ parties, speakers, roundMs, received }: SessionState): Common => ({ parties, speakers, roundMs, received });

const after = (now: UnixMs, ms: number): UnixMs => (now + ms) as UnixMs;
