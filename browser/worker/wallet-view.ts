/** What a page shows of an open wallet: every account on every chain of the release, with its addresses and assets. */
import type { WalletId } from '#shared/ids.ts';
import type { Asset } from '#shared/ports/chain.ts';
import type { AccountKeys } from '#shared/ports/engine.ts';
import type { AccountList } from './account-list.ts';
import type { Account, UnlockMethod, WalletView } from './api.ts';
import type { OpenChain } from './chains/open-chain.ts';
import type { Network } from './network.ts';

export function walletView(wallet: {
  walletId: WalletId;
  network: Network;
  accounts: AccountList;
  unlockMethod: UnlockMethod;
  idleLockMs: number;
  keysOf: (account: number) => AccountKeys;
}): WalletView {
  const { walletId, network, accounts, unlockMethod, idleLockMs, keysOf } = wallet;
  const numbers = Array.from({ length: accounts.count }, (_, account) => account);
  return {
    ...{ walletId, unlockMethod, idleLockMs },
    accounts: numbers.flatMap((account) => network.chains.flatMap((chain) => holdingsOf(network, chain, keysOf(account)))),
    accountCount: accounts.count,
    accountsLeft: accounts.left,
    nodes: network.nodes,
  };
}

/** The chain's own money first, then its tokens; nothing where the chain has only the first account. */
function holdingsOf(network: Network, { plugin, tokens, unavailable }: OpenChain, keys: AccountKeys): Account[] {
  const { account } = keys;
  if (account > 0 && !plugin.derivesAccounts) return [];
  const addresses = plugin.addresses(keys);
  const assets: { token: string | undefined; asset: Asset }[] = [
    { token: undefined, asset: plugin.asset },
    ...tokens.map(({ address, ...asset }) => ({ token: address, asset })),
  ];
  const faucet = network.requestTestMoney !== undefined && plugin.testnet && unavailable === undefined;
  return assets.map(({ token, asset }) => ({
    ...{ chain: plugin.id, account, token, asset, addresses, unavailable, faucet },
    network: plugin.name,
    testnet: plugin.testnet,
    address: addresses[0].address,
    messages: plugin.messages !== undefined,
  }));
}
