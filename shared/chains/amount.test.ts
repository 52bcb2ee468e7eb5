import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertPayable, formatAmount, MAX_UINT64, MAX_UINT256, parseAmount } from './amount.ts';

describe('amounts', () => {
  it.each([
    ['1', 9, 1_000_000_000n],
    ['0.5', 8, 50_000_000n],
    ['1.000000001', 9, 1_000_000_001n],
    ['21000000', 8, 2_100_000_000_000_000n],
    ['0.00000001', 8, 1n],
    ['7', 0, 7n],
    ['1000000', 18, 10n ** 24n],
    [`0.${'0'.repeat(35)}1`, 36, 1n],
  ])('reads %s with %i decimals', (text, decimals, units) => {
    expect(parseAmount(text, decimals)).toBe(units);
  });

  it.each([
    '',
    '0',
    '0.0',
    '-1',
    '+1',
    '1e3',
    ' 1',
    '1 ',
    '1.',
    '.5',
    '01',
    '1,5',
    '1.2.3',
    '0x10',
    '٣',
    'NaN',
    '1_000',
    '0.0000000001',
    '9'.repeat(41),
  ])('refuses %j', (text) => {
    expect(() => parseAmount(text, 9)).toThrow(expect.objectContaining({ code: 'chain/bad-amount' }));
  });

  it('knows the largest number of the EVM', () => {
    expect(() => parseAmount('9'.repeat(40), 38)).toThrow(expect.objectContaining({ code: 'chain/bad-amount' }));
  });

  it('lets only amounts into a transaction that its encoding holds', () => {
    for (const amount of [0n, -1n, MAX_UINT64 + 1n]) {
      expect(() => assertPayable(amount, MAX_UINT64, 'test')).toThrow(expect.objectContaining({ code: 'chain/bad-amount' }));
    }
    assertPayable(MAX_UINT64, MAX_UINT64, 'test');
    assertPayable(MAX_UINT64 + 1n, MAX_UINT256, 'test');
  });

  it('reads back whatever it writes', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 0xffff_ffff_ffff_ffffn), fc.integer({ min: 0, max: 18 }), (units, decimals) => {
        expect(parseAmount(formatAmount(units, decimals), decimals)).toBe(units);
      }),
    );
  });

  it('writes without trailing zeros', () => {
    expect(formatAmount(1_500_000_000n, 9)).toBe('1.5');
    expect(formatAmount(0n, 8)).toBe('0');
    expect(formatAmount(-5_000n, 9)).toBe('-0.000005');
  });
});
