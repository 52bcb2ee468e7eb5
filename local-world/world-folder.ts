/** The folder of a world: created once, used by one process at a time, deleted only when it really is one. */
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { TrefoilError } from '#shared/errors.ts';

const MARKER = 'world.json';
const LOCK = 'world.lock';

const refuse = (detail: string): TrefoilError => new TrefoilError('service/configuration', { operation: 'startWorld', detail });

/** @returns gives the folder back @throws TrefoilError `service/configuration` */
export function takeFolder(dataDir: string): () => void {
  const marker = join(dataDir, MARKER);
  if (existsSync(dataDir) && !existsSync(marker) && readdirSync(dataDir).length > 0) {
    throw refuse(`${dataDir} holds something else; choose an empty folder with --data`);
  }
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const lock = join(dataDir, LOCK);
  const owner = ownerOf(lock);
  if (owner !== undefined) throw refuse(`the process ${owner} uses ${dataDir}; end it, or choose another folder with --data`);
  rmSync(lock, { force: true });
  const file = openSync(lock, 'wx', 0o600);
  writeSync(file, String(process.pid));
  closeSync(file);
  writeFileSync(marker, '{ "version": 1 }\n');
  return () => rmSync(lock, { force: true });
}

/** Deletes a world and all money in it. @throws TrefoilError `service/configuration` when the folder is not a world or in use */
export function deleteFolder(dataDir: string): void {
  if (!existsSync(dataDir)) return;
  if (!existsSync(join(dataDir, MARKER))) throw refuse(`${dataDir} is not the folder of a world, so it is not deleted`);
  const owner = ownerOf(join(dataDir, LOCK));
  if (owner !== undefined) throw refuse(`the process ${owner} uses ${dataDir}; end it first`);
  rmSync(dataDir, { recursive: true });
}

function ownerOf(lock: string): number | undefined {
  if (!existsSync(lock)) return undefined;
  const pid = Number(readFileSync(lock, 'utf8'));
  try {
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}
