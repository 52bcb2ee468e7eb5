/**
 * One unlocked wallet: its share inside the engine, its signer, and what the page may see of it.
 *
 * Must never: outlive the unlocked vault. {@link UnlockedWallet.close} frees the share and the signer.
 */
import { accountKeys, parseAccount } from '#shared/accounts.ts';
import { TrefoilError } from '#shared/errors.ts';
import { extendedPublicKey } from '#shared/extended-key.ts';
import type { ChainId, Epoch, WalletId } from '#shared/ids.ts';
import type { TransactionStatus } from '#shared/ports/chain.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { AccountKeys, Engine, KeyShare } from '#shared/ports/engine.ts';
import type { AccountList } from './account-list.ts';
import type { ChainActivity, ExtendedKeys, Holding, UnlockMethod, WalletApi, WalletView } from './api.ts';
import type { Signer } from './ceremonies/signing/signer.ts';
import { chainOf, clientOf, type Network } from './network.ts';
import { Messages } from './transfers/messages.ts';
import { mergeActivity, type SentLog, stateOf } from './transfers/sent-log.ts';
import { Transfers } from './transfers/transfers.ts';
import { walletView } from './wallet-view.ts';

interface UnlockedWalletDeps {
  readonly walletId: WalletId;
  readonly epoch: Epoch;
  readonly engine: Engine;
  readonly publicPackage: Uint8Array;
  readonly share: KeyShare;
  readonly signer: Signer;
  readonly network: Network;
  readonly accounts: AccountList;
  readonly log: SentLog;
  readonly unlockMethod: UnlockMethod;
  readonly idleLockMs: number;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
}

export class UnlockedWallet {
  readonly #deps: UnlockedWalletDeps;
  readonly #keys = new Map<number, AccountKeys>();
  readonly transfers: Transfers;
  readonly messages: Messages;

  constructor(deps: UnlockedWalletDeps) {
    this.#deps = deps;
    const known = async (chain: ChainId, account: number) => {
      const { entries } = await this.activity(chain, account);
      return entries.flatMap(({ counterparty }) => counterparty ?? []);
    };
    const { network, signer, log, clock, sleep } = deps;
    const keysOf = (account: number) => this.#keysOf(account);
    this.transfers = new Transfers({ network, keysOf, signer, log, known, clock, sleep });
    this.messages = new Messages({ network, keysOf, signer, clock });
    // Signing works without it, with one more round trip.
    signer.fillPools();
  }

  view(): WalletView {
    const { walletId, network, accounts, unlockMethod, idleLockMs } = this.#deps;
    return walletView({ walletId, network, accounts, unlockMethod, idleLockMs, keysOf: (account) => this.#keysOf(account) });
  }

  async addAccount(): Promise<WalletView> {
    await this.#deps.accounts.add();
    return this.view();
  }

  extendedKeys(): ExtendedKeys {
    const { engine, publicPackage, network } = this.#deps;
    const testnet = network.chains.every(({ plugin }) => plugin.testnet);
    const extended = (key: 'ecdsa' | 'taproot'): string => extendedPublicKey(engine.derive(publicPackage, key, []), { testnet });
    return { ecdsa: extended('ecdsa'), taproot: extended('taproot') };
  }

  balance({ chain, account, token }: Holding): Promise<bigint> {
    return clientOf(this.#deps.network, chain).balance(this.#keysOf(account), token);
  }

  async activity(chain: ChainId, account: number): Promise<ChainActivity> {
    const sent = await this.#deps.log.entries();
    const place = { chain, account };
    try {
      const history = await clientOf(this.#deps.network, chain).history(this.#keysOf(account));
      return { entries: mergeActivity(place, history, sent), listed: true };
    } catch {
      return { entries: mergeActivity(place, [], sent), listed: false };
    }
  }

  chainsOf(text: string): ChainId[] {
    return this.#deps.network.chains.flatMap(({ plugin }) => {
      try {
        plugin.parseAddress(text);
        return [plugin.id];
      } catch {
        return [];
      }
    });
  }

  async transactionStatus(chain: ChainId, transactionId: string): Promise<TransactionStatus> {
    const status = await clientOf(this.#deps.network, chain).status(transactionId);
    await this.#deps.log.mark(transactionId, stateOf(status));
    return status;
  }

  async faucet(...[chain, account]: Parameters<WalletApi['faucet']>): Promise<void> {
    const { network } = this.#deps;
    if (network.requestTestMoney === undefined) {
      throw new TrefoilError('service/unavailable', { operation: 'faucet', detail: 'this release has no source of test money' });
    }
    const [{ address }] = chainOf(network, chain).plugin.addresses(this.#keysOf(account));
    await network.requestTestMoney(chain, address);
  }

  setVisible(visible: boolean): void {
    this.#deps.signer.setVisible(visible);
  }

  close(): void {
    this.#deps.signer.close();
    this.#deps.share.free();
  }

  /** @throws TrefoilError `input/malformed` for an account that the wallet does not have */
  #keysOf(account: number): AccountKeys {
    const { engine, publicPackage, accounts } = this.#deps;
    if (parseAccount(account) >= accounts.count) {
      throw new TrefoilError('input/malformed', { operation: 'account', detail: 'the wallet has no such account' });
    }
    const keys = this.#keys.get(account) ?? accountKeys(engine, publicPackage, account);
    this.#keys.set(account, keys);
    return keys;
  }
}
