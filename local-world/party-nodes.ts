/** The two party nodes of the local world, each a process with a folder of its own. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bitcoinRegtest } from '#shared/chains/bitcoin/plugin.ts';
import { ethereumLocal } from '#shared/chains/evm/plugin.ts';
import { solanaLocalnet } from '#shared/chains/solana/plugin.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { ReleaseNode } from '#shared/release.ts';
import { NODE_MAIN } from './paths.ts';
import type { Ports } from './ports.ts';
import { lastLine, runCommand } from './run-command.ts';
import type { ServiceSpec } from './service.ts';

interface Place {
  readonly party: number;
  readonly name: string;
  readonly region: string;
  readonly folder: string;
  readonly connectPort: number;
  readonly grpcPort: number;
}

export interface LocalNode extends ReleaseNode {
  /** Where the gateway reaches it. */
  readonly url: string;
  readonly service: ServiceSpec;
}

/** Makes what is missing of the nodes' identities and writes their configurations. */
export async function prepareNodes(dataDir: string, ports: Ports, gatewayToken: string): Promise<LocalNode[]> {
  const places: Place[] = [
    { party: 2, name: 'Frankfurt', region: 'eu', folder: 'frankfurt', connectPort: ports.nodeAConnect, grpcPort: ports.nodeAGrpc },
    { party: 3, name: 'Virginia', region: 'us', folder: 'virginia', connectPort: ports.nodeBConnect, grpcPort: ports.nodeBGrpc },
  ];
  const withIdentity = await Promise.all(
    places.map(async (place) => ({ ...place, identity: await initialise(join(dataDir, place.folder)) })),
  );
  return Promise.all(
    withIdentity.map(async ({ folder, connectPort, grpcPort, ...node }) => {
      const config = join(dataDir, folder, 'config.json');
      const peers = withIdentity
        .filter(({ party }) => party !== node.party)
        .map(({ party, identity, name }) => ({ party, identity, name }));
      const { name, region, party } = node;
      const chains = [solanaLocalnet.id, ethereumLocal.id, bitcoinRegtest.id];
      const content = { name, region, party, dataDir: join(dataDir, folder), connectPort, grpcPort, peers, gatewayToken, chains };
      await writeFile(config, JSON.stringify(content, null, 2), { mode: 0o600 });
      const url = `http://127.0.0.1:${connectPort}`;
      return {
        ...node,
        url,
        service: {
          name: `node ${name}`,
          args: [NODE_MAIN, 'serve', '--config', config],
          logFile: join(dataDir, 'logs', `node-${folder}.log`),
          readyUrl: `${url}/readyz`,
        },
      };
    }),
  );
}

async function initialise(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const result = await runCommand(process.execPath, [NODE_MAIN, 'init', '--data', folder]);
  const [, identity] = /"identity":"([0-9a-f]{64})"/.exec(result.said) ?? [];
  if (!result.ok || identity === undefined) {
    throw new TrefoilError('service/unavailable', { operation: 'startWorld', detail: `a node could not be prepared: ${lastLine(result)}` });
  }
  return identity;
}
