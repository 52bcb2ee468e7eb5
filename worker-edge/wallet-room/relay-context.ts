/** What the room lends its relays, and what every relay does alike: telling a phase, and writing a transition down. */
import type { PartyId, SessionId, WalletId } from '#shared/ids.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { SessionState } from '#shared/session/reducer.ts';
import { log } from '../log.ts';
import type { PartyClient } from '../upstream/party-client.ts';
import type { RoomStore } from './room-store.ts';

export interface RelayContext {
  readonly store: RoomStore;
  readonly parties: ReadonlyMap<PartyId, PartyClient>;
  readonly walletId: WalletId;
  readonly requestId: string;
  readonly clock: Clock;
}

/** What a device's hello is answered with: the other parties' hellos and what they say first, serialised, base64url. */
export interface OpeningAnswer {
  readonly sessionId: SessionId;
  readonly hellos: readonly string[];
  readonly envelopes: readonly string[];
}

/** A phase in words: `ROUND 2`. */
export const phaseOf = (state: SessionState): string => (state.phase === 'ROUND' ? `ROUND ${state.round}` : state.phase);

/** One event and one line of the log for a transition. @param session its id; for a request of a signing session with its round */
export function recordTransition(context: RelayContext, ceremony: { readonly name: string }, session: string, state: SessionState): void {
  const { store, clock, requestId, walletId } = context;
  const phase = phaseOf(state);
  store.addEvent({ sessionId: session, phase, now: clock(), requestId });
  log('session.transition', { protocol: ceremony.name, wallet: walletId, session, phase, request: requestId });
}
