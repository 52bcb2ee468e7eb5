/** The unsigned transaction of Bitcoin payments from the account's coins, taproot and P2WPKH together: selection, fee and change. */
import { hexToBytes } from '@noble/hashes/utils.js';
import { selectUTXO } from '@scure/btc-signer';
import { TrefoilError } from '#shared/errors.ts';
import { SIGNATURES_MAX_COUNT } from '#shared/limits.ts';
import type { Payment } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import { assertOwnMoney, assertPayable, assertPayments, MAX_UINT64 } from '../amount.ts';
import { type BitcoinNetwork, dustLimit, type OwnScript, type OwnScripts, ownScriptOf, ownScripts, scriptOfAddress } from './network.ts';
import { MAX_FEE_RATE, readUnsignedTransaction, SEQUENCE, writeUnsignedTransaction } from './unsigned-transaction.ts';

/** A coin of the account. */
export interface Coin {
  /** 64 hex digits, as explorers show it. */
  readonly txid: string;
  readonly index: number;
  /** Satoshis. */
  readonly amount: bigint;
  /** The key that spends it: the coin lies on the account's taproot or on its P2WPKH address. */
  readonly key: OwnScript['key'];
}

export interface BitcoinState {
  /** Spendable coins of the account's own addresses. */
  readonly coins: readonly Coin[];
  /** Satoshis per virtual byte, as estimated; rounded up and kept within 1 and the highest rate that is signed. */
  readonly feeRate: number;
}

/** Virtual bytes that making and spending a P2TR output takes: change below three times this is left to the fee. */
const CHANGE_COST_BYTES = 110n;
const DUST_RELAY_RATE = 3n;

/**
 * One transaction with an output for each payment; change goes to the taproot address.
 * @returns PSBT bytes, ready for `read`
 * @throws TrefoilError `chain/bad-address`, `chain/bad-amount`, `chain/dust`, `chain/insufficient-funds`, `intent/unsupported` for tokens
 * and when the fee would be absurd, `input/malformed` for no or too many payments
 */
export function buildBitcoinTransfer(
  request: { keys: Pick<AccountKeys, 'taproot' | 'ecdsa'>; payments: readonly Payment[] },
  state: BitcoinState,
  network: BitcoinNetwork,
): Uint8Array {
  const operation = 'buildBitcoinTransfer';
  const own = ownScripts(request.keys, network);
  assertPayments(request.payments, operation);
  const outputs = request.payments.map((payment) => outputOf(payment, network));

  const rounded = BigInt(Math.ceil(Number.isFinite(state.feeRate) ? Math.max(state.feeRate, 1) : 1));
  const selected = selectUTXO(
    state.coins.map((coin) => candidateOf(coin, own)),
    outputs,
    'default',
    {
      feePerByte: rounded < MAX_FEE_RATE ? rounded : MAX_FEE_RATE,
      changeAddress: own.taproot.address,
      network,
      dust: CHANGE_COST_BYTES,
      dustRelayFeeRate: DUST_RELAY_RATE,
      createTx: true,
      bip69: true,
    },
  );
  const transaction = selected?.tx;
  if (transaction === undefined) throw new TrefoilError('chain/insufficient-funds', { operation });
  if (transaction.inputsLength > SIGNATURES_MAX_COUNT) {
    const detail = `this payment needs more than ${SIGNATURES_MAX_COUNT} coins; send a smaller amount to yourself first`;
    throw new TrefoilError('chain/insufficient-funds', { operation, detail });
  }
  const unsigned = rewrite(transaction, own);
  readUnsignedTransaction(unsigned, own, network);
  return unsigned;
}

function outputOf({ to, amount, token }: Payment, network: BitcoinNetwork): { script: Uint8Array; amount: bigint } {
  const operation = 'buildBitcoinTransfer';
  assertOwnMoney(token, operation);
  const script = scriptOfAddress(to, network);
  assertPayable(amount, MAX_UINT64, operation);
  const minimum = dustLimit(script);
  if (amount < minimum) throw new TrefoilError('chain/dust', { operation, detail: `at least ${minimum} satoshis` });
  return { script, amount };
}

function candidateOf({ txid, index, amount, key }: Coin, { taproot, segwit }: OwnScripts) {
  const coin = { txid: hexToBytes(txid), index, sequence: SEQUENCE };
  return key === 'taproot'
    ? { ...coin, witnessUtxo: { script: taproot.script, amount }, tapInternalKey: taproot.internalKey }
    : { ...coin, witnessUtxo: { script: segwit.script, amount } };
}

/** The selection in the only encoding. */
function rewrite(transaction: NonNullable<NonNullable<ReturnType<typeof selectUTXO>>['tx']>, scripts: OwnScripts): Uint8Array {
  const bug = (): never => {
    throw new TrefoilError('service/bug', { operation: 'buildBitcoinTransfer', detail: 'the selection is incomplete' });
  };
  const inputs = Array.from({ length: transaction.inputsLength }, (_, at) => {
    const { txid = bug(), index = bug(), witnessUtxo = bug() } = transaction.getInput(at);
    return { txid, index, amount: witnessUtxo.amount, own: ownScriptOf(witnessUtxo.script, scripts) ?? bug() };
  });
  const outputs = Array.from({ length: transaction.outputsLength }, (_, at) => {
    const { script = bug(), amount = bug() } = transaction.getOutput(at);
    return { script, amount };
  });
  return writeUnsignedTransaction(inputs, outputs);
}
