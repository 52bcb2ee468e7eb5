/**
 * A whole Trefoil on one machine: real chains, two party nodes, the gateway and the page, each a process of its own on
 * 127.0.0.1. Everything lives in one folder and is there again at the next start.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { composePage } from '#browser/release/compose-page.ts';
import { bitcoinRegtest } from '#shared/chains/bitcoin/plugin.ts';
import { ethereumLocal } from '#shared/chains/evm/plugin.ts';
import { solanaLocalnet } from '#shared/chains/solana/plugin.ts';
import type { Release } from '#shared/release.ts';
import { buildPage } from './build-page.ts';
import type { ChainServer } from './chains.ts';
import { LOCAL_DOLLAR } from './evm/local-dollar.ts';
import { type LocalNode, prepareNodes } from './party-nodes.ts';
import { CHAINS_MAIN, ROOT } from './paths.ts';
import { assertPortsFree, type Ports, portsFrom } from './ports.ts';
import { secretFile } from './secret-file.ts';
import { Service, type ServiceSpec } from './service.ts';
import { startReaper } from './start-reaper.ts';
import { takeFolder } from './world-folder.ts';
import { wranglerService } from './wrangler-service.ts';

/** A part of the world that can fail and come back. */
export interface Restartable {
  readonly name: string;
  readonly url: string;
  /** SIGKILL to the process and everything it started. */
  kill(): Promise<void>;
  /** Resolves when it answers again. */
  start(): Promise<void>;
}

export interface WorldNode extends Restartable {
  readonly party: number;
}

export interface World {
  /** Where a person begins. */
  readonly page: string;
  readonly gateway: Restartable;
  readonly nodes: readonly WorldNode[];
  readonly solana: string;
  readonly evm: ChainServer;
  readonly bitcoin: ChainServer;
  readonly faucet: string;
  readonly release: Release;
  /** Ends every process. Safe to call more than once. */
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly dataDir: string;
  /** The page's; the ten after it are used as well. */
  readonly basePort: number;
  /** One line of progress for people. */
  readonly say: (line: string) => void;
  /** Ends a start that is under way; the promise rejects when everything has ended. */
  readonly signal?: AbortSignal;
}

/** btcd may have to be built first. */
const CHAINS_TIMEOUT_MS = 15 * 60 * 1000;

const ChainServerLine = z.union([z.object({ url: z.string() }), z.object({ unavailable: z.string() })]);
const ChainsLine = z.union([
  z.object({ say: z.string() }),
  z.object({
    ready: z.object({
      solana: z.string(),
      faucet: z.string(),
      evm: ChainServerLine,
      bitcoin: ChainServerLine,
    }),
  }),
]);
type ChainsReady = Extract<z.infer<typeof ChainsLine>, { ready: unknown }>['ready'];

/** @throws TrefoilError `service/configuration` before anything starts, `service/unavailable` when a part does not start */
export async function startWorld(options: WorldOptions): Promise<World> {
  const dataDir = resolve(options.dataDir);
  const { say } = options;
  const ports = portsFrom(options.basePort);
  await assertPortsFree(ports);
  const giveBack = takeFolder(dataDir);
  const reaper = startReaper();
  const services: Service[] = [];
  const close = once(async () => {
    await Promise.all(services.map((service) => service.stop()));
    reaper.close();
    giveBack();
  });
  options.signal?.addEventListener('abort', () => void close());
  const begin = async (spec: ServiceSpec): Promise<Service> => {
    options.signal?.throwIfAborted();
    const service = new Service(spec, reaper, say);
    services.push(service);
    await service.start();
    return service;
  };

  try {
    say('Starting Solana, Ethereum and Bitcoin');
    const token = await secretFile(join(dataDir, 'gateway-token'));
    const [chains, nodes, dist] = await allOrFirstFailure([
      beginChains(dataDir, ports, say, begin),
      beginNodes(dataDir, ports, token, say, begin),
      buildPage(say),
    ] as const);
    if ('unavailable' in chains.evm) say(`Ethereum is unavailable: ${chains.evm.unavailable}`);
    if ('unavailable' in chains.bitcoin) say(`Bitcoin is unavailable: ${chains.bitcoin.unavailable}`);

    const page = `http://127.0.0.1:${ports.page}`;
    const gateway = `http://127.0.0.1:${ports.gateway}`;
    const release = releaseOf(
      gateway,
      chains,
      nodes.map(({ node }) => node),
    );
    await composePage(dist, join(dataDir, 'page'), release);
    say('Starting the gateway and the page');
    const [gatewayService] = await allOrFirstFailure([
      begin(
        await gatewaySpec(
          dataDir,
          ports,
          token,
          page,
          nodes.map(({ node }) => node),
        ),
      ),
      begin(pageSpec(dataDir, ports)),
    ] as const);

    return {
      page,
      gateway: restartable('gateway', gateway, gatewayService),
      nodes: nodes.map(({ node, service }) => ({ ...restartable(node.name, node.url, service), party: node.party })),
      solana: chains.solana,
      evm: chains.evm,
      bitcoin: chains.bitcoin,
      faucet: chains.faucet,
      release,
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function beginChains(
  dataDir: string,
  ports: Ports,
  say: (line: string) => void,
  begin: (spec: ServiceSpec) => Promise<Service>,
): Promise<ChainsReady> {
  const ready = Promise.withResolvers<ChainsReady>();
  const numbers = [ports.solana, ports.bitcoin, ports.btcdRpc, ports.faucet, ports.evm].map(String);
  await begin({
    name: 'the chains',
    args: [CHAINS_MAIN, join(dataDir, 'chains'), ...numbers],
    logFile: join(dataDir, 'logs', 'chains.log'),
    readyUrl: `http://127.0.0.1:${ports.faucet}/ready`,
    readyTimeoutMs: CHAINS_TIMEOUT_MS,
    onLine(line) {
      const parsed = ChainsLine.safeParse(parseJson(line));
      if (!parsed.success) return;
      if ('say' in parsed.data) say(parsed.data.say);
      else ready.resolve(parsed.data.ready);
    },
  });
  return ready.promise;
}

async function beginNodes(
  dataDir: string,
  ports: Ports,
  token: string,
  say: (line: string) => void,
  begin: (spec: ServiceSpec) => Promise<Service>,
): Promise<{ node: LocalNode; service: Service }[]> {
  const nodes = await prepareNodes(dataDir, ports, token);
  say(`Starting the party nodes ${nodes.map(({ name }) => name).join(' and ')}`);
  return Promise.all(nodes.map(async (node) => ({ node, service: await begin(node.service) })));
}

async function gatewaySpec(dataDir: string, ports: Ports, token: string, page: string, nodes: readonly LocalNode[]): Promise<ServiceSpec> {
  const environment = join(dataDir, 'gateway.env');
  const addresses = nodes.map(({ party, name, region, url }) => ({ party, name, region, url }));
  const lines = { GATEWAY_TOKEN: token, NODES: JSON.stringify(addresses), ALLOWED_ORIGINS: JSON.stringify([page]) };
  const content = Object.entries(lines).map(([name, value]) => `${name}='${value}'\n`);
  await writeFile(environment, content.join(''), { mode: 0o600 });
  return wranglerService({
    name: 'the gateway',
    config: join(ROOT, 'wrangler.toml'),
    port: ports.gateway,
    dataDir: join(dataDir, 'gateway'),
    logFile: join(dataDir, 'logs', 'gateway.log'),
    readyPath: '/v1/health',
    args: ['--env-file', environment],
  });
}

const pageSpec = (dataDir: string, ports: Ports): ServiceSpec =>
  wranglerService({
    name: 'the page',
    config: join(ROOT, 'browser', 'wrangler.toml'),
    port: ports.page,
    dataDir: join(dataDir, 'page-server'),
    logFile: join(dataDir, 'logs', 'page.log'),
    readyPath: '/release.json',
    args: ['--assets', join(dataDir, 'page')],
  });

function releaseOf(gateway: string, chains: ChainsReady, nodes: readonly LocalNode[]): Release {
  return {
    version: 1,
    name: 'local',
    gateway,
    nodes: nodes.map(({ party, name, region, identity }) => ({ party, name, region, identity })),
    threshold: 2,
    chains: [
      { id: solanaLocalnet.id, kind: 'solana', url: chains.solana },
      'url' in chains.evm
        ? { id: ethereumLocal.id, kind: 'evm', url: chains.evm.url, tokens: [LOCAL_DOLLAR] }
        : { id: ethereumLocal.id, unavailable: chains.evm.unavailable.slice(0, 300) },
      'url' in chains.bitcoin
        ? { id: bitcoinRegtest.id, kind: 'bitcoin', url: chains.bitcoin.url }
        : { id: bitcoinRegtest.id, unavailable: chains.bitcoin.unavailable.slice(0, 300) },
    ],
    faucet: chains.faucet,
  };
}

const restartable = (name: string, url: string, service: Service): Restartable => ({
  name,
  url,
  kill: () => service.kill(),
  start: () => service.start(),
});

/** Like `Promise.all`, but the others have come to an end too when one has failed. */
async function allOrFirstFailure<Parts extends readonly Promise<unknown>[]>(
  parts: Parts,
): Promise<{ [At in keyof Parts]: Awaited<Parts[At]> }> {
  await Promise.allSettled(parts);
  return (await Promise.all(parts)) as { [At in keyof Parts]: Awaited<Parts[At]> };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
