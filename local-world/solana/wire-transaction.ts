/** Reads a transaction as wallets send it. */
import { base58 } from '@scure/base';
import { type Address, getCompiledTransactionMessageDecoder, getTransactionDecoder } from '@solana/web3.js';

/** IPv6 minimum packet minus headers. */
const TRANSACTION_MAX_BYTES = 1232;

/** What the virtual machine takes: message and signatures by address. */
export interface VmTransaction {
  readonly messageBytes: Uint8Array;
  readonly signatures: Readonly<Record<string, Uint8Array | null>>;
}

export interface WireTransaction {
  readonly raw: Uint8Array;
  readonly vm: VmTransaction;
  /** Base58 of the fee payer's signature: the transaction's id. */
  readonly signature: string;
  readonly blockhash: string;
  readonly version: 'legacy' | number;
  readonly message: ReturnType<ReturnType<typeof getCompiledTransactionMessageDecoder>['decode']>;
  readonly accounts: readonly Address[];
}

/** @throws Error when the bytes are not a transaction */
export function readWireTransaction(raw: Uint8Array): WireTransaction {
  if (raw.length > TRANSACTION_MAX_BYTES)
    throw new Error(`VersionedTransaction too large: ${raw.length} bytes (max: encoded/raw 1644/${TRANSACTION_MAX_BYTES})`);
  const { messageBytes, signatures } = getTransactionDecoder().decode(raw);
  const message = readMessage(new Uint8Array(messageBytes));
  const [payer] = message.staticAccounts;
  if (payer === undefined || message.header.numSignerAccounts === 0) throw new Error('a transaction needs a fee payer');
  return {
    raw,
    vm: { messageBytes: new Uint8Array(messageBytes), signatures: signatures as Record<string, Uint8Array | null> },
    signature: base58.encode(signatures[payer] ?? new Uint8Array(64)),
    blockhash: message.lifetimeToken,
    version: message.version,
    message,
    accounts: message.staticAccounts,
  };
}

export const readMessage = (bytes: Uint8Array): WireTransaction['message'] => getCompiledTransactionMessageDecoder().decode(bytes);

/** The same message without signatures, for questions about it. */
export function unsignedTransaction(messageBytes: Uint8Array): VmTransaction {
  const { header, staticAccounts } = readMessage(messageBytes);
  return {
    messageBytes,
    signatures: Object.fromEntries(staticAccounts.slice(0, header.numSignerAccounts).map((address) => [address, null])),
  };
}
