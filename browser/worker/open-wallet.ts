/**
 * One unlocked wallet: its share inside the engine, its signer, and what the page may see of it.
 *
 * Must never: outlive the unlocked vault. {@link OpenedWallet.close} frees the share and the signer.
 */
import { TrefoilError } from '../../shared/errors.ts';
import type { ChainId, Epoch, UnixMs, WalletId } from '../../shared/ids.ts';
import type { TransactionStatus } from '../../shared/ports/chain.ts';
import type { KeyShare, PublicKeys } from '../../shared/ports/engine.ts';
import type { Account, ChainActivity, PreparedTransfer, SentTransfer, UnlockMethod, WalletView } from './api.ts';
import type { Signer } from './ceremonies/signer.ts';
import { chainOf, clientOf, type Network } from './network.ts';
import { mergeActivity, type SentLog, stateOf } from './transfers/sent-log.ts';
import { Transfers } from './transfers/transfers.ts';

interface OpenedWalletDeps {
  readonly walletId: WalletId;
  readonly epoch: Epoch;
  readonly keys: PublicKeys;
  readonly share: KeyShare;
  readonly signer: Signer;
  readonly network: Network;
  readonly log: SentLog;
  readonly unlockMethod: UnlockMethod;
  readonly idleLockMs: number;
  readonly now: () => UnixMs;
  readonly sleep: (ms: number) => Promise<void>;
}

export class OpenedWallet {
  readonly #deps: OpenedWalletDeps;
  readonly #transfers: Transfers;

  constructor(deps: OpenedWalletDeps) {
    this.#deps = deps;
    const known = async (chain: ChainId) => {
      const { entries } = await this.activity(chain);
      return entries.flatMap(({ counterparty }) => counterparty ?? []);
    };
    const { network, keys, signer, log, now, sleep } = deps;
    this.#transfers = new Transfers({ network, keys, signer, log, known, now, sleep });
    // Signing works without it, with one more round trip.
    void signer.refill().catch(() => {});
  }

  view(): WalletView {
    const { walletId, network, unlockMethod, idleLockMs } = this.#deps;
    return {
      walletId,
      accounts: network.chains.map(({ plugin }) => this.#account(plugin.id)),
      unlockMethod,
      nodes: network.nodes,
      idleLockMs,
    };
  }

  balance(chain: ChainId): Promise<bigint> {
    return clientOf(this.#deps.network, chain).balance(this.#address(chain));
  }

  async activity(chain: ChainId): Promise<ChainActivity> {
    const sent = await this.#deps.log.entries();
    try {
      const history = await clientOf(this.#deps.network, chain).history(this.#address(chain));
      return { entries: mergeActivity(chain, history, sent), listed: true };
    } catch {
      return { entries: mergeActivity(chain, [], sent), listed: false };
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

  prepareTransfer(request: { chain: ChainId; to: string; amount: bigint }): Promise<PreparedTransfer> {
    return this.#transfers.prepare(request);
  }

  async approve(...[id, onStep]: Parameters<Transfers['approve']>): Promise<SentTransfer> {
    const sent = await this.#transfers.approve(id, onStep);
    void this.#deps.signer.refill().catch(() => {});
    return sent;
  }

  async transactionStatus(chain: ChainId, transactionId: string): Promise<TransactionStatus> {
    const status = await clientOf(this.#deps.network, chain).status(transactionId);
    await this.#deps.log.mark(transactionId, stateOf(status));
    return status;
  }

  async faucet(chain: ChainId): Promise<void> {
    const { requestTestMoney } = this.#deps.network;
    if (requestTestMoney === undefined) {
      throw new TrefoilError('service/unavailable', { operation: 'faucet', detail: 'this release has no source of test money' });
    }
    await requestTestMoney(chain, this.#address(chain));
  }

  close(): void {
    this.#deps.signer.close();
    this.#deps.share.free();
  }

  #address(chain: ChainId): string {
    return chainOf(this.#deps.network, chain).plugin.address(this.#deps.keys);
  }

  #account(chain: ChainId): Account {
    const { network } = this.#deps;
    const { plugin, unavailable } = chainOf(network, chain);
    const faucet = network.requestTestMoney !== undefined && plugin.testnet && unavailable === undefined;
    return {
      chain,
      network: plugin.name,
      testnet: plugin.testnet,
      asset: plugin.asset,
      address: this.#address(chain),
      unavailable,
      faucet,
    };
  }
}
