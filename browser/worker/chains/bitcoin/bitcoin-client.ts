/** An Esplora server as a ChainClient. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { RawTx } from '@scure/btc-signer';
import type { z } from 'zod';
import { assertOwnMoney } from '#shared/chains/amount.ts';
import { buildBitcoinTransfer, type Coin } from '#shared/chains/bitcoin/build-transfer.ts';
import { type OwnScript, ownScripts } from '#shared/chains/bitcoin/network.ts';
import type { BitcoinPlugin } from '#shared/chains/bitcoin/plugin.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { ChainClient, HistoryEntry, TransactionStatus } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import { fetchChecked, parseAnswer, reasonFrom, unavailable } from '../fetch-checked.ts';
import { FeeEstimates, Height, Outspend, Status, type Transaction, Transactions, Utxos } from './esplora-answers.ts';

const HISTORY_LIMIT = 50;
/** Blocks within which a payment should confirm: about half an hour. */
const CONFIRMATION_TARGET = 3;

export function bitcoinClient(plugin: BitcoinPlugin, url: string): ChainClient {
  const base = url.replace(/\/+$/, '');
  /** First coin that a transaction sent from here spends: tells whether it can still confirm once the server forgot it. */
  const firstCoins = new Map<string, { txid: string; vout: number }>();

  async function get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
    const operation = `GET ${path.replace(/\/(address|tx)\/[^/]+/, '/$1/…')}`;
    const { status, text } = await fetchChecked(base + path, operation);
    if (status !== 200) throw unavailable(operation, `the server answered with status ${status}`);
    return parseAnswer(text, schema, operation);
  }

  const transactions = (address: string): Promise<Transaction[]> => get(`/address/${address}/txs`, Transactions);

  /** Of one of the account's addresses. Unconfirmed money of others can still vanish; unconfirmed change is the account's own doing. */
  async function coinsOf({ address, key }: OwnScript, mine: ReadonlySet<string>): Promise<Coin[]> {
    const all = await get(`/address/${address}/utxo`, Utxos);
    const unconfirmed = all.filter(({ status }) => !status.confirmed);
    const known = unconfirmed.length === 0 ? [] : await transactions(address);
    const ours = new Set(known.filter((transaction) => spends(transaction, mine)).map(({ txid }) => txid));
    const spendable = all.filter(({ txid, status }) => status.confirmed || ours.has(txid));
    return spendable.map(({ txid, vout, value }) => ({ txid, index: vout, amount: BigInt(value), key }));
  }

  async function coins(keys: AccountKeys): Promise<Coin[]> {
    const own = Object.values(ownScripts(keys, plugin.network)) as OwnScript[];
    const mine = new Set(own.map(({ address }) => address));
    return (await Promise.all(own.map((script) => coinsOf(script, mine)))).flat();
  }

  async function feeRate(): Promise<number> {
    const estimates = Object.entries(await get('/fee-estimates', FeeEstimates)).map(([blocks, rate]) => ({ blocks: Number(blocks), rate }));
    const inTime = estimates.filter(({ blocks }) => blocks <= CONFIRMATION_TARGET).sort((a, b) => b.blocks - a.blocks);
    return inTime[0]?.rate ?? Math.max(1, ...estimates.map(({ rate }) => rate));
  }

  async function forgotten(transactionId: string): Promise<TransactionStatus> {
    const coin = firstCoins.get(transactionId);
    if (coin === undefined) return { state: 'dropped' };
    const outspend = await get(`/tx/${coin.txid}/outspend/${coin.vout}`, Outspend);
    return { state: outspend.spent && outspend.txid !== transactionId ? 'dropped' : 'pending' };
  }

  return {
    plugin,

    async balance(keys, token) {
      assertOwnMoney(token, 'balance');
      return (await coins(keys)).reduce((sum, { amount }) => sum + amount, 0n);
    },

    async buildTransfers({ keys, payments }) {
      const [spendable, rate] = await Promise.all([coins(keys), feeRate()]);
      return [buildBitcoinTransfer({ keys, payments }, { coins: spendable, feeRate: rate }, plugin.network)];
    },

    async broadcast({ raw, id }) {
      const operation = 'POST /tx';
      const { status, text } = await fetchChecked(`${base}/tx`, operation, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: bytesToHex(raw),
      });
      // Sending the same transaction again is no failure.
      const known = /already (in|have|known)|txn-already-known|txn-already-in-mempool/i.test(text);
      if (status >= 400 && status < 500 && status !== 429 && !known) {
        throw new TrefoilError('chain/rejected', { operation, detail: reasonFrom(text) });
      }
      if (status !== 200 && !known) throw unavailable(operation, `the server answered with status ${status}`);
      const [coin] = RawTx.decode(raw).inputs;
      if (coin !== undefined) firstCoins.set(id, { txid: bytesToHex(coin.txid), vout: coin.index });
    },

    async status(transactionId) {
      const operation = 'GET /tx/…/status';
      const { status, text } = await fetchChecked(`${base}/tx/${transactionId}/status`, operation);
      if (status === 404) return forgotten(transactionId);
      if (status !== 200) throw unavailable(operation, `the server answered with status ${status}`);
      const answer = parseAnswer(text, Status, operation);
      // Esplora answers `confirmed: false` also for transactions that it does not know.
      if (!answer.confirmed || answer.block_height === undefined) {
        const known = await fetchChecked(`${base}/tx/${transactionId}`, 'GET /tx/…');
        return known.status === 404 ? forgotten(transactionId) : { state: 'pending' };
      }
      const tip = await get('/blocks/tip/height', Height);
      return { state: 'confirmed', confirmations: Math.max(1, tip - answer.block_height + 1) };
    },

    async history(keys) {
      const addresses = plugin.addresses(keys).map(({ address }) => address);
      const mine = new Set(addresses);
      const lists = await Promise.all(addresses.map(transactions));
      // One that touches both addresses is in both lists.
      const all = new Map(lists.flat().map((transaction) => [transaction.txid, transaction]));
      const entries = newestFirst([...all.values()]).flatMap((transaction) => readEntries(transaction, mine));
      return entries.slice(0, HISTORY_LIMIT);
    },
  };
}

const spends = ({ vin }: Transaction, mine: ReadonlySet<string>): boolean =>
  vin.some(({ prevout }) => mine.has(prevout?.scriptpubkey_address ?? ''));

/** Waiting ones first; the order of the server within a block. */
const newestFirst = (transactions: readonly Transaction[]): Transaction[] => transactions.toSorted((a, b) => heightOf(b) - heightOf(a));

const heightOf = ({ status }: Transaction): number => (status.confirmed ? (status.block_height ?? 0) : Number.MAX_SAFE_INTEGER);

/** One line for each payment: a transaction that pays several people has several, with one id and one fee. */
function readEntries(transaction: Transaction, mine: ReadonlySet<string>): HistoryEntry[] {
  const { txid, vin, vout, fee, status } = transaction;
  const isOwn = ({ scriptpubkey_address }: { scriptpubkey_address?: string | undefined }): boolean => mine.has(scriptpubkey_address ?? '');
  const outgoing = spends(transaction, mine);
  const common = {
    ...{ id: txid, token: undefined, confirmed: status.confirmed, time: status.block_time },
    fee: outgoing ? BigInt(fee) : undefined,
  };
  const others = vout.filter((output) => !isOwn(output));
  if (outgoing && others.length > 0) {
    return others.map(({ value, scriptpubkey_address }) => ({
      ...common,
      ...{ direction: 'out', amount: BigInt(value), counterparty: scriptpubkey_address },
    }));
  }
  const counterparty = outgoing ? undefined : vin[0]?.prevout?.scriptpubkey_address;
  return [{ ...common, direction: outgoing ? 'self' : 'in', amount: total(vout.filter(isOwn)), counterparty }];
}

const total = (outputs: readonly { value: number }[]): bigint => outputs.reduce((sum, { value }) => sum + BigInt(value), 0n);
