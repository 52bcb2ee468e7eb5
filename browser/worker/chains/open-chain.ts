/** From a line of the release to the chain as the Worker uses it. */
import { type BitcoinPlugin, isBitcoin } from '../../../shared/chains/bitcoin/plugin.ts';
import { chainPlugin } from '../../../shared/chains/registry.ts';
import { TrefoilError } from '../../../shared/errors.ts';
import type { ChainClient, ChainPlugin } from '../../../shared/ports/chain.ts';
import type { ReleaseChain } from '../../../shared/release.ts';
import { esploraClient } from './esplora.ts';
import { solanaClient } from './solana-rpc.ts';

export interface OpenChain {
  readonly plugin: ChainPlugin;
  /** Undefined when this release cannot reach the chain; then `unavailable` says why. */
  readonly client: ChainClient | undefined;
  readonly unavailable: string | undefined;
}

/** @throws TrefoilError `chain/unknown`, `service/configuration` when a chain has a server of another kind */
export function openChain(chain: ReleaseChain): OpenChain {
  const plugin = chainPlugin(chain.id);
  if ('unavailable' in chain) return { plugin, client: undefined, unavailable: chain.unavailable };
  return { plugin, client: openClient(plugin, chain.kind, chain.url), unavailable: undefined };
}

function openClient(plugin: ChainPlugin | BitcoinPlugin, kind: 'solana' | 'esplora', url: string): ChainClient {
  if (kind === 'esplora' && isBitcoin(plugin)) return esploraClient(plugin, url);
  if (kind === 'solana' && plugin.id.startsWith('solana:')) return solanaClient(plugin, url);
  throw new TrefoilError('service/configuration', { operation: 'openChain', detail: `${plugin.id} has no server of kind ${kind}` });
}
