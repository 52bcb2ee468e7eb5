/** The whole world that stories share. */
import { type OwnWorld, startOwnWorld } from '../own-world.ts';
import type { Kept } from './kept.ts';

/** A world as far as it can be told: without what kills and starts its parts. */
export interface WorldFacts extends Omit<OwnWorld['world'], 'gateway' | 'nodes' | 'close'> {
  readonly dataDir: string;
  readonly gateway: { readonly name: string; readonly url: string };
  readonly nodes: readonly { readonly name: string; readonly url: string; readonly party: number }[];
}

export async function keepWorld(): Promise<Kept<WorldFacts>> {
  const { world, dataDir, close } = await startOwnWorld();
  const nodes = world.nodes.map((node, i) => [`node${i}`, node] as const);
  return { facts: { ...world, dataDir }, parts: { gateway: world.gateway, ...Object.fromEntries(nodes) }, close };
}
