/**
 * What a chain must offer. `ChainPlugin` is pure and runs on the page, in the Worker and in every node: the node
 * reads the whole request and computes the digests itself. `ChainClient` talks to the network and lives
 * only where the network is reached.
 */
import type { ChainId } from '../ids.ts';
import type { AccountKeys, KeyKind } from './engine.ts';

/** What is paid with on a chain: its own money or a token. Amounts are whole base units (lamports, satoshis, wei) as bigint. */
export interface Asset {
  readonly symbol: string;
  readonly name: string;
  readonly decimals: number;
}

/** A token that a release knows. Its name and decimals are the release's word, never the network's. */
export interface Token extends Asset {
  /** The contract, in the chain's canonical form. */
  readonly address: string;
}

export interface Payment {
  readonly to: string;
  readonly amount: bigint;
  /** The token's contract; undefined for the chain's own money. */
  readonly token: string | undefined;
}

/** A transaction as a person is asked to approve it and a node checks it: everything comes from its own bytes. */
export interface DecodedTransaction {
  readonly type: 'transaction';
  readonly chain: ChainId;
  /** The account's own address on this chain (the main one where there are several). */
  readonly from: string;
  /** What leaves the account to others. */
  readonly payments: readonly Payment[];
  /** What returns to the account itself (Bitcoin change, a payment to oneself). */
  readonly change: bigint;
  /** The most that it can cost, in the chain's own money. */
  readonly fee: bigint;
}

/** Words that prove who holds the account; nothing moves by itself. */
export interface DecodedMessage {
  readonly type: 'message';
  readonly chain: ChainId;
  readonly from: string;
  /** The message where it is readable text; undefined where it is bytes. */
  readonly text: string | undefined;
  readonly bytes: Uint8Array;
}

/** One field of typed data: a value as text, or the fields and elements inside it. */
export interface TypedField {
  readonly name: string;
  /** The declared type, such as `uint256`, `Person` or `address[]`. */
  readonly type: string;
  readonly value: string | readonly TypedField[];
}

/** EIP-712 data, field by field. */
export interface DecodedTypedData {
  readonly type: 'typed-data';
  readonly chain: ChainId;
  readonly from: string;
  readonly primaryType: string;
  readonly domain: readonly TypedField[];
  readonly fields: readonly TypedField[];
}

/** Whatever an account can be asked to sign. */
export type DecodedRequest = DecodedTransaction | DecodedMessage | DecodedTypedData;

declare const read: unique symbol;
/**
 * What one signature signs. It comes out of a chain's {@link ChainPlugin.read} and nowhere else: bytes that nobody read
 * have none.
 */
export type Digest = Uint8Array & { readonly [read]: true };

/** One signature that a request needs. */
export interface SigningTask {
  /** Which of the account's keys signs. */
  readonly key: KeyKind;
  /** `ecdsa` and `taproot`: 32 bytes. `ed25519`: the message itself. */
  readonly digest: Digest;
}

/** A transaction that is ready for the network. */
export interface SignedTransaction {
  /** Serialised for broadcast. */
  readonly raw: Uint8Array;
  /** The network's own transaction id, as its explorers show it. */
  readonly id: string;
}

/** A message's signature as the chain writes it (65 bytes r, s, v for the EVM). It is no transaction and cannot be sent. */
export type MessageSignature = Uint8Array;

/**
 * A request that one account was asked to sign, read completely and once: what it says, what is signed and what is made
 * of the signatures belong together.
 */
export interface Read<Content extends DecodedRequest, Signed> {
  /** A copy of the bytes that were read. */
  readonly unsigned: Uint8Array;
  readonly content: Content;
  /** What each signature signs, in order. */
  readonly tasks: readonly SigningTask[];
  /**
   * Puts the signatures into the request and verifies each for the account.
   * @param signatures in the order of `tasks`: 64 bytes, and for `ecdsa` 65 (r, s, recovery id)
   * @throws TrefoilError `input/malformed` when their number, size or truth is wrong
   */
  assemble(signatures: readonly Uint8Array[]): Signed;
}

export interface ReadTransaction extends Read<DecodedTransaction, SignedTransaction> {
  readonly kind: 'transaction';
}

export interface ReadMessage extends Read<DecodedMessage | DecodedTypedData, MessageSignature> {
  readonly kind: 'message';
  readonly tasks: readonly [SigningTask];
}

export type ReadRequest = ReadTransaction | ReadMessage;

/** One of an account's addresses on a chain. */
export interface WalletAddress {
  /** For people: `Taproot`, `SegWit`; empty where a chain has only one form. */
  readonly format: string;
  readonly address: string;
}

/** How messages become requests, on chains where accounts sign them. */
export interface MessageForms {
  /** EIP-191 `personal_sign` of UTF-8 text. @throws TrefoilError `input/*` */
  text(text: string): Uint8Array;
  /** EIP-712 from its JSON (`types`, `primaryType`, `domain`, `message`). @throws TrefoilError `input/malformed`, `intent/unsupported` for another chain's domain */
  typedData(json: string): Uint8Array;
}

export interface ChainPlugin {
  readonly id: ChainId;
  /** For people: `Solana`, `Bitcoin`. */
  readonly name: string;
  /** True for networks whose money has no value. */
  readonly testnet: boolean;
  readonly asset: Asset;
  /** The plugin's own version; part of what a wallet pins. */
  readonly version: string;
  /** Whether a wallet has more than account 0 here. */
  readonly derivesAccounts: boolean;
  /** Undefined on chains where accounts sign transactions only. */
  readonly messages: MessageForms | undefined;
  /** The account's addresses, the one to show first. @throws TrefoilError `chain/no-account` where the chain has only account 0 */
  addresses(keys: AccountKeys): readonly [WalletAddress, ...WalletAddress[]];
  /** The address in its canonical form. @throws TrefoilError `chain/bad-address` */
  parseAddress(text: string): string;
  /**
   * Reads an unsigned request of the account, completely or not at all. Keep what it gives instead of reading again.
   * @throws TrefoilError `intent/unsupported` for anything it does not fully understand or that is not the account's,
   * `chain/no-account` where the chain has only account 0, `input/malformed` for keys that are none
   */
  read(unsigned: Uint8Array, keys: AccountKeys): ReadRequest;
}

/** Where a transaction is. `dropped`: the network no longer knows it and it can't confirm. */
export type TransactionStatus =
  | { readonly state: 'pending' }
  | { readonly state: 'confirmed'; readonly confirmations: number }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'dropped' };

/** One line of an account's history on one chain. */
export interface HistoryEntry {
  readonly id: string;
  readonly direction: 'in' | 'out' | 'self';
  /** Base units; without the fee for `out`. */
  readonly amount: bigint;
  /** The token's contract; undefined for the chain's own money. */
  readonly token: string | undefined;
  readonly fee: bigint | undefined;
  readonly counterparty: string | undefined;
  readonly confirmed: boolean;
  /** Unix seconds, where the network knows it. */
  readonly time: number | undefined;
}

/** The network side of one chain. Every method throws TrefoilError `chain/unavailable` when the network does not answer in time. */
export interface ChainClient {
  readonly plugin: ChainPlugin;
  /** Spendable balance in base units (Bitcoin: confirmed and own unconfirmed change). @param token its contract; undefined for the chain's own money */
  balance(keys: AccountKeys, token: string | undefined): Promise<bigint>;
  /**
   * The unsigned transactions of one or more payments, with a current fee: as few as the chain can do with, to be sent in order.
   * @throws TrefoilError `chain/bad-address`, `chain/bad-amount`, `chain/insufficient-funds`, `chain/dust`
   */
  buildTransfers(request: { keys: AccountKeys; payments: readonly Payment[] }): Promise<Uint8Array[]>;
  /** @throws TrefoilError `chain/rejected` with the network's reason */
  broadcast(transaction: SignedTransaction): Promise<void>;
  status(transactionId: string): Promise<TransactionStatus>;
  /** Newest first, at most 50. */
  history(keys: AccountKeys): Promise<HistoryEntry[]>;
}
