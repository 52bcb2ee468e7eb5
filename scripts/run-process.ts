/** Runs a command in a process group of its own, so that nothing it started outlives it. */
import { spawn } from 'node:child_process';

export interface Finished {
  readonly status: number | null;
  readonly output: string;
  readonly timedOut: boolean;
}

interface Options {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** Sees the output as it comes. */
  readonly onOutput?: (text: string) => void;
}

const groups = new Set<number>();

export function runProcess(
  file: string,
  args: readonly string[],
  { cwd, env = process.env, timeoutMs, onOutput }: Options,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const { pid } = child;
    let [output, timedOut] = ['', false];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        onOutput?.(text);
      });
    }
    if (pid !== undefined) groups.add(pid);
    const deadline = setTimeout(() => {
      timedOut = true;
      if (pid !== undefined) endGroup(pid);
    }, timeoutMs);
    // What it left behind holds its output open: it goes first, then the output ends.
    child.on('exit', () => pid !== undefined && endGroup(pid));
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(deadline);
      resolve({ status, output, timedOut });
    });
  });
}

export function endProcesses(): void {
  for (const pid of groups) endGroup(pid);
}

function endGroup(pid: number): void {
  groups.delete(pid);
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is empty already.
  }
}
