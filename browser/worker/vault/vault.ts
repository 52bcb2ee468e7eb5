/**
 * The wallet's place in this browser: at most one wallet, sealed at rest, open in at most one tab.
 *
 * Must never: return from {@link Vault.lock} while it still holds a secret, write after another tab has become the writer, or change
 * anything but the counter of wrong passphrases when an unlock fails.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { TrefoilError } from '#shared/errors.ts';
import type { Epoch, PartyId, UnixMs, WalletId } from '#shared/ids.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { EpochStore } from '#shared/ports/epoch-store.ts';
import { retryAt, waitMs } from './attempts.ts';
import { NewDataKey, openDataKey } from './data-key.ts';
import { claimWriter, forgetWallet, openVaultDatabase, type VaultDatabase, type WalletRow, writeAtomically } from './database.ts';
import { type NoteKind, openRecord, type RecordKind, sealRecord } from './sealed-record.ts';
import { TabLock } from './tab-lock.ts';
import type { UnlockMethod, UnlockSecret } from './unlock/unlock-row.ts';
import { VaultEpochStore } from './vault-epoch-store.ts';

/** What the vault can say without opening it. */
export type VaultState =
  | { readonly state: 'absent' | 'evicted' | 'interrupted' | 'in-use' | 'open' }
  | { readonly state: 'locked'; readonly method: UnlockMethod; readonly failedAttempts: number; readonly retryAt: UnixMs };

/** What unlocking gives. The caller wipes `share` as soon as the engine has read it. */
export interface VaultContents {
  readonly walletId: WalletId;
  readonly epoch: Epoch;
  readonly party: PartyId;
  readonly share: Uint8Array;
  readonly publicPackage: Uint8Array;
  /** Ed25519 seed; wiped by {@link Vault.lock}. */
  readonly identitySecret: Uint8Array;
}

/** A wallet in the making: nothing is stored before `store.prepare`. */
export interface Creation {
  readonly identitySecret: Uint8Array;
  readonly store: EpochStore;
}

export interface VaultDeps {
  /** Also names the tab lock and its channel. */
  readonly name: string;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  /** Another tab asks for the vault; must end in {@link Vault.lock}. */
  readonly asked: () => Promise<void>;
  /** Another tab took the vault; it is locked already. */
  readonly taken: () => void;
  /** How long a tab that wants the vault waits before it takes it. */
  readonly handOverMs?: number;
}

interface OpenVault {
  readonly walletId: WalletId;
  readonly party: PartyId;
  readonly dataKey: CryptoKey;
  readonly identitySecret: Uint8Array;
}

const IDENTITY_BYTES = 32;
/** Notes are records of the wallet, not of one of its epochs. */
const WALLET_WIDE = 0 as Epoch;

export class Vault {
  readonly #deps: VaultDeps;
  readonly #database: VaultDatabase;
  readonly #tab: TabLock;
  readonly #token = bytesToHex(crypto.getRandomValues(new Uint8Array(16)));
  #open: OpenVault | undefined;
  #creating: { dataKey: NewDataKey; identitySecret: Uint8Array } | undefined;

  private constructor(deps: VaultDeps, database: VaultDatabase) {
    this.#deps = deps;
    this.#database = database;
    const taken = () => {
      void this.lock();
      deps.taken();
    };
    this.#tab = new TabLock(deps.name, { asked: deps.asked, taken }, deps.handOverMs);
  }

  static async open(deps: VaultDeps): Promise<Vault> {
    return new Vault(deps, await openVaultDatabase(deps.name));
  }

  /** @param wasHere whether the page remembers, outside this database, that there was a wallet */
  async state(wasHere: boolean): Promise<VaultState> {
    if (this.#open !== undefined) {
      return { state: 'open' };
    }
    if (await this.#tab.heldElsewhere()) {
      return { state: 'in-use' };
    }
    const wallet = await this.#wallet();
    if (wallet === undefined) {
      return { state: wasHere ? 'evicted' : 'absent' };
    }
    if (wallet.complete === null) {
      return { state: 'interrupted' };
    }
    const unlock = await this.#database.get('unlocks', wallet.walletId);
    const attempts = await this.#database.get('attempts', wallet.walletId);
    return {
      state: 'locked',
      method: unlock?.method ?? 'passphrase',
      failedAttempts: attempts?.failed ?? 0,
      retryAt: attempts?.retryAt ?? this.#deps.clock(),
    };
  }

  /**
   * Makes the keys of a new wallet and clears what an interrupted creation left.
   * @throws TrefoilError `vault/weak-passphrase`, `vault/in-use`, `wallet/exists`
   */
  async beginCreation(secret: UnlockSecret): Promise<Creation> {
    await this.#become();
    try {
      const wallet = await this.#wallet();
      if (wallet !== undefined && wallet.complete !== null) {
        throw new TrefoilError('wallet/exists', { operation: 'beginCreation' });
      }
      const dataKey = await NewDataKey.generate(secret);
      const identitySecret = crypto.getRandomValues(new Uint8Array(IDENTITY_BYTES));
      this.#creating = { dataKey, identitySecret };
      if (wallet !== undefined) {
        await writeAtomically(this.#database, this.#token, (transaction) => forgetWallet(transaction, wallet.walletId));
      }
      const { clock } = this.#deps;
      const wrap = (walletId: WalletId) => dataKey.wrap(walletId);
      const store = new VaultEpochStore({
        database: this.#database,
        token: this.#token,
        dataKey: dataKey.key,
        identitySecret,
        wrap,
        clock,
      });
      return { identitySecret, store };
    } catch (failure) {
      await this.lock();
      throw failure;
    }
  }

  /** Every party has committed the creation: from here the vault is open. @throws TrefoilError `wallet/not-committed` */
  async finishCreation(): Promise<void> {
    const wallet = await this.#wallet();
    if (this.#creating === undefined || wallet === undefined || wallet.complete === null) {
      throw new TrefoilError('wallet/not-committed', { operation: 'finishCreation' });
    }
    const { dataKey, identitySecret } = this.#creating;
    this.#creating = undefined;
    dataKey.wipe();
    this.#open = { walletId: wallet.walletId, party: wallet.party, dataKey: dataKey.key, identitySecret };
  }

  /** @throws TrefoilError `vault/absent`, `vault/evicted`, `wallet/not-committed`, `vault/cannot-open`, `vault/damaged`, `vault/in-use` */
  async unlock(secret: UnlockSecret, wasHere: boolean): Promise<VaultContents> {
    await this.#become();
    try {
      return await this.#unlock(secret, wasHere);
    } catch (failure) {
      await this.lock();
      throw failure;
    }
  }

  /** Forgets every secret before it returns its promise, which resolves when another tab can have the vault. */
  async lock(): Promise<void> {
    this.#open?.identitySecret.fill(0);
    this.#open = undefined;
    this.#creating?.identitySecret.fill(0);
    this.#creating?.dataKey.wipe();
    this.#creating = undefined;
    await this.#tab.release();
  }

  /** Asks the tab that has the vault open to lock it, and makes sure that it can no longer write. */
  async takeOver(): Promise<void> {
    await this.#tab.takeOver();
    await claimWriter(this.#database, this.#token);
    await this.#tab.release();
  }

  /** A sealed note of the wallet; undefined when there is none. @throws TrefoilError `vault/locked`, `vault/damaged` */
  async readNote(kind: NoteKind): Promise<Uint8Array | undefined> {
    const { walletId, party, dataKey } = this.#require('readNote');
    const record = await this.#database.get('records', [walletId, kind, WALLET_WIDE]);
    return record && (await openRecord(dataKey, { kind, walletId, epoch: WALLET_WIDE, party }, record));
  }

  /** @throws TrefoilError `vault/locked`, `vault/in-use` */
  async writeNote(kind: NoteKind, plaintext: Uint8Array): Promise<void> {
    const { walletId, party, dataKey } = this.#require('writeNote');
    const record = await sealRecord(dataKey, { kind, walletId, epoch: WALLET_WIDE, party }, plaintext);
    await writeAtomically(this.#database, this.#token, async (transaction) => {
      await transaction.objectStore('records').put(record);
    });
  }

  close(): void {
    void this.lock();
    this.#tab.close();
    this.#database.close();
  }

  #require(operation: string): OpenVault {
    if (this.#open === undefined) {
      throw new TrefoilError('vault/locked', { operation });
    }
    return this.#open;
  }

  async #become(): Promise<void> {
    await this.#tab.acquire();
    await claimWriter(this.#database, this.#token);
  }

  /** The complete wallet, or else what an interrupted creation left. */
  async #wallet(): Promise<WalletRow | undefined> {
    const wallets = await this.#database.getAll('wallets');
    return wallets.find(({ complete }) => complete !== null) ?? wallets[0];
  }

  async #unlock(secret: UnlockSecret, wasHere: boolean): Promise<VaultContents> {
    const operation = 'unlock';
    const wallet = await this.#wallet();
    if (wallet === undefined) {
      throw new TrefoilError(wasHere ? 'vault/evicted' : 'vault/absent', { operation });
    }
    if (wallet.committed === null || wallet.complete === null) {
      throw new TrefoilError('wallet/not-committed', { operation });
    }
    const { walletId, party } = wallet;
    const { epoch } = wallet.committed;
    const dataKey = await this.#openDataKey(walletId, secret);
    const open = async (kind: RecordKind) =>
      openRecord(dataKey, { kind, walletId, epoch, party }, await this.#database.get('records', [walletId, kind, epoch]));
    const [publicPackage, identitySecret, share] = [await open('package'), await open('identity'), await open('share')];
    this.#open = { walletId, party, dataKey, identitySecret };
    return { walletId, epoch, party, share, publicPackage, identitySecret };
  }

  async #openDataKey(walletId: WalletId, secret: UnlockSecret): Promise<CryptoKey> {
    const { clock, sleep } = this.#deps;
    const row = await this.#database.get('unlocks', walletId);
    if (row === undefined) {
      throw new TrefoilError('vault/damaged', { operation: 'unlock', detail: 'the unlock record is missing' });
    }
    const attempts = await this.#database.get('attempts', walletId);
    if (attempts !== undefined) {
      await sleep(waitMs(attempts.retryAt, clock()));
    }
    try {
      const dataKey = await openDataKey(row, secret);
      if (attempts !== undefined) {
        await writeAtomically(this.#database, this.#token, (transaction) => transaction.objectStore('attempts').delete(walletId));
      }
      return dataKey;
    } catch (failure) {
      if (failure instanceof TrefoilError && failure.code === 'vault/cannot-open') {
        const failed = (attempts?.failed ?? 0) + 1;
        await writeAtomically(this.#database, this.#token, async (transaction) => {
          await transaction.objectStore('attempts').put({ walletId, failed, retryAt: retryAt(failed, clock()) });
        });
      }
      throw failure;
    }
  }
}
