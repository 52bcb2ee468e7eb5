/** A chain's own program as a child of this process: started with a log file, awaited until it answers, ended with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const ASK_AGAIN_MS = 50;

/** A running program. */
export interface ChainProgram {
  /** SIGTERM, and SIGKILL where that does not help in time. */
  stop(): Promise<void>;
}

/**
 * Starts a program and resolves when `ask` does.
 * @param logFile takes both outputs
 * @throws Error when it ends or does not answer in time; it is ended then
 */
export async function startProgram(options: {
  name: string;
  binary: string;
  args: readonly string[];
  logFile: string;
  ask: () => Promise<unknown>;
}): Promise<ChainProgram> {
  const child = spawnLogged(options);
  const stop = (): Promise<void> => end(child);
  let failed: Error | undefined;
  child.once('error', (error) => {
    failed = error;
  });
  for (const deadline = Date.now() + START_TIMEOUT_MS; ; ) {
    if (failed !== undefined) throw failed;
    if (child.exitCode !== null) throw new Error(`${options.name} ended with code ${child.exitCode}; see ${basename(options.logFile)}`);
    try {
      await options.ask();
      return { stop };
    } catch (cause) {
      if (Date.now() > deadline) {
        await stop();
        throw new Error(`${options.name} did not answer in time`, { cause });
      }
    }
    await sleep(ASK_AGAIN_MS);
  }
}

function spawnLogged({ binary, args, logFile }: { binary: string; args: readonly string[]; logFile: string }): ChildProcess {
  const log = openSync(logFile, 'a');
  try {
    return spawn(binary, args, { stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(force);
}
