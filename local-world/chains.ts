/** Both local chains and the faucet, in one process. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalBitcoin, startBitcoin } from './bitcoin/local-bitcoin.ts';
import { provideBtcd } from './bitcoin/provide-btcd.ts';
import { serveFaucet } from './faucet.ts';
import { Ledger } from './solana/ledger.ts';
import { serveSolana } from './solana/server.ts';

export interface ChainPorts {
  readonly solana: number;
  readonly bitcoin: number;
  readonly btcdRpc: number;
  readonly faucet: number;
}

export interface LocalChains {
  readonly solana: string;
  readonly bitcoin: { readonly url: string } | { readonly unavailable: string };
  /** Base URL; the faucet itself is at `/faucet`. */
  readonly faucet: string;
  close(): Promise<void>;
}

/** Bitcoin that cannot be had stops nothing else. @param say one line of progress for people */
export async function startChains(dataDir: string, ports: ChainPorts, say: (line: string) => void): Promise<LocalChains> {
  await mkdir(join(dataDir, 'solana'), { recursive: true });
  const ledger = new Ledger(join(dataDir, 'solana', 'journal.sqlite'), Date.now, randomBytes);
  const solana = await serveSolana(ports.solana, ledger);
  const bitcoin = await tryBitcoin(join(dataDir, 'bitcoin'), ports, say);
  const faucet = await serveFaucet(ports.faucet, {
    solana: (address, lamports) => ledger.airdrop(address, lamports).signature,
    bitcoin: 'unavailable' in bitcoin ? undefined : bitcoin.give,
  });
  return {
    solana: solana.url,
    bitcoin: 'unavailable' in bitcoin ? bitcoin : { url: bitcoin.url },
    faucet: faucet.url,
    async close() {
      await faucet.close();
      if (!('unavailable' in bitcoin)) await bitcoin.close();
      await solana.close();
      ledger.close();
    },
  };
}

async function tryBitcoin(
  dataDir: string,
  ports: ChainPorts,
  say: (line: string) => void,
): Promise<LocalBitcoin | { unavailable: string }> {
  try {
    const btcd = await provideBtcd(say);
    if ('unavailable' in btcd) return btcd;
    return await startBitcoin({ binary: btcd.path, dataDir, port: ports.bitcoin, rpcPort: ports.btcdRpc });
  } catch (cause) {
    return { unavailable: `btcd did not start: ${cause instanceof Error ? cause.message : 'unknown reason'}` };
  }
}
