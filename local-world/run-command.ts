/** Runs a command to its end and keeps what it said, so that a failure can be told in its own words. */
import { spawn } from 'node:child_process';

export interface CommandResult {
  readonly ok: boolean;
  /** The last lines of both outputs, or why it could not start. */
  readonly said: string;
}

/** An install that takes longer than this hangs. */
const TIMEOUT_MS = 10 * 60 * 1000;
const KEPT_CHARACTERS = 2000;

export function runCommand(command: string, args: readonly string[], environment: Record<string, string> = {}): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT_MS });
    let said = '';
    const keep = (chunk: Buffer): void => {
      said = (said + chunk.toString('utf8')).slice(-KEPT_CHARACTERS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ ok: false, said: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, said: said.trim() }));
  });
}

/** The last line, for one-line messages. */
export const lastLine = ({ said }: CommandResult): string => said.split('\n').at(-1) ?? '';
