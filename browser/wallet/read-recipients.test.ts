import { describe, expect, it } from 'vitest';
import type { ChainId } from '#shared/ids.ts';
import { readAmount, readRecipients } from './read-recipients.ts';

const [ethereum, bitcoin] = ['eip155:1' as ChainId, 'bip122:regtest' as ChainId];
const NETWORKS: Record<string, string> = { [ethereum]: 'Ethereum', [bitcoin]: 'Bitcoin' };
const asset = { symbol: 'USDX', name: 'Test dollar', decimals: 6 };
const known = {
  asset,
  chainsOf: async (text: string) => (text.startsWith('0x') ? [ethereum] : text.startsWith('bc') ? [bitcoin] : []),
  networkName: (chain: ChainId) => NETWORKS[chain] ?? chain,
};
const read = (...recipients: [to: string, amount: string][]) =>
  readRecipients(
    {
      holding: { chain: ethereum, account: 1, token: '0xt0ken' },
      recipients: recipients.map(([to, amount], id) => ({ id, to, amount })),
    },
    known,
  );

describe('readRecipients', () => {
  it('makes one payment of each row, in their order, all with the same asset', async () => {
    const { payments, wrong } = await read([' 0xa ', '1'], ['0xb', '2,5'], ['0xa', '0.000001']);
    expect(payments).toEqual([
      { to: '0xa', amount: 1_000_000n, token: '0xt0ken' },
      { to: '0xb', amount: 2_500_000n, token: '0xt0ken' },
      { to: '0xa', amount: 1n, token: '0xt0ken' },
    ]);
    expect(wrong.size).toBe(0);
  });

  it('says of each row what is wrong, and of no other', async () => {
    const { wrong } = await read(['0xa', '1'], ['', ''], ['nonsense', '1'], ['bc1q', 'x']);
    expect([...wrong.keys()]).toEqual([1, 2, 3]);
    expect(wrong.get(1)).toEqual({ to: 'Enter the address that gets the money.', amount: 'Enter how much USDX to send.' });
    expect(wrong.get(2)?.to).toMatch(/no address that this wallet can pay/);
    expect(wrong.get(2)?.amount).toBeUndefined();
    expect(wrong.get(3)?.to).toBe('This is an address on Bitcoin. This payment goes over Ethereum.');
    expect(wrong.get(3)?.amount).toMatch(/not an amount/);
  });
});

describe('readAmount', () => {
  it.each(['1,5,0', '1.5.0', '-1', '1e3', '0', '0.0000001', ' ', '1 000'])('does not take %j for an amount', (text) => {
    expect(readAmount(text, asset)).toBeTypeOf('string');
  });
});
