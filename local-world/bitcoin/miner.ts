/** Mines a block shortly after a transaction arrives, long enough for people and tests to see it wait. */
import type { BlockJournal } from './block-journal.ts';
import type { Btcd } from './btcd.ts';
import type { ChainIndex } from './chain-index.ts';

/** Between the first waiting transaction and its block. */
const BLOCK_DELAY_MS = 1_000;

export class Miner {
  readonly #btcd: Btcd;
  readonly #index: ChainIndex;
  readonly #journal: BlockJournal;
  #timer: NodeJS.Timeout | undefined;
  /** Work on the chain is done one after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(btcd: Btcd, index: ChainIndex, journal: BlockJournal) {
    this.#btcd = btcd;
    this.#index = index;
    this.#journal = journal;
  }

  /** Gives btcd its chain back, and sends again what waited when the world was stopped. */
  static async start(btcd: Btcd, index: ChainIndex, journal: BlockJournal): Promise<Miner> {
    const miner = new Miner(btcd, index, journal);
    for (const hex of journal.blocks()) await btcd.submitBlock(hex);
    await miner.#readNewBlocks();
    for (const { txid, hex } of journal.waiting()) {
      // Another transaction may have taken its coins.
      await miner.submit(hex).catch(() => journal.dropWaiting(txid));
    }
    return miner;
  }

  /** @returns transaction id @throws BtcdError */
  submit(hex: string): Promise<string> {
    return this.#next(async () => {
      const txid = await this.#btcd.send(hex);
      this.#journal.addWaiting(txid, hex);
      this.#index.add(txid, hex);
      this.#timer ??= setTimeout(() => void this.mine(1).catch(() => undefined), BLOCK_DELAY_MS);
      return txid;
    });
  }

  mine(blocks: number): Promise<void> {
    return this.#next(async () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      await this.#btcd.generate(blocks);
      await this.#readNewBlocks();
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#queue;
  }

  async #readNewBlocks(): Promise<void> {
    const tip = await this.#btcd.blockCount();
    const blocks = [];
    for (let height = this.#index.tip.height + 1; height <= tip; height++) blocks.push(await this.#btcd.block(height));
    this.#journal.addBlocks(blocks.map(({ height, hex, rawtx }) => ({ height, hex, txids: rawtx.map(({ txid }) => txid) })));
    for (const { height, hash, time, rawtx } of blocks) this.#index.addBlock({ height, hash, time }, rawtx);
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}
