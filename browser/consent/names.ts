/** What the components here call things. The page that shows them knows the wallet and hands this in: nothing here does. */
import type { ChainId } from '#shared/ids.ts';
import type { Asset } from '#shared/ports/chain.ts';
import type { WalletView } from '../worker/api.ts';

export interface Names {
  /** A chain's name for people; its id where the wallet does not have it. */
  networkName(chain: ChainId): string;
  /** Whether what a chain carries is worth nothing. */
  isTestnet(chain: ChainId): boolean;
  /** The release's word on an asset; undefined for a token that it does not list. @param token its contract; undefined for the chain's own money */
  assetOf(chain: ChainId, token: string | undefined): Asset | undefined;
  /** Whether it has to be said which account is meant. */
  readonly severalAccounts: boolean;
}

/** The names of a wallet; of none, there are only ids. */
export function namesOf(wallet: WalletView | undefined): Names {
  const accounts = wallet?.accounts ?? [];
  const anyOf = (chain: ChainId) => accounts.find((held) => held.chain === chain);
  return {
    networkName: (chain) => anyOf(chain)?.network ?? chain,
    isTestnet: (chain) => anyOf(chain)?.testnet === true,
    assetOf: (chain, token) => accounts.find((held) => held.chain === chain && held.token === token)?.asset,
    severalAccounts: (wallet?.accountCount ?? 1) > 1,
  };
}
