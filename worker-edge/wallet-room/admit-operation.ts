/** The one door for what a device wants of its room, once its signature was checked: whatever limits there are stand here. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { TrefoilError } from '#shared/errors.ts';
import { OPEN_SESSIONS_MAX_COUNT } from '#shared/limits.ts';
import { log } from '../log.ts';
import type { RelayContext } from './relay-context.ts';

/** What a device can ask for, and how many running sessions each adds to its room. */
const COSTS = { 'open-ceremony': 1, 'open-signing': 0, exchange: 0, sign: 0, relay: 0 } as const;
export type Operation = keyof typeof COSTS;

/**
 * Lets an operation in, or refuses it before anything is done for it.
 * @param device the key that signed it, 32 bytes
 * @param cost in running sessions
 * @throws TrefoilError `session/too-many`
 */
export function admit(context: RelayContext, device: Uint8Array, operation: Operation, cost = COSTS[operation] as number): void {
  if (cost === 0 || context.store.runningSessions().length + cost <= OPEN_SESSIONS_MAX_COUNT) return;
  log('operation.refused', { wallet: context.walletId, operation, device: bytesToHex(device.slice(0, 8)), request: context.requestId });
  throw new TrefoilError('session/too-many', { operation });
}
