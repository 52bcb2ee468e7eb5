/** A long-running process of the world: its own process group, its own log file, ready when it answers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { TrefoilError } from '#shared/errors.ts';
import { signalGroup } from './process-group.ts';

export interface ServiceSpec {
  /** For people: `node Frankfurt`. */
  readonly name: string;
  /** After the Node executable. */
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Answers 200 when the service is ready. */
  readonly readyUrl: string;
  /** Every line of its standard output, which is logged as well. */
  readonly onLine?: (line: string) => void;
  readonly readyTimeoutMs?: number;
}

/** Where process groups are told of, so that none outlives the world. */
export interface GroupRegister {
  add(group: number): void;
  remove(group: number): void;
}

const READY_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 4_000;
/** How often a starting service is asked whether it is ready: a node takes some hundred milliseconds. */
const ASK_EVERY_MS = 25;

export class Service {
  readonly #spec: ServiceSpec;
  readonly #register: GroupRegister;
  readonly #onDeath: (line: string) => void;
  #child: ChildProcess | undefined;
  #ending = false;

  /** @param onDeath told when the process ends although nobody asked it to */
  constructor(spec: ServiceSpec, register: GroupRegister, onDeath: (line: string) => void) {
    this.#spec = spec;
    this.#register = register;
    this.#onDeath = onDeath;
  }

  /** Resolves when the service answers. @throws TrefoilError `service/unavailable` */
  async start(): Promise<void> {
    if (this.#child !== undefined) return;
    this.#ending = false;
    const child = spawn(process.execPath, this.#spec.args, {
      detached: true,
      env: { ...process.env, ...this.#spec.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const log = createWriteStream(this.#spec.logFile, { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    if (this.#spec.onLine !== undefined) createInterface({ input: child.stdout }).on('line', this.#spec.onLine);
    if (child.pid !== undefined) this.#register.add(child.pid);
    child.once('error', () => this.#leave(child));
    child.once('close', () => log.end());
    child.once('exit', (code, signal) => {
      this.#leave(child);
      if (!this.#ending) this.#onDeath(`${this.#spec.name} ended (${signal ?? `code ${code}`}); its log is ${this.#spec.logFile}`);
    });
    await this.#untilReady(child);
  }

  /** As a crash would: nothing is finished, nothing is said. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#ending = true;
    if (child?.pid === undefined) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    signalGroup(child.pid, signal);
    const force = setTimeout(signalGroup, STOP_GRACE_MS, child.pid, 'SIGKILL');
    await gone;
    clearTimeout(force);
    this.#leave(child);
  }

  /** The leader is gone; what it started must not stay. */
  #leave(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (child.pid === undefined) return;
    signalGroup(child.pid, 'SIGKILL');
    this.#register.remove(child.pid);
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const { name, logFile, readyUrl, readyTimeoutMs = READY_TIMEOUT_MS } = this.#spec;
    const failed = (detail: string): TrefoilError => new TrefoilError('service/unavailable', { operation: 'startWorld', detail });
    for (const end = Date.now() + readyTimeoutMs; ; await sleep(ASK_EVERY_MS)) {
      if (this.#child !== child) throw failed(`${name} ended while it started; its log is ${logFile}`);
      if (await answers(readyUrl)) return;
      if (Date.now() > end) {
        await this.kill();
        throw failed(`${name} was not ready after ${readyTimeoutMs / 1000} seconds; its log is ${logFile}`);
      }
    }
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
