/** The chains of this release as the Worker uses them: what is pure about a chain, and how to reach it, where it can be reached. */
import { TrefoilError } from '#shared/errors.ts';
import type { ChainId } from '#shared/ids.ts';
import type { ChainClient } from '#shared/ports/chain.ts';
import type { Release } from '#shared/release.ts';
import { type OpenChain, openChain } from './chains/open-chain.ts';
import { requestTestMoney } from './test-money.ts';

export interface Network {
  /** In the order in which a wallet shows them. */
  readonly chains: readonly OpenChain[];
  /** Names of the nodes that hold the other shares. */
  readonly nodes: readonly string[];
  /** Asks for test money; undefined when this release has no source of it. */
  readonly requestTestMoney: ((chain: ChainId, address: string) => Promise<void>) | undefined;
}

/** @throws TrefoilError `chain/unknown`, `service/configuration` */
export function networkOf({ chains, nodes, faucet }: Release): Network {
  return {
    chains: chains.map(openChain),
    nodes: nodes.map(({ name }) => name),
    requestTestMoney: faucet === null ? undefined : (chain, address) => requestTestMoney(faucet, chain, address),
  };
}

/** @throws TrefoilError `chain/unknown` */
export function chainOf(network: Network, id: ChainId): OpenChain {
  const chain = network.chains.find(({ plugin }) => plugin.id === id);
  if (chain === undefined) {
    throw new TrefoilError('chain/unknown', { operation: 'chainOf' });
  }
  return chain;
}

/** @throws TrefoilError `chain/unknown`, `chain/unavailable` */
export function clientOf(network: Network, id: ChainId): ChainClient {
  const { client, unavailable } = chainOf(network, id);
  if (client === undefined) {
    throw new TrefoilError('chain/unavailable', { operation: 'clientOf', detail: unavailable });
  }
  return client;
}
