/** The local chains and the faucet, in one process; btcd and anvil are processes of their own below it. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalBitcoin, startBitcoin } from './bitcoin/local-bitcoin.ts';
import { provideBtcd } from './bitcoin/provide-btcd.ts';
import { type LocalEvm, startEvm } from './evm/local-evm.ts';
import { provideAnvil } from './evm/provide-anvil.ts';
import { serveFaucet } from './faucet.ts';
import { Ledger } from './solana/ledger.ts';
import { serveSolana } from './solana/server.ts';

export interface ChainPorts {
  readonly solana: number;
  readonly bitcoin: number;
  readonly btcdRpc: number;
  readonly faucet: number;
  readonly evm: number;
}

/** Where a chain answers, or why it does not. */
export type ChainServer = { readonly url: string } | { readonly unavailable: string };

export interface LocalChains {
  readonly solana: string;
  readonly evm: ChainServer;
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
  const [evm, bitcoin] = await Promise.all([
    // The folder has its name from the first worlds, whose state must be found again.
    tryEvm(join(dataDir, 'ethereum'), ports),
    tryBitcoin(join(dataDir, 'bitcoin'), ports, say),
  ]);
  const faucet = await serveFaucet(ports.faucet, {
    solana: (address, lamports) => ledger.airdrop(address, lamports).signature,
    bitcoin: 'unavailable' in bitcoin ? undefined : bitcoin.give,
    evm: 'unavailable' in evm ? undefined : evm.give,
  });
  return {
    solana: solana.url,
    evm: 'unavailable' in evm ? evm : { url: evm.url },
    bitcoin: 'unavailable' in bitcoin ? bitcoin : { url: bitcoin.url },
    faucet: faucet.url,
    async close() {
      await faucet.close();
      if (!('unavailable' in bitcoin)) await bitcoin.close();
      if (!('unavailable' in evm)) await evm.close();
      await solana.close();
      ledger.close();
    },
  };
}

async function tryEvm(dataDir: string, ports: ChainPorts): Promise<LocalEvm | { unavailable: string }> {
  try {
    const anvil = provideAnvil();
    if ('unavailable' in anvil) return anvil;
    return await startEvm({ binary: anvil.path, dataDir, port: ports.evm });
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
