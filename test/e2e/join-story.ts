/** A story in the world that all of them share: everything runs when it begins, and goes on when it ends. One story at a time. */
import { askKeeper, powerOf } from '../support/shared-parts/ask-keeper.ts';
import type { WorldFacts } from '../support/shared-parts/keep-world.ts';
import { type Story, storyIn } from './topology.ts';

export async function joinStory(): Promise<Story> {
  const { dataDir, ...facts } = await askKeeper<WorldFacts>('world');
  const world = {
    ...facts,
    gateway: { ...facts.gateway, ...powerOf('world', 'gateway') },
    nodes: facts.nodes.map((node, i) => ({ ...node, ...powerOf('world', `node${i}`) })),
  };
  return storyIn({ world, dataDir, close: async () => undefined });
}
