import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evmClient } from '#browser/worker/chains/evm/evm-client.ts';
import { ethereumLocal } from '#shared/chains/evm/plugin.ts';
import { claimPort } from '#test/support/claim-ports.ts';
import { plainWallet } from '#test/support/plain-wallet.ts';
import { exitState, keptState, newestState } from './chain-state.ts';
import { LOCAL_DOLLAR } from './local-dollar.ts';
import { type LocalEvm, startEvm } from './local-evm.ts';
import { provideAnvil } from './provide-anvil.ts';

const { keys } = plainWallet('rich');
const [{ address }] = ethereumLocal.addresses(keys);
const GIFT = { ether: 3n, dollars: 4n };

describe('the local Ethereum', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ethereum-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function start(dataDir: string): Promise<LocalEvm> {
    const anvil = provideAnvil();
    if ('unavailable' in anvil) throw new Error(anvil.unavailable);
    return startEvm({ binary: anvil.path, dataDir, port: await claimPort() });
  }
  const holds = async ({ url }: LocalEvm): Promise<bigint[]> => {
    const client = evmClient(ethereumLocal, url, [LOCAL_DOLLAR], Date.now);
    return [await client.balance(keys, undefined), await client.balance(keys, LOCAL_DOLLAR.address)];
  };
  const heightOnDisk = async (dataDir: string): Promise<number> => {
    const text = await readFile(keptState(dataDir), 'utf8').catch(() => '{}');
    return (JSON.parse(text) as { best_block_number?: number }).best_block_number ?? 0;
  };

  it('survives a SIGKILL with what was on disk a moment after a gift, and deploys its token once', async () => {
    const first = await start(folder);
    await Promise.all([first.give(address, GIFT), first.give(address, GIFT)]);
    expect(await holds(first)).toEqual([6n, 8n]);
    // The token and two gifts of two transactions are five blocks.
    for (let attempt = 0; attempt < 100 && (await heightOnDisk(folder)) < 5; attempt++) await sleep(50);
    const rescued = join(folder, 'rescued');
    await mkdir(rescued);
    await copyFile(keptState(folder), keptState(rescued));
    await first.close();
    const second = await start(rescued);
    expect(await holds(second)).toEqual([6n, 8n]);
    await second.give(address, GIFT);
    expect(await holds(second)).toEqual([9n, 12n]);
    await second.close();
  });

  it('takes the newer of two states, and none that is cut', async () => {
    expect(await newestState(folder)).toBeUndefined();
    const state = (height: number): string => JSON.stringify({ best_block_number: height, blocks: [] });
    await writeFile(exitState(folder), state(5));
    expect(await newestState(folder)).toBe(exitState(folder));
    await writeFile(keptState(folder), state(6));
    expect(await newestState(folder)).toBe(keptState(folder));
    await writeFile(keptState(folder), state(7).slice(0, -1));
    expect(await newestState(folder)).toBe(exitState(folder));
  });

  it('says why there is no anvil for a platform', () => {
    expect(provideAnvil('plan9', 'mips')).toEqual({ unavailable: expect.stringContaining('@foundry-rs/anvil-plan9-mips') });
    expect(provideAnvil()).toHaveProperty('path');
  });
});
