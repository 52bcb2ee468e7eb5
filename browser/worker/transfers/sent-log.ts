/**
 * What was sent from this browser, sealed in the vault: shown at once, before the network lists it, and remembered after
 * the network stopped listing it.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { ChainId } from '#shared/ids.ts';
import type { HistoryEntry, TransactionStatus } from '#shared/ports/chain.ts';
import type { Activity } from '../api.ts';

/** Older lines fall out: the record is sealed anew at every write and has to stay small. */
const ENTRIES_MAX_COUNT = 200;

/** One payment. A transaction with several has as many entries with its id. */
export interface SentEntry {
  readonly chain: ChainId;
  readonly account: number;
  readonly id: string;
  readonly to: string;
  readonly amount: bigint;
  /** The token's contract; undefined for the chain's own money. */
  readonly token: string | undefined;
  /** Of the whole transaction, in the chain's own money. */
  readonly fee: bigint;
  /** Unix seconds. */
  readonly time: number;
  readonly state: Activity['state'];
}

/** The sealed place that holds the log. */
interface SentPlace {
  readNote(kind: 'sent'): Promise<Uint8Array | undefined>;
  writeNote(kind: 'sent', plaintext: Uint8Array): Promise<void>;
}

export class SentLog {
  readonly #place: SentPlace;
  #entries: readonly SentEntry[] | undefined;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(place: SentPlace) {
    this.#place = place;
  }

  /** Newest first. */
  async entries(): Promise<readonly SentEntry[]> {
    this.#entries ??= decode(await this.#place.readNote('sent'));
    return this.#entries;
  }

  async add(added: readonly SentEntry[]): Promise<void> {
    const ids = new Set(added.map(({ id }) => id));
    const rest = (await this.entries()).filter(({ id }) => !ids.has(id));
    await this.#write([...added, ...rest].slice(0, ENTRIES_MAX_COUNT));
  }

  async mark(id: string, state: SentEntry['state']): Promise<void> {
    const entries = await this.entries();
    if (entries.some((entry) => entry.id === id && entry.state !== state)) {
      await this.#write(entries.map((entry) => (entry.id === id ? { ...entry, state } : entry)));
    }
  }

  /** In order: the last written list must be the newest. */
  #write(entries: readonly SentEntry[]): Promise<void> {
    this.#entries = entries;
    const write = () => this.#place.writeNote('sent', encode(entries));
    this.#lastWrite = this.#lastWrite.then(write, write);
    return this.#lastWrite;
  }
}

/** A network's answer in the three words that a history needs. */
export function stateOf(status: TransactionStatus): SentEntry['state'] {
  switch (status.state) {
    case 'confirmed':
      return 'confirmed';
    case 'pending':
      return 'pending';
    case 'failed':
    case 'dropped':
      return 'failed';
  }
}

/** The network's list with what it does not show (yet). The network knows better what it lists. */
export function mergeActivity(
  { chain, account }: { chain: ChainId; account: number },
  listed: readonly HistoryEntry[],
  sent: readonly SentEntry[],
): Activity[] {
  const ids = new Set(listed.map(({ id }) => id));
  const fromNetwork = listed.map(({ confirmed, ...entry }): Activity => ({ ...entry, chain, state: confirmed ? 'confirmed' : 'pending' }));
  const fromHere = sent
    .filter((entry) => entry.chain === chain && entry.account === account && !ids.has(entry.id))
    .map(({ to, account: _account, ...entry }): Activity => ({ ...entry, direction: 'out', counterparty: to }));
  return [...fromNetwork, ...fromHere];
}

const encode = (entries: readonly SentEntry[]): Uint8Array =>
  utf8ToBytes(JSON.stringify(entries, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)));

/** The record was sealed by us and is authenticated: its shape is known. */
function decode(plaintext: Uint8Array | undefined): SentEntry[] {
  // Versions before accounts and tokens wrote neither.
  type Stored = Omit<SentEntry, 'amount' | 'fee' | 'account' | 'token'> &
    Readonly<{ amount: string; fee: string; account?: number; token?: string }>;
  const stored = plaintext === undefined ? [] : (JSON.parse(new TextDecoder().decode(plaintext)) as Stored[]);
  return stored.map(({ account = 0, token, ...entry }) => ({
    ...entry,
    account,
    token,
    amount: BigInt(entry.amount),
    fee: BigInt(entry.fee),
  }));
}
