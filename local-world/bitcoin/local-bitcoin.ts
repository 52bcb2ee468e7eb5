/** Bitcoin on this machine: btcd on regtest, a miner, a bank and an Esplora server. */
import { join } from 'node:path';
import { hexToBytes } from '@noble/hashes/utils.js';
import { secretFile } from '../secret-file.ts';
import { COINBASE_MATURITY, openBank } from './bank.ts';
import { BlockJournal } from './block-journal.ts';
import { startBtcd } from './btcd.ts';
import { ChainIndex } from './chain-index.ts';
import { serveEsplora } from './esplora-server.ts';
import { Miner } from './miner.ts';

export interface LocalBitcoin {
  /** Of the Esplora server. */
  readonly url: string;
  /** Gives away money in a block of its own. @returns transaction id @throws TrefoilError */
  give(address: string, satoshis: bigint): Promise<string>;
  close(): Promise<void>;
}

export async function startBitcoin(options: { binary: string; dataDir: string; rpcPort: number; port: number }): Promise<LocalBitcoin> {
  const index = new ChainIndex();
  const bank = openBank(hexToBytes(await secretFile(join(options.dataDir, 'bank-secret'))), index);
  const btcd = await startBtcd({ ...options, miningAddress: bank.address });
  const journal = new BlockJournal(join(options.dataDir, 'blocks.sqlite'));
  try {
    const miner = await Miner.start(btcd, index, journal);
    const missing = COINBASE_MATURITY + 1 - index.tip.height;
    if (missing > 0) await miner.mine(missing);
    const server = await serveEsplora(options.port, index, miner);
    return {
      url: server.url,
      async give(address, satoshis) {
        const txid = await miner.submit(bank.pay(address, satoshis));
        await miner.mine(1);
        return txid;
      },
      async close() {
        await server.close();
        await miner.close();
        await btcd.close();
        journal.close();
      },
    };
  } catch (cause) {
    await btcd.close();
    journal.close();
    throw cause;
  }
}
