import { describe, expect, it } from 'vitest';
import type { ChainId } from '#shared/ids.ts';
import type { Account, WalletView } from '../worker/api.ts';
import { namesOf } from './names.ts';

const [sepolia, elsewhere] = ['eip155:11155111' as ChainId, 'eip155:1' as ChainId];
const ether = { symbol: 'ETH', name: 'Ether', decimals: 18 };
const held = { chain: sepolia, account: 0, token: undefined, network: 'Sepolia', testnet: true, asset: ether } as Account;
const names = namesOf({ accounts: [held], accountCount: 2 } as unknown as WalletView);

describe('namesOf', () => {
  it('knows what the wallet holds', () => {
    expect(names.networkName(sepolia)).toBe('Sepolia');
    expect(names.isTestnet(sepolia)).toBe(true);
    expect(names.assetOf(sepolia, undefined)).toBe(ether);
    expect(names.severalAccounts).toBe(true);
  });

  it('never takes a token for the money of its chain', () => {
    expect(names.assetOf(sepolia, '0xt0ken')).toBeUndefined();
  });

  it.each([
    ['a chain that the wallet does not have', names, elsewhere],
    ['no wallet', namesOf(undefined), sepolia],
  ])('has only the id of %s', (_, some, chain) => {
    expect(some.networkName(chain)).toBe(chain);
    expect(some.isTestnet(chain)).toBe(false);
    expect(some.assetOf(chain, undefined)).toBeUndefined();
  });
});
