/** How many accounts the wallet has: a sealed note, because it tells of the person's habits. Account 0 is always there. */
import { ACCOUNTS_MAX_COUNT } from '#shared/accounts.ts';
import { TrefoilError } from '#shared/errors.ts';

/** The sealed place that holds the number. */
interface AccountsPlace {
  readNote(kind: 'accounts'): Promise<Uint8Array | undefined>;
  writeNote(kind: 'accounts', plaintext: Uint8Array): Promise<void>;
}

export class AccountList {
  readonly #place: AccountsPlace;
  #count: number;

  private constructor(place: AccountsPlace, count: number) {
    this.#place = place;
    this.#count = count;
  }

  /** @throws TrefoilError `vault/locked`, `vault/damaged` */
  static async open(place: AccountsPlace): Promise<AccountList> {
    const note = await place.readNote('accounts');
    return new AccountList(place, note?.[0] ?? 1);
  }

  get count(): number {
    return this.#count;
  }

  get left(): number {
    return ACCOUNTS_MAX_COUNT - this.#count;
  }

  /** Adds the next account, durably. @throws TrefoilError `input/too-large` */
  async add(): Promise<void> {
    if (this.left === 0) {
      throw new TrefoilError('input/too-large', { operation: 'addAccount', detail: `a wallet has at most ${ACCOUNTS_MAX_COUNT} accounts` });
    }
    await this.#place.writeNote('accounts', Uint8Array.of(this.#count + 1));
    this.#count += 1;
  }
}
