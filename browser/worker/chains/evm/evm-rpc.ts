/**
 * An Ethereum node's JSON-RPC, by viem: in time, of bounded size, asked once. What comes back is checked before it is used,
 * and a contract cannot send the wallet to another server (no CCIP-Read).
 */
import { type Address, BaseError, createClient, type Hash, type Hex, http, parseAbiItem, RpcRequestError } from 'viem';
import * as actions from 'viem/actions';
import { z } from 'zod';
import { MAX_UINT256 } from '#shared/chains/amount.ts';
import type { Call } from '#shared/chains/evm/build-transfer.ts';
import { TrefoilError } from '#shared/errors.ts';
import { fetchChecked, parseAnswer, reasonFrom, unavailable } from '../fetch-checked.ts';
import { RpcRefusal } from '../json-rpc.ts';

const BALANCE_OF = parseAbiItem('function balanceOf(address owner) view returns (uint256)');
const TRANSFER = parseAbiItem('event Transfer(address indexed from, address indexed to, uint256 value)');

const Amount = z.bigint().min(0n).max(MAX_UINT256);
const Height = z.bigint().min(0n).max(BigInt(Number.MAX_SAFE_INTEGER));
const Nonce = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Hash32 = z.string().regex(/^0x[0-9a-f]{64}$/);
const AddressText = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
/** Answers come with their type's name, so that only what is read is checked. */
const Block = z.object({ number: Height, hash: Hash32, parentHash: Hash32, timestamp: Height, baseFeePerGas: Amount.nullable() });
const Moved = z.object({ hash: Hash32, from: AddressText, to: AddressText.nullable(), value: Amount, transactionIndex: z.number().int() });
const FullBlock = Block.extend({ transactions: z.array(Moved).max(100_000) });
const Receipt = z.object({ blockNumber: Height, status: z.enum(['success', 'reverted']), gasUsed: Amount, effectiveGasPrice: Amount });
const TokenMoved = z.object({
  address: AddressText,
  blockNumber: Height,
  transactionHash: Hash32,
  transactionIndex: z.number().int(),
  logIndex: z.number().int(),
  args: z.object({ from: AddressText, to: AddressText, value: Amount }),
});
export type FullBlock = z.infer<typeof FullBlock>;
export type Receipt = z.infer<typeof Receipt>;
export type TokenMoved = z.infer<typeof TokenMoved>;

/** Every method throws TrefoilError `chain/unavailable`, also when the node refuses; those that say so throw {@link RpcRefusal} then. */
export type EvmRpc = ReturnType<typeof evmRpc>;

export function evmRpc(url: string) {
  const client = createClient({
    transport: http(url, { fetchFn: fetchEnvelope, retryCount: 0 }),
    ccipRead: false,
    cacheTime: 0,
  });

  /** @throws RpcRefusal with the node's words */
  async function refusable<Schema extends z.ZodType>(
    operation: string,
    schema: Schema,
    work: () => Promise<unknown>,
  ): Promise<z.infer<Schema>> {
    let value: unknown;
    try {
      value = await work();
    } catch (cause) {
      throw errorOf(operation, cause);
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw unavailable(operation, 'the answer has an unknown shape', parsed.error);
    return parsed.data;
  }

  async function ask<Schema extends z.ZodType>(operation: string, schema: Schema, work: () => Promise<unknown>): Promise<z.infer<Schema>> {
    try {
      return await refusable(operation, schema, work);
    } catch (cause) {
      throw cause instanceof RpcRefusal ? unavailable(operation, reasonFrom(cause.message), cause) : cause;
    }
  }

  return {
    balance: (address: Address) => ask('eth_getBalance', Amount, () => actions.getBalance(client, { address })),

    tokenBalance: (token: Address, owner: Address) =>
      ask('balanceOf', Amount, () =>
        actions.readContract(client, { address: token, abi: [BALANCE_OF], functionName: 'balanceOf', args: [owner] }),
      ),

    /** Transactions that were sent from here: with `pending` also those that wait. */
    count: (address: Address, blockTag: 'latest' | 'pending') =>
      ask('eth_getTransactionCount', Nonce, () => actions.getTransactionCount(client, { address, blockTag })),

    height: () => ask('eth_blockNumber', Height, () => actions.getBlockNumber(client)),

    latest: () => ask('eth_getBlockByNumber', Block, () => actions.getBlock(client, { blockTag: 'latest' })),

    header: (blockNumber: bigint) => ask('eth_getBlockByNumber', Block, () => actions.getBlock(client, { blockNumber })),

    block: (blockNumber: bigint) =>
      ask('eth_getBlockByNumber', FullBlock, () => actions.getBlock(client, { blockNumber, includeTransactions: true })),

    /** Wei for a unit of gas, on top of the base fee. */
    tip: () => ask('eth_maxPriorityFeePerGas', Amount, () => actions.estimateMaxPriorityFeePerGas(client)),

    gasPrice: () => ask('eth_gasPrice', Amount, () => actions.getGasPrice(client)),

    /** @throws RpcRefusal when the call would fail */
    estimateGas: (account: Address, call: Call) =>
      refusable('eth_estimateGas', Amount, () => actions.estimateGas(client, { account, prepare: false, ...call })),

    /** @throws RpcRefusal when the node does not take it */
    send: (serializedTransaction: Hex) =>
      refusable('eth_sendRawTransaction', Hash32, () => actions.sendRawTransaction(client, { serializedTransaction })),

    /** Undefined while it waits, and when it is not known. */
    receipt: (hash: Hash) =>
      ask('eth_getTransactionReceipt', Receipt.optional(), () => found(actions.getTransactionReceipt(client, { hash }))),

    /** Whether the node has the transaction, waiting or included. */
    knows: (hash: Hash) =>
      ask('eth_getTransactionByHash', z.boolean(), async () => (await found(actions.getTransaction(client, { hash }))) !== undefined),

    /** Transfers of these tokens from or to an account. */
    transfers: (tokens: readonly Address[], args: { from: Address } | { to: Address }, fromBlock: bigint, toBlock: bigint) =>
      ask('eth_getLogs', z.array(TokenMoved).max(100_000), () =>
        actions.getLogs(client, { address: [...tokens], event: TRANSFER, args, strict: true, fromBlock, toBlock }),
      ),
  };
}

/** viem makes an error of `null`. */
async function found<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof BaseError && /^Transaction(Receipt)?NotFoundError$/.test(cause.name)) return undefined;
    throw cause;
  }
}

const Envelope = z.union([
  z.object({ error: z.object({ code: z.number(), message: z.string() }) }),
  z.looseObject({}).refine((answer) => 'result' in answer),
]);

/** For viem: an answer that is JSON-RPC, whatever its HTTP status. */
async function fetchEnvelope(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const operation = 'ethereum';
  const { status, text } = await fetchChecked(String(input), operation, init);
  if (status === 429) throw unavailable(operation, 'the server asks to slow down');
  const answer = parseAnswer(text, Envelope, operation);
  if (status !== 200 && !('error' in answer)) throw unavailable(operation, `the server answered with status ${status}`);
  return new Response(text, { headers: { 'content-type': 'application/json' } });
}

function errorOf(operation: string, cause: unknown): Error {
  const inside = (wanted: (error: unknown) => boolean): unknown => (cause instanceof BaseError ? cause.walk(wanted) : null);
  const own = cause instanceof TrefoilError ? cause : inside((error) => error instanceof TrefoilError);
  if (own instanceof TrefoilError) return own;
  const refused = inside((error) => error instanceof RpcRequestError);
  if (refused instanceof RpcRequestError) return new RpcRefusal(refused.code, refused.details);
  return unavailable(operation, 'the answer has an unknown shape', cause);
}
