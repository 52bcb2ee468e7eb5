/** An anvil process: a real Ethereum virtual machine that makes a block for each transaction, on 127.0.0.1 only. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestClient, defineChain, http, publicActions, walletActions } from 'viem';
import { ethereumLocal } from '#shared/chains/evm/plugin.ts';
import { startProgram } from '../chain-program.ts';

export interface Anvil {
  readonly url: string;
  readonly client: AnvilClient;
  close(): Promise<void>;
}

export type AnvilClient = ReturnType<typeof connect>;

function connect(url: string) {
  const chain = defineChain({
    id: ethereumLocal.chainId,
    name: ethereumLocal.name,
    nativeCurrency: ethereumLocal.asset,
    rpcUrls: { default: { http: [url] } },
  });
  return createTestClient({ mode: 'anvil', chain, transport: http(url, { retryCount: 0 }), cacheTime: 0, pollingInterval: 50 })
    .extend(publicActions)
    .extend(walletActions);
}

/** @param state a file to begin with @param exitState where anvil writes its state when it is told to end */
export async function startAnvil(options: {
  binary: string;
  dataDir: string;
  port: number;
  state: string | undefined;
  exitState: string;
}): Promise<Anvil> {
  await mkdir(options.dataDir, { recursive: true });
  const url = `http://127.0.0.1:${options.port}`;
  const client = connect(url);
  const program = await startProgram({
    ...{ name: 'anvil', binary: options.binary, ask: () => client.getChainId() },
    args: anvilArguments(options),
    logFile: join(options.dataDir, 'anvil.log'),
  });
  return { url, client, close: () => program.stop() };
}

function anvilArguments(options: { dataDir: string; port: number; state: string | undefined; exitState: string }): string[] {
  return [
    '--quiet',
    ...['--host', '127.0.0.1'],
    ...['--port', String(options.port)],
    ...['--chain-id', String(ethereumLocal.chainId)],
    // The usual test accounts are everybody's; money comes from the faucet.
    ...['--accounts', '0'],
    ...['--cache-path', join(options.dataDir, 'cache')],
    ...['--dump-state', options.exitState],
    ...(options.state === undefined ? [] : ['--load-state', options.state]),
  ];
}
