/** Deploys the local token once and gives away ETH and tokens. */
import type { Address } from 'viem';
import type { AnvilClient } from './anvil.ts';
import { BANK, LOCAL_DOLLAR, SUPPLY, TOKEN_ABI, TOKEN_BYTECODE } from './local-dollar.ts';

/** A thousand million ETH, topped up at every start. */
const RESERVE = 10n ** (9n + 18n);

export interface Gift {
  /** Wei. */
  readonly ether: bigint;
  /** Base units of the local token. */
  readonly dollars: bigint;
}

export interface Bank {
  /** Both are in a block when it resolves. @returns the hash of the transaction that gave the ETH */
  give(to: string, gift: Gift): Promise<string>;
}

export async function openBank(client: AnvilClient): Promise<Bank> {
  await client.setBalance({ address: BANK.address, value: RESERVE });
  const token = LOCAL_DOLLAR.address as Address;
  if ((await client.getCode({ address: token })) === undefined) {
    const args = [LOCAL_DOLLAR.name, LOCAL_DOLLAR.symbol, SUPPLY, BANK.address] as const;
    const hash = await client.deployContract({ account: BANK, abi: TOKEN_ABI, bytecode: TOKEN_BYTECODE, args });
    const { contractAddress } = await client.waitForTransactionReceipt({ hash });
    if (contractAddress?.toLowerCase() !== token.toLowerCase()) throw new Error('the local token has another address than it should');
  }
  /** One gift after the other: each needs the nonce after the last. */
  let queue: Promise<unknown> = Promise.resolve();

  async function giveNext(to: Address, { ether, dollars }: Gift): Promise<string> {
    const hash = await client.sendTransaction({ account: BANK, to, value: ether });
    await client.waitForTransactionReceipt({ hash });
    const second = await client.writeContract({
      account: BANK,
      address: token,
      abi: TOKEN_ABI,
      functionName: 'transfer',
      args: [to, dollars],
    });
    await client.waitForTransactionReceipt({ hash: second });
    return hash;
  }

  return {
    give(to, gift) {
      const given = queue.then(() => giveNext(to as Address, gift));
      queue = given.catch(() => undefined);
      return given;
    },
  };
}
