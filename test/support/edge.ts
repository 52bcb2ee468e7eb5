/** Two real nodes behind the real gateway, with a relay on every line that a test may take over. */
import type { Release } from '#shared/release.ts';
import { ETHEREUM_LOCAL, SOLANA_LOCAL } from './chains.ts';
import { type TestGateway, testGateway } from './gateway.ts';
import { type TestNode, testNode } from './party-nodes.ts';
import { type Relay, startRelay } from './relay.ts';
import { askKeeper, powerOf } from './shared-parts/ask-keeper.ts';
import { type EdgeFacts, urlOf } from './shared-parts/keep-edge.ts';

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
  /** Gives the lines back; nodes and gateway go on for the next story. */
  close(): Promise<void>;
}

/** The shared edge with everything running and every line honest. One story at a time. */
export async function joinEdge(): Promise<Edge> {
  const { nodes: known, gateway, lines } = await askKeeper<EdgeFacts>('edge');
  const nodes: [TestNode, TestNode] = [testNode(known[0], powerOf('edge', 'node0')), testNode(known[1], powerOf('edge', 'node1'))];
  const links: [Relay, Relay] = [await startRelay(nodes[0].url, lines.links[0]), await startRelay(nodes[1].url, lines.links[1])];
  const front = await startRelay(gateway.url, lines.front);
  const relays = [front, ...links];
  return {
    nodes,
    gateway: testGateway(gateway, powerOf('edge', 'gateway')),
    front,
    links,
    release: {
      version: 1,
      name: 'test',
      gateway: urlOf(lines.front),
      nodes: nodes.map(({ party, name, region, identity }) => ({ party, name, region, identity })),
      threshold: 2,
      chains: [SOLANA_LOCAL, ETHEREUM_LOCAL].map((id) => ({ id, unavailable: 'no chain in this test' })),
      faucet: null,
    },
    honest: () => {
      for (const relay of relays) relay.meddle(undefined);
    },
    close: async () => void (await Promise.all(relays.map((relay) => relay.close()))),
  };
}
