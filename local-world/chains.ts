/** The local chains and the faucet, in one process; btcd and anvil are processes of their own below it. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalBitcoin, startBitcoin } from './bitcoin/local-bitcoin.ts';
import { provideBtcd } from './bitcoin/provide-btcd.ts';
import { type LocalEthereum, startEthereum } from './evm/local-evm.ts';
import { provideAnvil } from './evm/provide-anvil.ts';
import { serveFaucet } from './faucet.ts';
import { Ledger } from './solana/ledger.ts';
import { serveSolana } from './solana/server.ts';

export interface ChainPorts {
  readonly solana: number;
  readonly bitcoin: number;
  readonly btcdRpc: number;
  readonly faucet: number;
  readonly ethereum: number;
}

/** Where a chain answers, or why it does not. */
export type ChainServer = { readonly url: string } | { readonly unavailable: string };

export interface LocalChains {
  readonly solana: string;
  readonly ethereum: ChainServer;
  readonly bitcoin: ChainServer;
  /** Base URL; the faucet itself is at `/faucet`. */
  readonly faucet: string;
  close(): Promise<void>;
}

/** A chain that cannot be had stops nothing else. @param say one line of progress for people */
export async function startChains(dataDir: string, ports: ChainPorts, say: (line: string) => void): Promise<LocalChains> {
  await mkdir(join(dataDir, 'solana'), { recursive: true });
  const ledger = new Ledger(join(dataDir, 'solana', 'journal.sqlite'), Date.now, randomBytes);
  const solana = await serveSolana(ports.solana, ledger);
  const [ethereum, bitcoin] = await Promise.all([
    tryEthereum(join(dataDir, 'ethereum'), ports),
    tryBitcoin(join(dataDir, 'bitcoin'), ports, say),
  ]);
  const faucet = await serveFaucet(ports.faucet, {
    solana: (address, lamports) => ledger.airdrop(address, lamports).signature,
    bitcoin: 'unavailable' in bitcoin ? undefined : bitcoin.give,
    ethereum: 'unavailable' in ethereum ? undefined : ethereum.give,
  });
  return {
    solana: solana.url,
    ethereum: 'unavailable' in ethereum ? ethereum : { url: ethereum.url },
    bitcoin: 'unavailable' in bitcoin ? bitcoin : { url: bitcoin.url },
    faucet: faucet.url,
    async close() {
      await faucet.close();
      if (!('unavailable' in bitcoin)) await bitcoin.close();
      if (!('unavailable' in ethereum)) await ethereum.close();
      await solana.close();
      ledger.close();
    },
  };
}

async function tryEthereum(dataDir: string, ports: ChainPorts): Promise<LocalEthereum | { unavailable: string }> {
  try {
    const anvil = provideAnvil();
    if ('unavailable' in anvil) return anvil;
    return await startEthereum({ binary: anvil.path, dataDir, port: ports.ethereum });
  } catch (cause) {
    return { unavailable: `anvil did not start: ${cause instanceof Error ? cause.message : 'unknown reason'}` };
  }
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
