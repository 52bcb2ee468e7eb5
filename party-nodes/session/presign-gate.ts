/**
 * What a node allows of presigning, over all its wallets: it is the work that can wait. Too many unfinished batches, and the service
 * asks for restraint; too many failed checks of one wallet's device, and that wallet's presigning rests for a while. Signing goes on.
 */
import { TrefoilError } from '#shared/errors.ts';
import type { UnixMs, WalletId } from '#shared/ids.ts';
import { NODE_BATCHES_MAX_COUNT, STRIKES_KEPT_MS, STRIKES_MAX_COUNT } from '#shared/limits.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { BatchGate } from '#shared/session/signing/node/node-batches.ts';
import { log } from '../ops/log.ts';

export class PresignGate {
  readonly #clock: Clock;
  readonly #strikes = new Map<WalletId, UnixMs[]>();
  #open = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The gate of one wallet's sessions. */
  of(wallet: WalletId): BatchGate {
    return {
      begin: () => {
        if (this.#recent(wallet).length >= STRIKES_MAX_COUNT) throw new TrefoilError('session/too-many-strikes', { operation: 'presign' });
        if (this.#open >= NODE_BATCHES_MAX_COUNT) throw new TrefoilError('service/busy', { operation: 'presign' });
        this.#open += 1;
      },
      end: () => {
        this.#open -= 1;
      },
      strike: ({ code, round }) => {
        const strikes = [...this.#recent(wallet), this.#clock()];
        this.#strikes.set(wallet, strikes);
        log('presign.strike', { wallet, code, round, strikes: strikes.length });
      },
    };
  }

  #recent(wallet: WalletId): UnixMs[] {
    return (this.#strikes.get(wallet) ?? []).filter((at) => this.#clock() - at < STRIKES_KEPT_MS);
  }

  /** Forgets strikes that no longer count. */
  tick(): void {
    for (const wallet of this.#strikes.keys()) if (this.#recent(wallet).length === 0) this.#strikes.delete(wallet);
  }
}
