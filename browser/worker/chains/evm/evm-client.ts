/** An Ethereum node as a ChainClient. */
import type { Address, Hash } from 'viem';
import { bytesToHex } from 'viem/utils';
import { accountAddress } from '#shared/chains/evm/account-address.ts';
import { buildEvmTransfers, callOf, type EvmState, type GasPrice } from '#shared/chains/evm/build-transfer.ts';
import type { EvmPlugin } from '#shared/chains/evm/plugin.ts';
import { readSender } from '#shared/chains/evm/signed-transaction.ts';
import { MIN_GAS } from '#shared/chains/evm/unsigned-transaction.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { ChainClient, Payment, Token, TransactionStatus } from '#shared/ports/chain.ts';
import { reasonFrom } from '../fetch-checked.ts';
import { RpcRefusal } from '../json-rpc.ts';
import { evmHistory } from './evm-history.ts';
import { evmRpc, type Receipt } from './evm-rpc.ts';
import { SentNonces } from './sent-nonces.ts';

/** The base fee can double in six blocks, about a minute. */
const BASE_FEE_MARGIN = 2n;
/** Tips above this are noise. */
const MAX_TIP = 100n * 10n ** 9n;

/** @param clock Unix time in milliseconds */
export function evmClient(plugin: EvmPlugin, url: string, tokens: readonly Token[], clock: () => number): ChainClient {
  const rpc = evmRpc(url);
  const history = evmHistory(
    rpc,
    tokens.map(({ address }) => address as Address),
  );
  const nonces = new SentNonces(clock);
  const sent = new Map<string, { account: Address; nonce: number }>();

  async function price(): Promise<GasPrice> {
    const { baseFeePerGas } = await rpc.latest();
    if (baseFeePerGas === null) return { gasPrice: await rpc.gasPrice() };
    const offered = await rpc.tip();
    const tip = offered < MAX_TIP ? offered : MAX_TIP;
    return { maxFeePerGas: baseFeePerGas * BASE_FEE_MARGIN + tip, maxPriorityFeePerGas: tip };
  }

  async function tokenBalances(own: Address, payments: readonly Payment[]): Promise<Map<string, bigint>> {
    const contracts = new Set(payments.flatMap(({ token }) => (token === undefined ? [] : [plugin.parseAddress(token) as Address])));
    return new Map(await Promise.all([...contracts].map(async (token) => [token, await rpc.tokenBalance(token, own)] as const)));
  }

  /** A quarter more than estimated, because a contract may meet another state; a plain payment always takes the same. */
  async function gasFor(own: Address, payment: Payment): Promise<bigint> {
    try {
      const estimate = await rpc.estimateGas(own, callOf(payment));
      return estimate <= MIN_GAS ? MIN_GAS : (estimate * 5n) / 4n;
    } catch (cause) {
      if (!(cause instanceof RpcRefusal)) throw cause;
      throw new TrefoilError('chain/rejected', { operation: 'eth_estimateGas', detail: reasonFrom(cause.message) });
    }
  }

  async function stateFrom(receipt: Receipt): Promise<TransactionStatus> {
    if (receipt.status === 'reverted') return { state: 'failed', reason: 'the contract refused it; only the fee was taken' };
    const confirmations = Number((await rpc.height()) - receipt.blockNumber) + 1;
    return { state: 'confirmed', confirmations: Math.max(1, confirmations) };
  }

  /** A transaction that the node has not: it can still come as long as its nonce is unused. */
  async function forgotten(hash: Hash): Promise<TransactionStatus> {
    const known = sent.get(hash);
    if (known === undefined) return { state: 'dropped' };
    if ((await rpc.count(known.account, 'latest')) <= known.nonce) return { state: 'pending' };
    // It may have been included between the two questions.
    const receipt = await rpc.receipt(hash);
    if (receipt !== undefined) return stateFrom(receipt);
    nonces.released(known.account, known.nonce);
    return { state: 'dropped' };
  }

  return {
    plugin,

    balance(keys, token) {
      const own = accountAddress(keys);
      return token === undefined ? rpc.balance(own) : rpc.tokenBalance(plugin.parseAddress(token) as Address, own);
    },

    async buildTransfers({ keys, payments }) {
      const own = accountAddress(keys);
      const [balance, held, pending, current] = await Promise.all([
        rpc.balance(own),
        tokenBalances(own, payments),
        rpc.count(own, 'pending'),
        price(),
      ]);
      const state: EvmState = {
        balance,
        tokenBalances: held,
        nonce: nonces.next(own, pending),
        price: current,
        gas: payments.map(() => MIN_GAS),
      };
      // With the least gas first: what cannot be paid is told in our words, not as a failed estimate.
      buildEvmTransfers({ keys, payments }, state, plugin.chainId);
      const gas = await Promise.all(payments.map((payment) => gasFor(own, payment)));
      return buildEvmTransfers({ keys, payments }, { ...state, gas }, plugin.chainId);
    },

    async broadcast(transaction) {
      const { account, nonce } = readSender(transaction.raw);
      sent.set(transaction.id, { account, nonce });
      nonces.sent(account, nonce);
      try {
        await rpc.send(bytesToHex(transaction.raw));
      } catch (cause) {
        if (!(cause instanceof RpcRefusal)) throw cause;
        // Sending the same transaction again is no failure.
        if (await rpc.knows(transaction.id as Hash)) return;
        sent.delete(transaction.id);
        nonces.released(account, nonce);
        throw new TrefoilError('chain/rejected', { operation: 'eth_sendRawTransaction', detail: reasonFrom(cause.message) });
      }
    },

    async status(transactionId) {
      const hash = transactionId as Hash;
      const receipt = await rpc.receipt(hash);
      if (receipt !== undefined) return stateFrom(receipt);
      return (await rpc.knows(hash)) ? { state: 'pending' } : forgotten(hash);
    },

    history: (keys) => history(accountAddress(keys)),
  };
}
