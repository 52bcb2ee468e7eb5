/** The real gateway in workerd, for tests that need no chain and no page. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '#local-world/paths.ts';
import { Service } from '#local-world/service.ts';
import { startReaper } from '#local-world/start-reaper.ts';
import { wranglerService } from '#local-world/wrangler-service.ts';
import { claimPort } from './claim-ports.ts';
import { GATEWAY_TOKEN, type NodeFacts } from './party-nodes.ts';

/** The only origin that this gateway lets pages of call it. */
export const PAGE_ORIGIN = 'http://127.0.0.1:4600';

/** What there is to know of a gateway, whoever runs it. */
export interface GatewayFacts {
  readonly url: string;
  /** What it persists. */
  readonly dataDir: string;
  readonly logFile: string;
}

export interface TestGateway extends GatewayFacts {
  logs(): string;
  /** SIGKILL to it and everything it started. */
  kill(): Promise<void>;
  /** Resolves when it answers; does nothing when it runs. */
  start(): Promise<void>;
}

/** A gateway that is killed and started by `power`. */
export const testGateway = (facts: GatewayFacts, power: Pick<TestGateway, 'kill' | 'start'>): TestGateway => ({
  ...facts,
  logs: () => readFileSync(facts.logFile, 'utf8'),
  kill: () => power.kill(),
  start: () => power.start(),
});

/** @param nodes where the gateway finds them; `close` ends it and removes its folder */
export async function startGateway(
  nodes: readonly Pick<NodeFacts, 'party' | 'name' | 'region' | 'url'>[],
): Promise<{ gateway: TestGateway; close(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'trefoil-gateway-'));
  const port = await claimPort();
  const environment = join(dataDir, 'gateway.env');
  const addresses = nodes.map(({ party, name, region, url }) => ({ party, name, region, url }));
  const settings = { GATEWAY_TOKEN, NODES: JSON.stringify(addresses), ALLOWED_ORIGINS: JSON.stringify([PAGE_ORIGIN]) };
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`);
  writeFileSync(environment, lines.join(''));
  const logFile = join(dataDir, 'gateway.log');
  const spec = wranglerService({
    name: 'the gateway',
    config: join(ROOT, 'wrangler.toml'),
    port,
    dataDir,
    logFile,
    readyPath: '/v1/health',
    args: ['--env-file', environment],
  });
  const reaper = startReaper();
  const service = new Service(spec, reaper, () => undefined);
  await service.start();
  return {
    gateway: testGateway({ url: `http://127.0.0.1:${port}`, dataDir, logFile }, service),
    close: async () => {
      await service.kill();
      reaper.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
