/**
 * An account's history from a plain node, which has no index of accounts. Found are: transfers of the release's tokens in
 * the newest 5000 blocks (about 17 hours of Ethereum), and payments of the chain's own money in the newest 128 (about 26
 * minutes). Not found: what is older, other tokens, money that a contract sent, and failed transactions.
 */
import type { Address, Hash } from 'viem';
import { getAddress } from 'viem/utils';
import type { HistoryEntry } from '#shared/ports/chain.ts';
import type { EvmRpc, FullBlock, Receipt } from './evm-rpc.ts';

const HISTORY_LIMIT = 50;
/** Public servers refuse to look through more at once. */
const LOG_BLOCKS = 5_000n;
/** A block of Ethereum has some 200 kB. */
const SCANNED_BLOCKS = 128n;
/** Public servers count requests per second. */
const PARALLEL = 4;

/** One movement of money, before its fee and time are known. */
interface Movement {
  readonly hash: string;
  readonly block: bigint;
  /** Within the block: the transaction, and within it the log (own money comes before tokens). */
  readonly order: readonly [number, number];
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  readonly token: string | undefined;
}

export type EvmHistory = (own: Address) => Promise<HistoryEntry[]>;

/** @param tokens contracts of the release */
export function evmHistory(rpc: EvmRpc, tokens: readonly Address[]): EvmHistory {
  const blocks = recentBlocks(rpc);
  const receipts = new Map<string, Receipt>();
  const times = new Map<string, number>();

  async function tokenMovements(own: Address, tip: bigint): Promise<Movement[]> {
    if (tokens.length === 0) return [];
    const first = tip > LOG_BLOCKS ? tip - LOG_BLOCKS + 1n : 0n;
    const both = await Promise.all([rpc.transfers(tokens, { from: own }, first, tip), rpc.transfers(tokens, { to: own }, first, tip)]);
    // A transfer to oneself is in both answers.
    const logs = new Map(both.flat().map((log) => [`${log.transactionHash} ${log.logIndex}`, log]));
    return [...logs.values()].map(({ address, blockNumber, transactionHash, transactionIndex, logIndex, args }) => ({
      hash: transactionHash,
      block: blockNumber,
      order: [transactionIndex, logIndex],
      from: getAddress(args.from),
      to: getAddress(args.to),
      amount: args.value,
      token: getAddress(address),
    }));
  }

  async function entryOf(movement: Movement, own: Address): Promise<HistoryEntry[]> {
    const { hash, block, from, to, amount, token } = movement;
    const outgoing = from === own;
    // Who receives pays no fee, and only what moved is in a log.
    const receipt = outgoing ? (receipts.get(hash) ?? (await rpc.receipt(hash as Hash))) : undefined;
    if (receipt !== undefined) receipts.set(hash, receipt);
    if (receipt?.status === 'reverted') return [];
    const time = times.get(hash) ?? Number((await rpc.header(block)).timestamp);
    times.set(hash, time);
    return [
      {
        id: hash,
        direction: !outgoing ? 'in' : to === own ? 'self' : 'out',
        amount,
        token,
        fee: receipt === undefined ? undefined : receipt.gasUsed * receipt.effectiveGasPrice,
        counterparty: !outgoing ? from : to === own ? undefined : to,
        confirmed: true,
        time,
      },
    ];
  }

  return async (own) => {
    const newest = await blocks();
    const tip = newest[0]?.number ?? 0n;
    const movements = [...newest.flatMap((block) => moneyMovements(block, own)), ...(await tokenMovements(own, tip))];
    movements.sort((a, b) => Number(b.block - a.block) || b.order[0] - a.order[0] || b.order[1] - a.order[1]);
    const entries: HistoryEntry[] = [];
    for (let at = 0; at < movements.length && entries.length < HISTORY_LIMIT; at += PARALLEL) {
      const some = movements.slice(at, at + PARALLEL).map((movement) => entryOf(movement, own));
      entries.push(...(await Promise.all(some)).flat());
    }
    return entries.slice(0, HISTORY_LIMIT);
  };
}

function moneyMovements({ number, transactions }: FullBlock, own: Address): Movement[] {
  return transactions.flatMap(({ hash, from, to, value, transactionIndex }) => {
    if (to === null || value === 0n) return [];
    const movement = { hash, from: getAddress(from), to: getAddress(to), amount: value, token: undefined };
    if (movement.from !== own && movement.to !== own) return [];
    return [{ ...movement, block: number, order: [transactionIndex, -1] as const }];
  });
}

/** The newest blocks, newest first. Those that are known are not asked for again, as long as each is the parent of the next. */
function recentBlocks(rpc: EvmRpc): () => Promise<FullBlock[]> {
  const known = new Map<bigint, FullBlock>();

  return async () => {
    const { number: tip, hash } = await rpc.latest();
    const first = tip >= SCANNED_BLOCKS ? tip - SCANNED_BLOCKS + 1n : 0n;
    const missing: bigint[] = [];
    for (let number = tip; number >= first; number--) if (!known.has(number)) missing.push(number);
    for (let at = 0; at < missing.length; at += PARALLEL) {
      for (const block of await Promise.all(missing.slice(at, at + PARALLEL).map(rpc.block))) known.set(block.number, block);
    }
    for (const number of known.keys()) if (number < first || number > tip) known.delete(number);
    const chain: FullBlock[] = [];
    let expected = hash;
    for (let number = tip; number >= first; number--) {
      const remembered = known.get(number);
      const block = remembered?.hash === expected ? remembered : await rpc.block(number);
      known.set(number, block);
      chain.push(block);
      expected = block.parentHash;
    }
    return chain;
  };
}
