/** A local world in a folder and on ports of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld, type World } from '#local-world/topology.ts';
import { claimPorts } from './claim-ports.ts';

/** A world takes eleven ports in a row. */
const PORTS = 11;

export interface OwnWorld {
  readonly world: World;
  readonly dataDir: string;
  /** Ends it and removes the folder. */
  close(): Promise<void>;
}

export async function startOwnWorld(): Promise<OwnWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'trefoil-story-'));
  const said: string[] = [];
  const starting = startWorld({ dataDir, basePort: await claimPorts(PORTS), say: (line) => void said.push(line) });
  const world = await starting.catch((error: unknown) => {
    throw new Error(`the world did not start after: ${said.join(' / ')}`, { cause: error });
  });
  const close = async (): Promise<void> => {
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { world, dataDir, close };
}
