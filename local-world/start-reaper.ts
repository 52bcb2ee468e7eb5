/** Starts the reaper (see there) of this process. */
import { spawn } from 'node:child_process';
import { REAPER } from './paths.ts';
import type { GroupRegister } from './service.ts';

export interface Reaper extends GroupRegister {
  /** Ends what is still registered, and the reaper. */
  close(): void;
}

export function startReaper(): Reaper {
  const child = spawn(process.execPath, [REAPER], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const { stdin } = child;
  child.once('error', () => undefined);
  stdin.on('error', () => undefined);
  return { add: (group) => stdin.write(`+${group}\n`), remove: (group) => stdin.write(`-${group}\n`), close: () => stdin.end() };
}
