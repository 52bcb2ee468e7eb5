/** The real gateway in workerd, for tests that need no chain and no page. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '#local-world/paths.ts';
import { signalGroup } from '#local-world/process-group.ts';
import { Service } from '#local-world/service.ts';
import { wranglerService } from '#local-world/wrangler-service.ts';
import { freePort, GATEWAY_TOKEN, type TestNode } from './party-nodes.ts';

/** The only origin that this gateway lets pages of call it. */
export const PAGE_ORIGIN = 'http://127.0.0.1:4600';

export interface TestGateway {
  readonly url: string;
  /** What it persists. */
  readonly dataDir: string;
  logs(): string;
  /** SIGKILL to it and everything it started. */
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startGateway(nodes: readonly Pick<TestNode, 'party' | 'name' | 'region' | 'url'>[]): Promise<TestGateway> {
  const dataDir = mkdtempSync(join(tmpdir(), 'trefoil-gateway-'));
  const port = await freePort();
  const environment = join(dataDir, 'gateway.env');
  const addresses = nodes.map(({ party, name, region, url }) => ({ party, name, region, url }));
  const settings = { GATEWAY_TOKEN, NODES: JSON.stringify(addresses), ALLOWED_ORIGINS: JSON.stringify([PAGE_ORIGIN]) };
  writeFileSync(
    environment,
    Object.entries(settings)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join(''),
  );
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
  const running = new Set<number>();
  const service = new Service(spec, { add: (group) => running.add(group), remove: (group) => running.delete(group) }, () => undefined);
  const endAll = (): void => {
    for (const group of running) signalGroup(group, 'SIGKILL');
  };
  process.once('exit', endAll);
  await service.start();
  return {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    logs: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
    kill: () => service.kill(),
    start: () => service.start(),
    close: async () => {
      await service.kill();
      process.off('exit', endAll);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
