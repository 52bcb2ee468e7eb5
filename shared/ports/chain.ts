/**
 * What a chain must offer. `ChainPlugin` is pure and runs on the page, in the Worker and in every node: the node
 * decodes the whole transaction and computes the digests itself. `ChainClient` talks to the network and lives
 * only where the network is reached.
 */
import type { ChainId } from '../ids.ts';
import type { FrostSuite, PublicKeys } from './engine.ts';

/** The native asset of a chain. Amounts are whole base units (lamports, satoshis) as bigint. */
export interface Asset {
  readonly symbol: string;
  readonly name: string;
  readonly decimals: number;
}

/** What a person is asked to approve, and what a node checks: everything comes from the transaction's own bytes. */
export interface DecodedTransaction {
  readonly chain: ChainId;
  /** The wallet's own address on this chain. */
  readonly from: string;
  /** What leaves the wallet to others. */
  readonly payments: readonly { readonly to: string; readonly amount: bigint }[];
  /** What returns to the wallet itself (Bitcoin change). */
  readonly change: bigint;
  readonly fee: bigint;
}

/** A transaction that is ready for the network. */
export interface SignedTransaction {
  /** Serialised for broadcast. */
  readonly raw: Uint8Array;
  /** The network's own transaction id, as its explorers show it. */
  readonly id: string;
}

export interface ChainPlugin {
  readonly id: ChainId;
  /** For people: `Solana`, `Bitcoin`. */
  readonly name: string;
  /** True for networks whose money has no value. */
  readonly testnet: boolean;
  readonly asset: Asset;
  /** Which master key signs on this chain. */
  readonly keyKind: FrostSuite;
  /** The plugin's own version; part of what a wallet pins. */
  readonly version: string;
  /** The wallet's address. */
  address(keys: PublicKeys): string;
  /** The address in its canonical form. @throws TrefoilError `chain/bad-address` */
  parseAddress(text: string): string;
  /** Reads the unsigned transaction completely. @throws TrefoilError `intent/unsupported` for anything it does not fully understand or that is not the wallet's */
  decode(unsigned: Uint8Array, keys: PublicKeys): DecodedTransaction;
  /** What each signature signs, in order (Solana: the message itself; Bitcoin: one BIP341 sighash per input). @throws TrefoilError `intent/unsupported` */
  digests(unsigned: Uint8Array, keys: PublicKeys): Uint8Array[];
  /** Puts the signatures in. @throws TrefoilError `input/malformed` when their number or size is wrong */
  assemble(unsigned: Uint8Array, signatures: readonly Uint8Array[], keys: PublicKeys): SignedTransaction;
}

/** Where a transaction is. `dropped`: the network no longer knows it and it can't confirm. */
export type TransactionStatus =
  | { readonly state: 'pending' }
  | { readonly state: 'confirmed'; readonly confirmations: number }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'dropped' };

/** One line of a wallet's history on one chain. */
export interface HistoryEntry {
  readonly id: string;
  readonly direction: 'in' | 'out' | 'self';
  /** Base units; without the fee for `out`. */
  readonly amount: bigint;
  readonly fee: bigint | undefined;
  readonly counterparty: string | undefined;
  readonly confirmed: boolean;
  /** Unix seconds, where the network knows it. */
  readonly time: number | undefined;
}

/** The network side of one chain. Every method throws TrefoilError `chain/unavailable` when the network does not answer in time. */
export interface ChainClient {
  readonly plugin: ChainPlugin;
  /** Spendable balance in base units (Bitcoin: confirmed and own unconfirmed change). */
  balance(address: string): Promise<bigint>;
  /**
   * The unsigned transaction of a transfer, with a current fee.
   * @throws TrefoilError `chain/bad-address`, `chain/bad-amount`, `chain/insufficient-funds`, `chain/dust`
   */
  buildTransfer(request: { keys: PublicKeys; to: string; amount: bigint }): Promise<Uint8Array>;
  /** @throws TrefoilError `chain/rejected` with the network's reason */
  broadcast(transaction: SignedTransaction): Promise<void>;
  status(transactionId: string): Promise<TransactionStatus>;
  /** Newest first, at most 50. */
  history(address: string): Promise<HistoryEntry[]>;
}
