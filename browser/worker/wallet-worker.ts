/**
 * The Worker's side of the page's API: one vault, at most one open wallet, one creation at a time.
 *
 * Must never: return anything secret, or keep a wallet open after its vault was locked.
 */
import { TrefoilError } from '#shared/errors.ts';
import type { ChainId, Epoch, WalletId } from '#shared/ids.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { Engine, KeyShare } from '#shared/ports/engine.ts';
import type { RandomBytes } from '#shared/ports/random-bytes.ts';
import type { Release } from '#shared/release.ts';
import { FIRST_EPOCH } from '#shared/session/ceremonies.ts';
import { AccountList } from './account-list.ts';
import type {
  ApproveStep,
  ClosedReason,
  CreateProgress,
  Holding,
  UnlockMethod,
  UnlockSecret,
  VaultState,
  WalletApi,
  WalletView,
} from './api.ts';
import { createWallet } from './ceremonies/create-wallet.ts';
import { Signer } from './ceremonies/signing/signer.ts';
import { IdleTimer } from './idle-timer.ts';
import type { Network } from './network.ts';
import { SentLog } from './transfers/sent-log.ts';
import { UnlockedWallet } from './unlocked-wallet.ts';
import { Vault } from './vault/vault.ts';

/** Long enough to read a transaction twice, short enough for a desk that somebody left. */
const IDLE_LOCK_MS = 15 * 60 * 1000;

interface WalletWorkerDeps {
  readonly engine: () => Promise<Engine>;
  readonly release: () => Promise<Release>;
  readonly network: (release: Release) => Network;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly sleep: (ms: number) => Promise<void>;
}

/** What an unlock and a creation both end with. */
interface Ready {
  readonly walletId: WalletId;
  readonly epoch: Epoch;
  readonly share: KeyShare;
  readonly publicPackage: Uint8Array;
  readonly identitySecret: Uint8Array;
  readonly unlockMethod: UnlockMethod;
}

export class WalletWorker implements WalletApi {
  readonly #deps: WalletWorkerDeps;
  readonly #idle: IdleTimer;
  #vault: Promise<Vault> | undefined;
  #wallet: UnlockedWallet | undefined;
  #creating: AbortController | undefined;
  #visible = true;
  /** What must not be cut off by another tab that asks for the wallet. */
  #busy: Promise<unknown> = Promise.resolve();
  #listener: (reason: ClosedReason) => void = () => {};

  constructor(deps: WalletWorkerDeps) {
    this.#deps = deps;
    this.#idle = new IdleTimer(IDLE_LOCK_MS, deps.clock);
  }

  async status(wasHere: boolean): Promise<VaultState> {
    return (await this.#openVault()).state(wasHere);
  }

  async create(secret: UnlockSecret, onProgress: (progress: CreateProgress) => void): Promise<WalletView> {
    const aborter = new AbortController();
    this.#creating?.abort();
    this.#creating = aborter;
    const creation = this.#create(secret, onProgress, aborter.signal).catch(async (failure: unknown) => {
      await (await this.#openVault()).lock();
      throw aborter.signal.aborted
        ? new TrefoilError('session/aborted', { operation: 'create', blame: 'caller', cause: failure })
        : failure;
    });
    return this.#keepBusy(creation);
  }

  stopCreating(): void {
    this.#creating?.abort();
  }

  async unlock(secret: UnlockSecret, wasHere: boolean): Promise<WalletView> {
    const [vault, engine, release] = await Promise.all([this.#openVault(), this.#deps.engine(), this.#deps.release()]);
    const { share, ...wallet } = await vault.unlock(secret, wasHere);
    try {
      const decoded = engine.decodeShare(share, wallet.publicPackage);
      return await this.#opened(vault, engine, release, { ...wallet, share: decoded, unlockMethod: secret.method });
    } catch (failure) {
      await vault.lock();
      throw failure;
    } finally {
      share.fill(0);
    }
  }

  async lock(): Promise<void> {
    this.#forget();
    await (await this.#openVault()).lock();
  }

  async takeOver(): Promise<void> {
    await (await this.#openVault()).takeOver();
  }

  touch(): void {
    this.#idle.touch();
  }

  onClosed(listener: (reason: ClosedReason) => void): void {
    this.#listener = listener;
  }

  async view(): Promise<WalletView> {
    return this.#require('view').view();
  }

  async addAccount(): Promise<WalletView> {
    return this.#require('addAccount').addAccount();
  }

  async extendedKeys() {
    return this.#require('extendedKeys').extendedKeys();
  }

  async balance(holding: Holding): Promise<bigint> {
    return this.#require('balance').balance(holding);
  }

  async activity(chain: ChainId, account: number) {
    return this.#require('activity').activity(chain, account);
  }

  async chainsOf(text: string): Promise<ChainId[]> {
    return this.#require('chainsOf').chainsOf(text);
  }

  async prepareTransfer(...[request]: Parameters<WalletApi['prepareTransfer']>) {
    return this.#require('prepareTransfer').transfers.prepare(request);
  }

  async approve(id: string, onStep: (step: ApproveStep) => void) {
    return this.#keepBusy(this.#require('approve').transfers.approve(id, onStep));
  }

  async prepareMessage(...[request]: Parameters<WalletApi['prepareMessage']>) {
    return this.#require('prepareMessage').messages.prepareText(request);
  }

  async prepareTypedData(...[request]: Parameters<WalletApi['prepareTypedData']>) {
    return this.#require('prepareTypedData').messages.prepareTypedData(request);
  }

  async approveMessage(id: string, onStep: (step: ApproveStep) => void) {
    return this.#keepBusy(this.#require('approveMessage').messages.approve(id, onStep));
  }

  async transactionStatus(chain: ChainId, transactionId: string) {
    return this.#require('transactionStatus').transactionStatus(chain, transactionId);
  }

  async faucet(chain: ChainId, account: number): Promise<void> {
    await this.#require('faucet').faucet(chain, account);
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#wallet?.setVisible(visible);
  }

  async #create(secret: UnlockSecret, onProgress: (progress: CreateProgress) => void, signal: AbortSignal): Promise<WalletView> {
    const [vault, engine, release] = await Promise.all([this.#openVault(), this.#deps.engine(), this.#deps.release()]);
    const { clock, random } = this.#deps;
    const { store, identitySecret } = await vault.beginCreation(secret);
    const made = await createWallet({ engine, release, store, identitySecret, onProgress, signal, clock, random });
    try {
      await vault.finishCreation();
    } catch (failure) {
      made.share.free();
      throw failure;
    }
    return await this.#opened(vault, engine, release, { ...made, identitySecret, epoch: FIRST_EPOCH, unlockMethod: secret.method });
  }

  async #opened(vault: Vault, engine: Engine, release: Release, ready: Ready): Promise<WalletView> {
    const { share, walletId, epoch, identitySecret, publicPackage, unlockMethod } = ready;
    const { clock, random, sleep } = this.#deps;
    const accounts = await AccountList.open(vault).catch((failure: unknown) => {
      share.free();
      throw failure;
    });
    const wallet = new UnlockedWallet({
      ...{ walletId, epoch, engine, publicPackage, share, unlockMethod, clock, sleep },
      accounts,
      signer: new Signer({ engine, share, walletId, epoch, identitySecret, release, clock, random }),
      network: this.#deps.network(release),
      log: new SentLog(vault),
      idleLockMs: IDLE_LOCK_MS,
    });
    wallet.setVisible(this.#visible);
    this.#wallet = wallet;
    this.#idle.start(() => {
      void this.lock().then(() => this.#listener('idle'));
    });
    return wallet.view();
  }

  #forget(): void {
    this.#idle.stop();
    this.#wallet?.close();
    this.#wallet = undefined;
  }

  #openVault(): Promise<Vault> {
    this.#vault ??= Vault.open({
      name: 'trefoil-vault',
      clock: this.#deps.clock,
      sleep: this.#deps.sleep,
      asked: async () => {
        await this.#busy;
        await this.lock();
        this.#listener('handed-over');
      },
      taken: () => {
        this.#forget();
        this.#listener('handed-over');
      },
    });
    return this.#vault;
  }

  #require(operation: string): UnlockedWallet {
    if (this.#wallet === undefined) {
      throw new TrefoilError('vault/locked', { operation });
    }
    return this.#wallet;
  }

  #keepBusy<T>(work: Promise<T>): Promise<T> {
    this.#busy = Promise.allSettled([this.#busy, work]);
    return work;
  }
}
