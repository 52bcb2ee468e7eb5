/** The unsigned transactions of EVM payments from chain state that the caller has read: one for each payment, with rising nonces. */
import type { Address, Hex } from 'viem';
import { hexToBytes, serializeTransaction } from 'viem/utils';
import { TrefoilError } from '#shared/errors.ts';
import type { Payment } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import { assertPayable, assertPayments, MAX_UINT256 } from '../amount.ts';
import { accountAddress, parseEvmAddress } from './account-address.ts';
import { transferData } from './erc20-transfer.ts';
import { readUnsignedTransaction } from './unsigned-transaction.ts';

/** Wei for a unit of gas: with a base fee (EIP-1559) or, on chains that have none, one price. */
export type GasPrice = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint } | { readonly gasPrice: bigint };

/** What the builder must know of the network. Amounts in wei, or the token's base units. */
export interface EvmState {
  readonly balance: bigint;
  /** By contract; a token that is missing is not held. */
  readonly tokenBalances: ReadonlyMap<string, bigint>;
  /** Of the first transaction. */
  readonly nonce: number;
  readonly price: GasPrice;
  /** The gas limit of each payment, in order. */
  readonly gas: readonly bigint[];
}

/** What a payment calls: the recipient, or the token's contract. */
export interface Call {
  readonly to: Address;
  readonly value: bigint;
  readonly data: Hex;
}

/** @throws TrefoilError `chain/bad-address`, `chain/bad-amount` */
export function callOf({ to, amount, token }: Payment): Call {
  const recipient = parseEvmAddress(to);
  assertPayable(amount, MAX_UINT256, 'buildEvmTransfers');
  if (token === undefined) return { to: recipient, value: amount, data: '0x' };
  return { to: parseEvmAddress(token), value: 0n, data: transferData(recipient, amount) };
}

/**
 * @returns serialised transactions, ready for `read`
 * @throws TrefoilError `chain/bad-address`, `chain/bad-amount`, `chain/insufficient-funds`, `intent/unsupported` when the fee would be
 * absurd or a token goes where it is lost, `input/malformed` for no or too many payments
 */
export function buildEvmTransfers(
  request: { keys: Pick<AccountKeys, 'ecdsa'>; payments: readonly Payment[] },
  state: EvmState,
  chainId: number,
): Uint8Array[] {
  const operation = 'buildEvmTransfers';
  const own = accountAddress(request.keys);
  assertPayments(request.payments, operation);
  const built = request.payments.map((payment, at) => {
    const fields = { chainId, nonce: state.nonce + at, gas: state.gas[at] ?? 0n, ...callOf(payment) };
    const serialised =
      'gasPrice' in state.price
        ? serializeTransaction({ type: 'legacy', ...fields, ...state.price })
        : serializeTransaction({ type: 'eip1559', ...fields, ...state.price });
    const unsigned = hexToBytes(serialised);
    return { unsigned, fee: readUnsignedTransaction(unsigned, own, chainId).fee };
  });
  assertCovered(
    own,
    request.payments,
    built.reduce((sum, { fee }) => sum + fee, 0n),
    state,
  );
  return built.map(({ unsigned }) => unsigned);
}

function assertCovered(own: Address, payments: readonly Payment[], fees: bigint, state: EvmState): void {
  const operation = 'buildEvmTransfers';
  const needed = new Map<string | undefined, bigint>([[undefined, fees]]);
  for (const { to, amount, token } of payments) {
    const asset = token === undefined ? undefined : parseEvmAddress(token);
    // Money to oneself is there again when the next payment needs it, but must be there.
    const toSelf = asset === undefined && parseEvmAddress(to) === own;
    if (toSelf && amount + fees > state.balance) throw new TrefoilError('chain/insufficient-funds', { operation });
    if (!toSelf) needed.set(asset, (needed.get(asset) ?? 0n) + amount);
  }
  for (const [asset, amount] of needed) {
    const held = asset === undefined ? state.balance : (state.tokenBalances.get(asset) ?? 0n);
    if (amount > held) {
      const detail = asset === undefined ? 'the chain’s own money does not cover payments and fees' : 'the token balance is too small';
      throw new TrefoilError('chain/insufficient-funds', { operation, detail });
    }
  }
}
