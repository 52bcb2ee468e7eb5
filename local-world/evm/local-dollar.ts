/** The one token of the local Ethereum: OpenZeppelin's ERC-20 with a fixed supply, which belongs to the bank. */
import preset from '@openzeppelin/contracts/build/contracts/ERC20PresetFixedSupply.json' with { type: 'json' };
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { getContractAddress, keccak256, parseAbi, toHex } from 'viem/utils';
import type { Token } from '#shared/ports/chain.ts';

/** Guards money that exists on this machine only; the same everywhere, so that the token's address is as well. */
export const BANK = privateKeyToAccount(keccak256(toHex('the bank of the local Ethereum')));
/** The token is the first thing that the bank makes. */
const FIRST_NONCE = 0n;

export const LOCAL_DOLLAR: Token = {
  address: getContractAddress({ from: BANK.address, nonce: FIRST_NONCE }),
  symbol: 'LUSD',
  name: 'Local Dollar',
  decimals: 18,
};
/** A million million dollars. */
export const SUPPLY = 10n ** (12n + 18n);

export const TOKEN_ABI = parseAbi([
  'constructor(string name, string symbol, uint256 initialSupply, address owner)',
  'function transfer(address to, uint256 amount) returns (bool)',
]);
export const TOKEN_BYTECODE = preset.bytecode as Hex;
