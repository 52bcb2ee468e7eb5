import { describe, expect, it } from 'vitest';
import { warningsFor } from './warnings.ts';

const own = 'bcrt1pqqqqownownownownqqqq';
const friend = 'bcrt1pabcdmiddlemiddlewxyz';
const calm = { to: friend, amount: 1_000n, fee: 10n, own, known: [friend], balance: 100_000n };

describe('warningsFor', () => {
  it('says nothing about an ordinary payment to a known address', () => {
    expect(warningsFor(calm)).toEqual([]);
  });

  it('names a recipient that the wallet has not met', () => {
    expect(warningsFor({ ...calm, to: 'bcrt1pzzzzsomebodyelsezzzz' })).toEqual(['new-recipient']);
  });

  it('names an address with the ends of a known one', () => {
    expect(warningsFor({ ...calm, to: 'bcrt1pabcdFORGEDFORGEDwxyz' })).toEqual(['look-alike']);
  });

  it('does not take the prefix of the network for a likeness', () => {
    expect(warningsFor({ ...calm, to: 'bcrt1pefghmiddlemiddlewxyz' })).toEqual(['new-recipient']);
  });

  it('names the own address', () => {
    expect(warningsFor({ ...calm, to: own })).toEqual(['own-address']);
  });

  it.each([
    [100n, []],
    [101n, ['high-fee']],
  ])('compares a fee of %s with the amount', (fee, expected) => {
    expect(warningsFor({ ...calm, fee })).toEqual(expected);
  });

  it.each([
    [94_990n, []],
    [94_991n, ['almost-everything']],
  ])('compares what remains after %s with the balance', (amount, expected) => {
    expect(warningsFor({ ...calm, amount })).toEqual(expected);
  });

  it('does not guess at an unknown balance', () => {
    expect(warningsFor({ ...calm, amount: 99_990n, balance: undefined })).toEqual([]);
  });
});
