/** An anvil process: a real Ethereum virtual machine that makes a block for each transaction, on 127.0.0.1 only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestClient, defineChain, http, publicActions, walletActions } from 'viem';
import { ethereumLocal } from '../../shared/chains/evm/plugin.ts';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;

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
  const child = spawnAnvil(options);
  const url = `http://127.0.0.1:${options.port}`;
  const client = connect(url);
  await untilAnswering(client, child);
  return { url, client, close: () => stop(child) };
}

function spawnAnvil(options: {
  binary: string;
  dataDir: string;
  port: number;
  state: string | undefined;
  exitState: string;
}): ChildProcess {
  const log = openSync(join(options.dataDir, 'anvil.log'), 'a');
  const args = [
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
  try {
    return spawn(options.binary, args, { stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

async function untilAnswering(client: AnvilClient, child: ChildProcess): Promise<void> {
  let failed: Error | undefined;
  child.once('error', (error) => {
    failed = error;
  });
  for (const deadline = Date.now() + START_TIMEOUT_MS; ; ) {
    if (failed !== undefined) throw failed;
    if (child.exitCode !== null) throw new Error(`anvil ended with code ${child.exitCode}; see anvil.log`);
    try {
      await client.getChainId();
      return;
    } catch (cause) {
      if (Date.now() > deadline) {
        await stop(child);
        throw new Error('anvil did not answer in time', { cause });
      }
    }
    await sleep(50);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(force);
}
