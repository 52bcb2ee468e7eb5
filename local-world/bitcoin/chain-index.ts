/** Every transaction of the local Bitcoin by id, by address and by the coins it spends; confirmed and waiting. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { RawTx } from '@scure/btc-signer';
import { addressOfScript, REGTEST } from '#shared/chains/bitcoin/network.ts';

export interface Confirmation {
  readonly height: number;
  readonly hash: string;
  readonly time: number;
}

export interface IndexedOutput {
  readonly script: string;
  readonly address: string | undefined;
  readonly value: number;
}

export interface IndexedInput {
  readonly txid: string;
  readonly index: number;
  readonly sequence: number;
  readonly script: string;
  readonly witness: readonly string[];
  /** Undefined for a coinbase. */
  readonly prevout: IndexedOutput | undefined;
}

export interface IndexedTransaction {
  readonly txid: string;
  readonly hex: string;
  readonly version: number;
  readonly lockTime: number;
  readonly inputs: readonly IndexedInput[];
  readonly outputs: readonly IndexedOutput[];
  readonly coinbase: boolean;
  /** Undefined while it waits. */
  readonly confirmation: Confirmation | undefined;
  /** Order of arrival. */
  readonly sequence: number;
}

export interface Utxo {
  readonly transaction: IndexedTransaction;
  readonly index: number;
  readonly value: number;
}

const COINBASE_TXID = '0'.repeat(64);

export class ChainIndex {
  #tip: Confirmation = { height: 0, hash: '', time: 0 };
  readonly #transactions = new Map<string, IndexedTransaction>();
  readonly #byAddress = new Map<string, Set<string>>();
  /** Outpoint to the transaction that spends it. */
  readonly #spender = new Map<string, string>();

  get tip(): Confirmation {
    return this.#tip;
  }

  addBlock(block: Confirmation, transactions: readonly { readonly txid: string; readonly hex: string }[]): void {
    for (const { txid, hex } of transactions) this.add(txid, hex, block);
    this.#tip = block;
  }

  /** @param confirmation undefined for a transaction that waits */
  add(txid: string, hex: string, confirmation?: Confirmation): void {
    const known = this.#transactions.get(txid);
    const transaction = known === undefined ? this.#read(txid, hex, confirmation) : { ...known, confirmation };
    for (const { txid: spent, index } of transaction.inputs) {
      const replaced = this.#spender.get(`${spent}:${index}`);
      if (replaced !== undefined && replaced !== txid) this.#forget(replaced);
    }
    this.#transactions.set(txid, transaction);
    for (const { txid: spent, index } of transaction.inputs) this.#spender.set(`${spent}:${index}`, txid);
    for (const address of addressesOf(transaction)) {
      const mentions = this.#byAddress.get(address) ?? new Set();
      this.#byAddress.set(address, mentions.add(txid));
    }
  }

  transaction(txid: string): IndexedTransaction | undefined {
    return this.#transactions.get(txid);
  }

  spenderOf(txid: string, index: number): IndexedTransaction | undefined {
    return this.#transactions.get(this.#spender.get(`${txid}:${index}`) ?? '');
  }

  /** Waiting ones first, then newest first. */
  ofAddress(address: string): IndexedTransaction[] {
    const found = [...(this.#byAddress.get(address) ?? [])].flatMap((txid) => this.#transactions.get(txid) ?? []);
    const height = ({ confirmation }: IndexedTransaction): number => confirmation?.height ?? Number.MAX_SAFE_INTEGER;
    return found.sort((a, b) => height(b) - height(a) || b.sequence - a.sequence);
  }

  utxosOf(address: string): Utxo[] {
    return this.ofAddress(address).flatMap((transaction) =>
      transaction.outputs.flatMap(({ address: owner, value }, index) =>
        owner === address && !this.#spender.has(`${transaction.txid}:${index}`) ? [{ transaction, index, value }] : [],
      ),
    );
  }

  #read(txid: string, hex: string, confirmation: Confirmation | undefined): IndexedTransaction {
    const raw = RawTx.decode(hexToBytes(hex));
    const inputs = raw.inputs.map((input, at) => {
      const spent = bytesToHex(input.txid);
      return {
        txid: spent,
        index: input.index,
        sequence: input.sequence,
        script: bytesToHex(input.finalScriptSig),
        witness: (raw.witnesses?.[at] ?? []).map((item) => bytesToHex(item)),
        prevout: this.#transactions.get(spent)?.outputs[input.index],
      };
    });
    const outputs = raw.outputs.map(({ script, amount }) => ({
      script: bytesToHex(script),
      address: addressOfScript(script, REGTEST),
      value: Number(amount),
    }));
    return {
      txid,
      hex,
      version: raw.version,
      lockTime: raw.lockTime,
      inputs,
      outputs,
      coinbase: inputs[0]?.txid === COINBASE_TXID,
      confirmation,
      sequence: this.#transactions.size,
    };
  }

  /** A waiting transaction whose coin another one took. */
  #forget(txid: string): void {
    const transaction = this.#transactions.get(txid);
    if (transaction === undefined || transaction.confirmation !== undefined) return;
    this.#transactions.delete(txid);
    for (const { txid: spent, index } of transaction.inputs) this.#spender.delete(`${spent}:${index}`);
    for (const address of addressesOf(transaction)) this.#byAddress.get(address)?.delete(txid);
    for (const index of transaction.outputs.keys()) this.#forget(this.#spender.get(`${txid}:${index}`) ?? '');
  }
}

function addressesOf({ inputs, outputs }: IndexedTransaction): Set<string> {
  return new Set(
    [...inputs.map(({ prevout }) => prevout?.address), ...outputs.map(({ address }) => address)].filter((address) => address !== undefined),
  );
}
