/**
 * The local Ethereum on disk. Anvil writes its state only when it ends in order, and not in one step, so we keep a second
 * copy: whenever there is a new block, whole files that replace each other. A SIGKILL loses at most the blocks of the last
 * quarter of a second; transactions that wait for an earlier one (a gap in the nonces) are always lost.
 */
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import type { AnvilClient } from './anvil.ts';

const INTERVAL_MS = 250;

/** What anvil's state tells of itself. */
const State = z.looseObject({ best_block_number: z.number().int().nonnegative() });

export const keptState = (dataDir: string): string => join(dataDir, 'state.json');
export const exitState = (dataDir: string): string => join(dataDir, 'state-at-exit.json');

/** The newer of the two files; undefined for a new chain. One that is cut or missing does not count. */
export async function newestState(dataDir: string): Promise<string | undefined> {
  let newest: { path: string; height: number } | undefined;
  for (const path of [keptState(dataDir), exitState(dataDir)]) {
    const height = await heightIn(path);
    if (height !== undefined && height >= (newest?.height ?? 0)) newest = { path, height };
  }
  return newest?.path;
}

async function heightIn(path: string): Promise<number | undefined> {
  try {
    return State.parse(JSON.parse(await readFile(path, 'utf8'))).best_block_number;
  } catch {
    return undefined;
  }
}

export interface StateKeeper {
  /** Ends the watching; what is under way is finished. */
  close(): Promise<void>;
}

/** Watches for new blocks until it is closed. */
export function keepState(client: AnvilClient, dataDir: string): StateKeeper {
  let closing = false;
  const watching = (async () => {
    for (let kept: bigint | undefined; !closing; await sleep(INTERVAL_MS)) {
      try {
        const height = await client.getBlockNumber({ cacheTime: 0 });
        if (height !== kept) await save(await client.dumpState(), keptState(dataDir));
        kept = height;
      } catch {
        // Anvil is ending, or busy: the next turn tells.
      }
    }
  })();
  return {
    close() {
      closing = true;
      return watching;
    },
  };
}

/** @param dump hex of the zipped state */
async function save(dump: string, path: string): Promise<void> {
  const state = await promisify(gunzip)(Buffer.from(dump.slice(2), 'hex'));
  const unfinished = `${path}.new`;
  const file = await open(unfinished, 'w', 0o600);
  try {
    await file.writeFile(state);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}
