import type { TrefoilError } from '#shared/errors.ts';
import type { SessionId, UnixMs, WalletId } from '#shared/ids.ts';
import type { Envelope } from '#shared/proto/gen/trefoil/v1/channel_pb.js';

/** A running session of this node, whatever its protocol. */
export interface RunningSession {
  readonly sessionId: SessionId;
  readonly walletId: WalletId;
  /** What the node says first; the same envelopes each time. */
  opening(): Promise<Envelope[]>;
  /** Takes one envelope; identical bytes get the identical answer. */
  receive(envelope: Envelope): Promise<Envelope[]>;
  /** Ends it when its time is over. */
  tick(now: UnixMs): void;
  /** Ends it now. */
  abort(error: TrefoilError): void;
  /** When it ended, so that late repeats still get their answer for a while. */
  readonly endedAt: UnixMs | undefined;
}
