/** What the device's end of a signing session takes and gives: an approval to sign, and a call to be carried to the node. */
import type { Envelope } from '#shared/proto/gen/trefoil/v1/channel_pb.js';
import type { PathTask } from '../rounds.ts';

/** A sealed request, and what to do with the node's answer. */
export interface Call<T> {
  readonly envelopes: readonly Envelope[];
  /**
   * Reads the answer.
   * @param ready awaited when the answer has been opened, right before the engine works on it
   * @throws TrefoilError `engine/*` naming the node, `channel/*`
   */
  finish(reply: readonly Envelope[], ready?: () => Promise<void>): Promise<T>;
  /** Gives up: what the request took stays spent. */
  cancel(): void;
}

/** An approval that is to be signed. `deviceSignature` is the device identity's over the hash of `intent`. */
export interface Approval {
  readonly intent: Uint8Array;
  readonly deviceSignature: Uint8Array;
  readonly tasks: readonly PathTask[];
}
