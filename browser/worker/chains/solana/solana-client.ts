/** A Solana node's JSON-RPC as a ChainClient. */
import { base64 } from '@scure/base';
import { z } from 'zod';
import { assertOwnMoney } from '#shared/chains/amount.ts';
import { buildSolanaTransfers } from '#shared/chains/solana/build-transfer.ts';
import { walletAddress } from '#shared/chains/solana/wallet-address.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { ChainClient, ChainPlugin, HistoryEntry, TransactionStatus } from '#shared/ports/chain.ts';
import { reasonFrom, unavailable } from '../fetch-checked.ts';
import { jsonRpc, type Rpc, RpcRefusal } from '../json-rpc.ts';
import { readHistoryEntry, TransactionAnswer } from './solana-history.ts';

const COMMITMENT = { commitment: 'confirmed' } as const;
const HISTORY_LIMIT = 50;
/** Public servers count requests per second. */
const HISTORY_PARALLEL = 4;
/** A blockhash is accepted for this many blocks. */
const BLOCKHASH_LIFETIME_BLOCKS = 150;
/** A transaction that the cluster will never take back has at least this many confirmations. */
const FINAL_CONFIRMATIONS = 32;
/** Bids above this are noise: with the transfer's 1000 compute units it is 10 000 lamports. */
const MAX_MICRO_LAMPORTS = 10_000_000;

const lamports = z.number().int().nonnegative();
const inContext = <Value extends z.ZodType>(value: Value) => z.object({ value });
const Blockhash = inContext(z.object({ blockhash: z.string().min(32).max(44), lastValidBlockHeight: lamports }));
const Fees = z.array(z.object({ prioritizationFee: lamports })).max(1000);
const Status = z.object({
  confirmations: z.number().int().nullable(),
  confirmationStatus: z.enum(['processed', 'confirmed', 'finalized']).nullable().optional(),
  err: z.unknown(),
});
const Statuses = inContext(z.array(Status.nullable()).length(1));
const Signatures = z.array(z.object({ signature: z.string().max(100), blockTime: z.number().nullable().optional() })).max(HISTORY_LIMIT);

export function solanaClient(plugin: ChainPlugin, url: string): ChainClient {
  const rpc = refusalsAsUnavailable(jsonRpc(url));
  /** Block height after which a transaction that was not found cannot be included any more. */
  const lastHopes = new Map<string, number>();
  const knownEntries = new Map<string, HistoryEntry>();

  const balanceOf = async (address: string): Promise<bigint> =>
    BigInt((await rpc('getBalance', [address, COMMITMENT], inContext(lamports))).value);

  /** Median of what others paid recently for these accounts. */
  async function microLamports(accounts: readonly string[]): Promise<bigint> {
    const fees = (await rpc('getRecentPrioritizationFees', [accounts], Fees)).map(({ prioritizationFee }) => prioritizationFee);
    const median = fees.sort((a, b) => a - b)[Math.floor(fees.length / 2)] ?? 0;
    return BigInt(Math.min(median, MAX_MICRO_LAMPORTS));
  }

  async function dropped(transactionId: string): Promise<boolean> {
    const height = await rpc('getBlockHeight', [COMMITMENT], lamports);
    const lastHope = lastHopes.get(transactionId) ?? height + BLOCKHASH_LIFETIME_BLOCKS;
    lastHopes.set(transactionId, lastHope);
    return height > lastHope;
  }

  async function historyEntry(address: string, signature: string): Promise<HistoryEntry | undefined> {
    const options = { ...COMMITMENT, encoding: 'json', maxSupportedTransactionVersion: 0 };
    const answer = await rpc('getTransaction', [signature, options], TransactionAnswer.nullable());
    return answer === null ? undefined : readHistoryEntry(signature, address, answer);
  }

  return {
    plugin,

    async balance(keys, token) {
      assertOwnMoney(token, 'balance');
      return balanceOf(walletAddress(keys));
    },

    async buildTransfers({ keys, payments }) {
      const from = walletAddress(keys);
      const recipients = [...new Set(payments.map(({ to }) => plugin.parseAddress(to)))];
      const [balance, balances, latest, rentExemptMinimum, price] = await Promise.all([
        balanceOf(from),
        Promise.all(recipients.map(async (address) => [address, await balanceOf(address)] as const)),
        rpc('getLatestBlockhash', [COMMITMENT], Blockhash),
        rpc('getMinimumBalanceForRentExemption', [0], lamports),
        microLamports([from, ...recipients]),
      ]);
      return buildSolanaTransfers(
        { keys, payments },
        {
          balance,
          recipientBalances: new Map(balances),
          blockhash: latest.value.blockhash,
          lastValidBlockHeight: BigInt(latest.value.lastValidBlockHeight),
          rentExemptMinimum: BigInt(rentExemptMinimum),
          microLamports: price,
        },
      );
    },

    async broadcast({ raw, id }) {
      const options = { encoding: 'base64', preflightCommitment: COMMITMENT.commitment };
      try {
        const answered = await jsonRpc(url)('sendTransaction', [base64.encode(raw), options], z.string());
        if (answered !== id) throw unavailable('sendTransaction', 'the server answered for another transaction');
      } catch (cause) {
        // Sending the same transaction again is no failure.
        if (cause instanceof RpcRefusal && /already been processed/i.test(cause.message)) return;
        if (cause instanceof RpcRefusal)
          throw new TrefoilError('chain/rejected', { operation: 'sendTransaction', detail: reasonFrom(cause.message) });
        throw cause;
      }
    },

    async status(transactionId): Promise<TransactionStatus> {
      const { value } = await rpc('getSignatureStatuses', [[transactionId], { searchTransactionHistory: true }], Statuses);
      const [found = null] = value;
      if (found === null) return { state: (await dropped(transactionId)) ? 'dropped' : 'pending' };
      if (found.err !== null && found.err !== undefined) return { state: 'failed', reason: reasonFrom(JSON.stringify(found.err)) };
      if (found.confirmationStatus === 'processed') return { state: 'pending' };
      return { state: 'confirmed', confirmations: found.confirmations ?? FINAL_CONFIRMATIONS };
    },

    async history(keys) {
      const address = walletAddress(keys);
      const signatures = await rpc('getSignaturesForAddress', [address, { ...COMMITMENT, limit: HISTORY_LIMIT }], Signatures);
      const missing = signatures.filter(({ signature }) => !knownEntries.has(`${address} ${signature}`));
      for (let at = 0; at < missing.length; at += HISTORY_PARALLEL) {
        await Promise.all(
          missing.slice(at, at + HISTORY_PARALLEL).map(async ({ signature }) => {
            const entry = await historyEntry(address, signature);
            if (entry !== undefined) knownEntries.set(`${address} ${signature}`, entry);
          }),
        );
      }
      return signatures.flatMap(({ signature }) => knownEntries.get(`${address} ${signature}`) ?? []);
    },
  };
}

function refusalsAsUnavailable(rpc: Rpc): Rpc {
  return async (method, params, result) => {
    try {
      return await rpc(method, params, result);
    } catch (cause) {
      throw cause instanceof RpcRefusal ? unavailable(method, reasonFrom(cause.message), cause) : cause;
    }
  };
}
