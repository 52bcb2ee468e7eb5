/** The unsigned transaction of a Bitcoin payment from the wallet's coins: selection, fee and change. */
import { hexToBytes } from '@noble/hashes/utils.js';
import { selectUTXO } from '@scure/btc-signer';
import { TrefoilError } from '../../errors.ts';
import { SIGNATURES_MAX_COUNT } from '../../limits.ts';
import type { PublicKeys } from '../../ports/engine.ts';
import { assertPayable } from '../amount.ts';
import { type BitcoinNetwork, dustLimit, ownScript, scriptOfAddress } from './network.ts';
import { MAX_FEE_RATE, readUnsignedTransaction, SEQUENCE, writeUnsignedTransaction } from './unsigned-transaction.ts';

/** A coin of the wallet. */
export interface Coin {
  /** 64 hex digits, as explorers show it. */
  readonly txid: string;
  readonly index: number;
  /** Satoshis. */
  readonly amount: bigint;
}

export interface BitcoinState {
  /** Spendable coins of the wallet's own address. */
  readonly coins: readonly Coin[];
  /** Satoshis per virtual byte, as estimated; rounded up and kept within 1 and the highest rate that is signed. */
  readonly feeRate: number;
}

/** Virtual bytes that making and spending a P2TR output takes: change below three times this is left to the fee. */
const CHANGE_COST_BYTES = 110n;
const DUST_RELAY_RATE = 3n;

/**
 * @returns PSBT bytes, ready for `digests`
 * @throws TrefoilError `chain/bad-address`, `chain/bad-amount`, `chain/dust`, `chain/insufficient-funds`, `intent/unsupported` when the fee would be absurd
 */
export function buildBitcoinTransfer(
  request: { keys: Pick<PublicKeys, 'taproot'>; to: string; amount: bigint },
  state: BitcoinState,
  network: BitcoinNetwork,
): Uint8Array {
  const operation = 'buildBitcoinTransfer';
  const own = ownScript(request.keys, network);
  const script = scriptOfAddress(request.to, network);
  assertPayable(request.amount, operation);
  const minimum = dustLimit(script);
  if (request.amount < minimum) throw new TrefoilError('chain/dust', { operation, detail: `at least ${minimum} satoshis` });

  const rounded = BigInt(Math.ceil(Number.isFinite(state.feeRate) ? Math.max(state.feeRate, 1) : 1));
  const candidates = state.coins.map(({ txid, index, amount }) => ({
    txid: hexToBytes(txid),
    index,
    sequence: SEQUENCE,
    witnessUtxo: { script: own.script, amount },
    tapInternalKey: own.internalKey,
  }));
  const selected = selectUTXO(candidates, [{ script, amount: request.amount }], 'default', {
    feePerByte: rounded < MAX_FEE_RATE ? rounded : MAX_FEE_RATE,
    changeAddress: own.address,
    network,
    dust: CHANGE_COST_BYTES,
    dustRelayFeeRate: DUST_RELAY_RATE,
    createTx: true,
    bip69: true,
  });
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

function rewrite(
  transaction: NonNullable<NonNullable<ReturnType<typeof selectUTXO>>['tx']>,
  own: ReturnType<typeof ownScript>,
): Uint8Array {
  const bug = (): never => {
    throw new TrefoilError('service/bug', { operation: 'buildBitcoinTransfer', detail: 'the selection is incomplete' });
  };
  const inputs = Array.from({ length: transaction.inputsLength }, (_, at) => {
    const { txid = bug(), index = bug(), witnessUtxo = bug() } = transaction.getInput(at);
    return { txid, index, amount: witnessUtxo.amount };
  });
  const outputs = Array.from({ length: transaction.outputsLength }, (_, at) => {
    const { script = bug(), amount = bug() } = transaction.getOutput(at);
    return { script, amount };
  });
  return writeUnsignedTransaction(inputs, outputs, own);
}
