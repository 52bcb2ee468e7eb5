/**
 * What was sent from here, by account: nodes tell an account's next nonce late, and several nodes behind one address do
 * not agree, so two quick payments would get the same one.
 */

/** A transaction that the network forgot must not hold up all that come after it. */
const MEMORY_MS = 2 * 60 * 1000;

export class SentNonces {
  readonly #next = new Map<string, { readonly nonce: number; readonly until: number }>();
  readonly #clock: () => number;

  /** @param clock Unix time in milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** The nonce of the account's next transaction. @param pending what the network says */
  next(account: string, pending: number): number {
    const remembered = this.#next.get(account);
    return remembered === undefined || remembered.until < this.#clock() ? pending : Math.max(pending, remembered.nonce);
  }

  sent(account: string, nonce: number): void {
    const next = Math.max(nonce + 1, this.next(account, 0));
    this.#next.set(account, { nonce: next, until: this.#clock() + MEMORY_MS });
  }

  /** The network refused the transaction, or dropped it: its nonce is free again. */
  released(account: string, nonce: number): void {
    if (this.next(account, 0) === nonce + 1) this.#next.set(account, { nonce, until: this.#clock() + MEMORY_MS });
  }
}
