/** Every chain that Trefoil signs for. A new chain is one folder and one line here. */
import { TrefoilError } from '../errors.ts';
import type { ChainPlugin } from '../ports/chain.ts';
import { bitcoin, bitcoinRegtest, bitcoinSignet, bitcoinTestnet4 } from './bitcoin/plugin.ts';
import { ethereum, ethereumLocal, ethereumSepolia } from './evm/plugin.ts';
import { solana, solanaDevnet, solanaLocalnet } from './solana/plugin.ts';

/** In the order in which a wallet shows them. */
export const CHAIN_PLUGINS: readonly ChainPlugin[] = [
  ...[solana, solanaDevnet, solanaLocalnet],
  ...[ethereum, ethereumSepolia, ethereumLocal],
  ...[bitcoin, bitcoinTestnet4, bitcoinSignet, bitcoinRegtest],
];

const byId = new Map<string, ChainPlugin>(CHAIN_PLUGINS.map((plugin) => [plugin.id, plugin]));

/** The plugin of a CAIP-2 id. @throws TrefoilError `chain/unknown` */
export function chainPlugin(id: string): ChainPlugin {
  const plugin = byId.get(id);
  if (plugin === undefined) throw new TrefoilError('chain/unknown', { operation: 'chainPlugin' });
  return plugin;
}
