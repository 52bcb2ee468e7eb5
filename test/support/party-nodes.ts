/** Two real party nodes as processes in folders of their own, for tests that need no chain and no page. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NODE_MAIN } from '#local-world/paths.ts';
import { Service } from '#local-world/service.ts';
import { startReaper } from '#local-world/start-reaper.ts';
import { ETHEREUM_LOCAL, SOLANA_LOCAL } from './chains.ts';
import { claimPort } from './claim-ports.ts';

/** What the gateway presents to these nodes. */
export const GATEWAY_TOKEN = 'a-token-for-tests-of-at-least-32-characters';

/** What there is to know of a node, whoever runs it. */
export interface NodeFacts {
  readonly party: number;
  readonly name: string;
  readonly region: string;
  readonly identity: string;
  readonly url: string;
  readonly grpcUrl: string;
  readonly dataDir: string;
  readonly logFile: string;
}

/** One running node. */
export interface TestNode extends NodeFacts {
  /** Everything the process has printed. */
  output(): string;
  /** SIGKILL, and gone when it resolves. */
  kill(): Promise<void>;
  /** Resolves when it answers; does nothing when it runs. */
  start(): Promise<void>;
}

/** A node that is killed and started by `power`. */
export const testNode = (facts: NodeFacts, power: Pick<TestNode, 'kill' | 'start'>): TestNode => ({
  ...facts,
  output: () => readFileSync(facts.logFile, 'utf8'),
  kill: () => power.kill(),
  start: () => power.start(),
});

/** Starts both; `close` ends them and removes their folders. */
export async function startNodes(): Promise<{ nodes: [TestNode, TestNode]; close(): Promise<void> }> {
  const root = mkdtempSync(join(tmpdir(), 'trefoil-nodes-'));
  const reaper = startReaper();
  const drafts = await Promise.all(['Frankfurt', 'Virginia'].map((name, i) => draftNode(root, name, i)));
  const nodes = drafts.map((draft) => {
    const { identity: _own, ...config } = draft;
    const peers = drafts.filter((other) => other !== draft).map(({ party, identity, name }) => ({ party, identity, name }));
    const configFile = join(root, `${draft.name}.json`);
    writeFileSync(configFile, JSON.stringify({ ...config, peers, gatewayToken: GATEWAY_TOKEN, chains: [SOLANA_LOCAL, ETHEREUM_LOCAL] }));
    const { connectPort, grpcPort, ...known } = draft;
    const url = `http://127.0.0.1:${connectPort}`;
    const facts = { ...known, url, grpcUrl: `http://127.0.0.1:${grpcPort}`, logFile: join(root, `${draft.name}.log`) };
    const args = [NODE_MAIN, 'serve', '--config', configFile];
    const spec = { name: `node ${draft.name}`, args, logFile: facts.logFile, readyUrl: `${url}/readyz` };
    return testNode(facts, new Service(spec, reaper, () => undefined));
  });
  const [first, second] = nodes;
  if (first === undefined || second === undefined) throw new Error('two nodes are needed');
  await Promise.all(nodes.map((node) => node.start()));
  return {
    nodes: [first, second],
    close: async () => {
      await Promise.all(nodes.map((node) => node.kill()));
      reaper.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function draftNode(root: string, name: string, i: number) {
  const dataDir = join(root, name);
  const { stdout } = await promisify(execFile)(process.execPath, [NODE_MAIN, 'init', '--data', dataDir]);
  const { identity } = JSON.parse(stdout) as { identity: string };
  const ports = { connectPort: await claimPort(), grpcPort: await claimPort() };
  return { name, region: i === 0 ? 'eu' : 'us', party: i + 2, identity, dataDir, ...ports };
}
