/**
 * What the page may ask of the Worker. Amounts are whole base units. Every call rejects with a `TrefoilError`.
 *
 * Must never: let a share, a data key, an identity seed or the engine's memory out; the page gets public keys' addresses,
 * decoded transactions and problems.
 */
import type { ChainId, WalletId } from '../../shared/ids.ts';
import type { Asset, HistoryEntry, TransactionStatus } from '../../shared/ports/chain.ts';
import type { CreateProgress } from './ceremonies/create-wallet.ts';
import type { UnlockSecret } from './vault/data-key.ts';
import type { UnlockMethod } from './vault/unlock-row.ts';
import type { VaultState } from './vault/vault.ts';

export type { CreateProgress, UnlockMethod, UnlockSecret, VaultState };

/** One chain of the wallet. */
export interface Account {
  readonly chain: ChainId;
  /** For people: `Solana`. */
  readonly network: string;
  readonly testnet: boolean;
  readonly asset: Asset;
  readonly address: string;
  /** Why this release cannot reach the chain; undefined when it can. */
  readonly unavailable: string | undefined;
  /** True when this release can ask for test money here. */
  readonly faucet: boolean;
}

export interface WalletView {
  readonly walletId: WalletId;
  readonly accounts: readonly Account[];
  readonly unlockMethod: UnlockMethod;
  /** Names of the nodes that hold the other shares. */
  readonly nodes: readonly string[];
  /** The vault locks by itself after this time without {@link WalletApi.touch}. */
  readonly idleLockMs: number;
}

/** One line of the wallet's history. */
export interface Activity extends Omit<HistoryEntry, 'confirmed'> {
  readonly chain: ChainId;
  readonly state: 'pending' | 'confirmed' | 'failed';
}

/** The history of one chain, in no order. */
export interface ChainActivity {
  /** What was sent from here is there at once, before the network lists it. */
  readonly entries: readonly Activity[];
  /** False when the network did not answer and only what this browser remembers is here. */
  readonly listed: boolean;
}

/** Something a person should know before approving. */
export type Warning = 'new-recipient' | 'look-alike' | 'own-address' | 'high-fee' | 'almost-everything';

/** A transfer to be reviewed: everything here was read back from the transaction that will be signed. */
export interface PreparedTransfer {
  readonly id: string;
  readonly chain: ChainId;
  readonly payments: readonly { readonly to: string; readonly amount: bigint }[];
  readonly change: bigint;
  readonly fee: bigint;
  /** Payments and fee. */
  readonly total: bigint;
  readonly warnings: readonly Warning[];
}

export interface SentTransfer {
  readonly chain: ChainId;
  readonly transactionId: string;
  /** The node that helped to sign. */
  readonly servedBy: string;
  /** Requests that the signature took. */
  readonly roundTrips: number;
}

export type ApproveStep = 'signing' | 'broadcasting';

/** Why an open vault closed without being asked by this page. */
export type ClosedReason = 'idle' | 'handed-over';

export interface WalletApi {
  /** @param wasHere whether the page remembers that this browser held a wallet */
  status(wasHere: boolean): Promise<VaultState>;
  /** @throws TrefoilError `vault/weak-passphrase`, `vault/in-use`, `wallet/exists`, and whatever the ceremony reports */
  create(secret: UnlockSecret, onProgress: (progress: CreateProgress) => void): Promise<WalletView>;
  /** Ends a running {@link create}; it rejects with `session/aborted`. */
  stopCreating(): void;
  /** @throws TrefoilError `vault/cannot-open`, `vault/absent`, `vault/evicted`, `vault/damaged`, `vault/in-use` */
  unlock(secret: UnlockSecret, wasHere: boolean): Promise<WalletView>;
  lock(): Promise<void>;
  /** Makes the tab that has the wallet open lock it. */
  takeOver(): Promise<void>;
  /** The person is here: starts the idle time again. */
  touch(): void;
  /** Called when the vault closed by itself. */
  onClosed(listener: (reason: ClosedReason) => void): void;
  /** @throws TrefoilError `vault/locked` */
  view(): Promise<WalletView>;
  /** Base units. @throws TrefoilError `chain/unavailable` */
  balance(chain: ChainId): Promise<bigint>;
  activity(chain: ChainId): Promise<ChainActivity>;
  /** The chains of the wallet on which `text` is an address. */
  chainsOf(text: string): Promise<ChainId[]>;
  /** Builds a transfer and keeps it here until it is approved. @throws TrefoilError `chain/*` */
  prepareTransfer(request: { chain: ChainId; to: string; amount: bigint }): Promise<PreparedTransfer>;
  /** Signs exactly the bytes that {@link prepareTransfer} kept under `id`, and sends them. @throws TrefoilError `intent/expired`, `chain/rejected`, … */
  approve(id: string, onStep: (step: ApproveStep) => void): Promise<SentTransfer>;
  transactionStatus(chain: ChainId, transactionId: string): Promise<TransactionStatus>;
  /** Asks for test money on a chain. @throws TrefoilError `service/unavailable` */
  faucet(chain: ChainId): Promise<void>;
}
