/** Two real nodes behind the real gateway, with a relay on every line that a test may take over. */
import type { Release } from '#shared/release.ts';
import { ETHEREUM_LOCAL, SOLANA_LOCAL } from './chains.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { startNodes, type TestNode } from './party-nodes.ts';
import { type Relay, startRelay } from './relay.ts';

export interface Edge {
  readonly nodes: [TestNode, TestNode];
  readonly gateway: TestGateway;
  /** Between the device and the gateway. */
  readonly front: Relay;
  /** Between the gateway and each node. */
  readonly links: [Relay, Relay];
  /** What a page of this world pins; its gateway is `front`. */
  readonly release: Release;
  /** Every line relays honestly again. */
  honest(): void;
  close(): Promise<void>;
}

export async function startEdge(): Promise<Edge> {
  const { nodes, close } = await startNodes();
  const links: [Relay, Relay] = [await startRelay(nodes[0].url), await startRelay(nodes[1].url)];
  const gateway = await startGateway(nodes.map(({ party, name, region }, i) => ({ party, name, region, url: links[i]?.url ?? '' })));
  const front = await startRelay(gateway.url);
  const relays = [front, ...links];
  return {
    nodes,
    gateway,
    front,
    links,
    release: {
      version: 1,
      name: 'test',
      gateway: front.url,
      nodes: nodes.map(({ party, name, region, identity }) => ({ party, name, region, identity })),
      threshold: 2,
      chains: [SOLANA_LOCAL, ETHEREUM_LOCAL].map((id) => ({ id, unavailable: 'no chain in this test' })),
      faucet: null,
    },
    honest: () => {
      for (const relay of relays) relay.meddle(undefined);
    },
    close: async () => {
      await Promise.all(relays.map((relay) => relay.close()));
      await gateway.close();
      await close();
    },
  };
}
