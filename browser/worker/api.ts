/**
 * What the page may ask of the Worker. Amounts are whole base units. Every call rejects with a `TrefoilError`.
 *
 * Must never: let a share, a data key, an identity seed or the engine's memory out; the page gets public keys' addresses,
 * decoded transactions and problems.
 */
import type { ChainId, WalletId } from '#shared/ids.ts';
import type {
  Asset,
  DecodedMessage,
  DecodedTypedData,
  HistoryEntry,
  Payment,
  TransactionStatus,
  WalletAddress,
} from '#shared/ports/chain.ts';
import type { CreateProgress } from './ceremonies/create-wallet.ts';
import type { UnlockMethod, UnlockSecret } from './vault/unlock/unlock-row.ts';
import type { VaultState } from './vault/vault.ts';

export type { CreateProgress, UnlockMethod, UnlockSecret, VaultState };

/** What can be held: an asset of one account on one chain. */
export interface Holding {
  readonly chain: ChainId;
  /** From 0. */
  readonly account: number;
  /** The token's contract; undefined for the chain's own money. */
  readonly token: string | undefined;
}

/** One holding with what a page shows of it. The first holding of a chain and account is the chain's own money, its tokens follow. */
export interface Account extends Holding {
  /** For people: `Solana`. */
  readonly network: string;
  readonly testnet: boolean;
  readonly asset: Asset;
  /** The address to show first. */
  readonly address: string;
  /** Every address of the account here, `address` first (Bitcoin: Taproot and SegWit). */
  readonly addresses: readonly WalletAddress[];
  /** Why this release cannot reach the chain; undefined when it can. */
  readonly unavailable: string | undefined;
  /** True when this release can ask for test money here. */
  readonly faucet: boolean;
  /** True when the account can sign messages and typed data. */
  readonly messages: boolean;
}

export interface WalletView {
  readonly walletId: WalletId;
  /** By account, and in each in the order of the release's chains. */
  readonly accounts: readonly Account[];
  /** How many accounts the wallet has; the first is 0. */
  readonly accountCount: number;
  /** How many more there can be. */
  readonly accountsLeft: number;
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

/** The history of one account on one chain, in no order. */
export interface ChainActivity {
  /** What was sent from here is there at once, before the network lists it. */
  readonly entries: readonly Activity[];
  /** False when the network did not answer and only what this browser remembers is here. */
  readonly listed: boolean;
}

/** Something a person should know before approving. */
export type Warning = 'new-recipient' | 'look-alike' | 'own-address' | 'high-fee' | 'almost-everything';

/** One payment that was read back from the transactions that will be signed. */
export interface PreparedPayment extends Payment {
  readonly warnings: readonly Warning[];
}

/** Payments to be reviewed and approved together: everything here was read back from the transactions that will be signed. */
export interface PreparedTransfer {
  readonly id: string;
  readonly chain: ChainId;
  readonly account: number;
  /** In the order in which they are sent. */
  readonly payments: readonly PreparedPayment[];
  /** How many transactions carry them. */
  readonly transactions: number;
  readonly change: bigint;
  /** The most that they can cost together, in the chain's own money. */
  readonly fee: bigint;
  /** About all of them. */
  readonly warnings: readonly Warning[];
}

/** A message or typed data to be reviewed, as it was read back from what will be signed. */
export interface PreparedMessage {
  readonly id: string;
  readonly account: number;
  readonly content: DecodedMessage | DecodedTypedData;
  /** The 32 bytes that the signature is over, `0x` and 64 hex digits, to compare with what another screen shows. */
  readonly digest: string;
}

/** How a signature came about. */
export interface Served {
  /** The node that helped to sign. */
  readonly servedBy: string;
  /** Requests that the signature took: 1 with one-time material at hand, 2 when it had to be made first. */
  readonly roundTrips: number;
}

export interface SentTransfer extends Served {
  readonly chain: ChainId;
  /** In the order in which they were sent. */
  readonly transactionIds: readonly string[];
}

export interface SignedMessage extends Served {
  /** As the chain writes it: `0x` and 130 hex digits for EVM. */
  readonly signature: string;
}

/** `preparing`: no presignature was left, so this signature takes a second round trip. */
export type ApproveStep = 'signing' | 'preparing' | 'broadcasting';

/** Extended public keys (BIP32) of the wallet: whoever has one sees every account of that key, and cannot spend. */
export interface ExtendedKeys {
  readonly ecdsa: string;
  readonly taproot: string;
}

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
  /** Adds the next account and returns the wallet with it. @throws TrefoilError `input/too-large` when there are as many as can be */
  addAccount(): Promise<WalletView>;
  extendedKeys(): Promise<ExtendedKeys>;
  /** Base units. @throws TrefoilError `chain/unavailable` */
  balance(holding: Holding): Promise<bigint>;
  /** The chain's own money and its tokens together. */
  activity(chain: ChainId, account: number): Promise<ChainActivity>;
  /** The chains of the wallet on which `text` is an address. */
  chainsOf(text: string): Promise<ChainId[]>;
  /** Builds the transactions of up to 16 payments and keeps them here until they are approved. @throws TrefoilError `chain/*` */
  prepareTransfer(request: { chain: ChainId; account: number; payments: readonly Payment[] }): Promise<PreparedTransfer>;
  /**
   * Signs exactly the bytes that {@link prepareTransfer} kept under `id` with one approval, and sends them in order.
   * @throws TrefoilError `intent/expired`, `chain/rejected`, …
   */
  approve(id: string, onStep: (step: ApproveStep) => void): Promise<SentTransfer>;
  /** @throws TrefoilError `intent/unsupported` where the chain has no messages, `input/*` */
  prepareMessage(request: { chain: ChainId; account: number; text: string }): Promise<PreparedMessage>;
  /** @param request `json`: EIP-712 typed data. @throws TrefoilError `input/malformed`, `intent/unsupported` */
  prepareTypedData(request: { chain: ChainId; account: number; json: string }): Promise<PreparedMessage>;
  /** Signs what {@link prepareMessage} or {@link prepareTypedData} kept under `id`; sends nothing. */
  approveMessage(id: string, onStep: (step: ApproveStep) => void): Promise<SignedMessage>;
  transactionStatus(chain: ChainId, transactionId: string): Promise<TransactionStatus>;
  /** Asks for test money for an account on a chain. @throws TrefoilError `service/unavailable` */
  faucet(chain: ChainId, account: number): Promise<void>;
  /** The page is seen, or hidden: a hidden page prepares no signatures ahead. */
  setVisible(visible: boolean): void;
}
