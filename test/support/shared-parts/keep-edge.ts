/** The edge that stories share: nodes and gateway. The relays on the lines between them run in the story's own process. */
import { claimPort } from '../claim-ports.ts';
import { type GatewayFacts, startGateway } from '../gateway.ts';
import { type NodeFacts, startNodes } from '../party-nodes.ts';
import type { Kept } from './kept.ts';

export interface EdgeFacts {
  readonly nodes: readonly [NodeFacts, NodeFacts];
  readonly gateway: GatewayFacts;
  /** Ports at which the story listens, for the device and for the gateway's calls to each node. */
  readonly lines: { readonly front: number; readonly links: readonly [number, number] };
}

export const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

export async function keepEdge(): Promise<Kept<EdgeFacts>> {
  const { nodes, close } = await startNodes();
  const lines = { front: await claimPort(), links: [await claimPort(), await claimPort()] as const };
  const asSeen = nodes.map(({ party, name, region }, i) => ({ party, name, region, url: urlOf(lines.links[i] ?? 0) }));
  const { gateway, close: closeGateway } = await startGateway(asSeen);
  return {
    facts: { nodes, gateway, lines },
    parts: { gateway, node0: nodes[0], node1: nodes[1] },
    close: async () => void (await Promise.all([closeGateway(), close()])),
  };
}
