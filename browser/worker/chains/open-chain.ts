/** From a line of the release to the chain as the Worker uses it. */
import { isBitcoin } from '#shared/chains/bitcoin/plugin.ts';
import { isEvm } from '#shared/chains/evm/plugin.ts';
import { chainPlugin } from '#shared/chains/registry.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { ChainClient, ChainPlugin, Token } from '#shared/ports/chain.ts';
import type { ReleaseChain } from '#shared/release.ts';
import { bitcoinClient } from './bitcoin/bitcoin-client.ts';
import { evmClient } from './evm/evm-client.ts';
import { solanaClient } from './solana/solana-client.ts';

export interface OpenChain {
  readonly plugin: ChainPlugin;
  /** What the release knows besides the chain's own money, in the order in which a wallet shows it. */
  readonly tokens: readonly Token[];
  /** Undefined when this release cannot reach the chain; then `unavailable` says why. */
  readonly client: ChainClient | undefined;
  readonly unavailable: string | undefined;
}

/** @throws TrefoilError `chain/unknown`, `service/configuration` when a chain has a server of another kind or a token a wrong address */
export function openChain(chain: ReleaseChain): OpenChain {
  const plugin = chainPlugin(chain.id);
  if ('unavailable' in chain) return { plugin, tokens: [], client: undefined, unavailable: chain.unavailable };
  const tokens = chain.kind === 'evm' ? tokensOf(plugin, chain.tokens) : [];
  return { plugin, tokens, client: openClient(plugin, chain, tokens), unavailable: undefined };
}

type ReachableChain = Extract<ReleaseChain, { kind: string }>;

function openClient(plugin: ChainPlugin, { kind, url }: ReachableChain, tokens: readonly Token[]): ChainClient {
  if (kind === 'bitcoin' && isBitcoin(plugin)) return bitcoinClient(plugin, url);
  if (kind === 'evm' && isEvm(plugin)) return evmClient(plugin, url, tokens, Date.now);
  if (kind === 'solana' && plugin.id.startsWith('solana:')) return solanaClient(plugin, url);
  throw new TrefoilError('service/configuration', { operation: 'openChain', detail: `${plugin.id} has no server of kind ${kind}` });
}

function tokensOf(plugin: ChainPlugin, tokens: readonly Token[]): readonly Token[] {
  for (const { address, symbol } of tokens) {
    let canonical: string | undefined;
    try {
      canonical = plugin.parseAddress(address);
    } catch {
      canonical = undefined;
    }
    if (canonical !== address) {
      throw new TrefoilError('service/configuration', {
        operation: 'openChain',
        detail: `the address of ${symbol} is not in its canonical form`,
      });
    }
  }
  return tokens;
}
