/** Two real party nodes as processes in folders of their own, for tests that need no chain and no page. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ETHEREUM_LOCAL, SOLANA_LOCAL } from './chains.ts';

const MAIN = join(import.meta.dirname, '../../party-nodes/main.ts');
const READY_WITHIN_MS = 30_000;

/** What the gateway presents to these nodes. */
export const GATEWAY_TOKEN = 'a-token-for-tests-of-at-least-32-characters';

/** One running node. */
export interface TestNode {
  readonly party: number;
  readonly name: string;
  readonly region: string;
  readonly identity: string;
  readonly url: string;
  readonly grpcUrl: string;
  readonly dataDir: string;
  /** Everything the process has printed. */
  output(): string;
  /** SIGKILL, and gone when it resolves. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Starts both; `close` ends them and removes their folders. */
export async function startNodes(): Promise<{ nodes: [TestNode, TestNode]; close(): Promise<void> }> {
  const root = mkdtempSync(join(tmpdir(), 'trefoil-nodes-'));
  const drafts = await Promise.all(
    ['Frankfurt', 'Virginia'].map(async (name, i) => {
      const dataDir = join(root, name);
      const line = execFileSync(process.execPath, [MAIN, 'init', '--data', dataDir], { encoding: 'utf8' });
      const { identity } = JSON.parse(line) as { identity: string };
      return {
        name,
        region: i === 0 ? 'eu' : 'us',
        party: i + 2,
        identity,
        dataDir,
        connectPort: await freePort(),
        grpcPort: await freePort(),
      };
    }),
  );
  const started = drafts.map((draft) => {
    const { identity: _own, ...config } = draft;
    const peers = drafts.filter((other) => other !== draft).map(({ party, identity, name }) => ({ party, identity, name }));
    const configFile = join(root, `${draft.name}.json`);
    writeFileSync(configFile, JSON.stringify({ ...config, peers, gatewayToken: GATEWAY_TOKEN, chains: [SOLANA_LOCAL, ETHEREUM_LOCAL] }));
    return nodeProcess(draft, configFile);
  });
  const [first, second] = started;
  if (first === undefined || second === undefined) throw new Error('two nodes are needed');
  await Promise.all(started.map((node) => node.start()));
  return {
    nodes: [first, second],
    close: async () => {
      await Promise.all(started.map((node) => node.kill()));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function nodeProcess(
  draft: { name: string; region: string; party: number; identity: string; dataDir: string; connectPort: number; grpcPort: number },
  configFile: string,
): TestNode {
  let child: ChildProcess | undefined;
  let printed = '';
  const url = `http://127.0.0.1:${draft.connectPort}`;
  const { name, region, party, identity, dataDir } = draft;
  return {
    name,
    region,
    party,
    identity,
    dataDir,
    url,
    grpcUrl: `http://127.0.0.1:${draft.grpcPort}`,
    output: () => printed,
    kill: async () => {
      const running = child;
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const gone = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGKILL');
      await gone;
    },
    start: async () => {
      child = spawn(process.execPath, [MAIN, 'serve', '--config', configFile], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      await untilReady(`${url}/readyz`, () => printed);
    },
  };
}

async function untilReady(url: string, output: () => string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`a node did not become ready:\n${output()}`);
}

/** A port of 127.0.0.1 that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
