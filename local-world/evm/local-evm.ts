/** Ethereum on this machine: anvil, its state on disk, a bank and a token. */
import { mkdir } from 'node:fs/promises';
import { startAnvil } from './anvil.ts';
import { type Bank, openBank } from './bank.ts';
import { exitState, keepState, newestState } from './chain-state.ts';

export interface LocalEvm {
  /** Of anvil's JSON-RPC, which every page may ask (CORS). */
  readonly url: string;
  readonly give: Bank['give'];
  close(): Promise<void>;
}

export async function startEvm(options: { binary: string; dataDir: string; port: number }): Promise<LocalEvm> {
  const { dataDir } = options;
  await mkdir(dataDir, { recursive: true });
  const anvil = await startAnvil({ ...options, state: await newestState(dataDir), exitState: exitState(dataDir) });
  try {
    const bank = await openBank(anvil.client);
    const keeper = keepState(anvil.client, dataDir);
    return {
      url: anvil.url,
      give: bank.give,
      async close() {
        await keeper.close();
        await anvil.close();
      },
    };
  } catch (cause) {
    await anvil.close();
    throw cause;
  }
}
