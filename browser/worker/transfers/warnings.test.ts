import { describe, expect, it } from 'vitest';
import { warningsOfRecipient, warningsOfTotal } from './warnings.ts';

const own = 'bcrt1pqqqqownownownownqqqq';
const friend = 'bcrt1pabcdmiddlemiddlewxyz';
const recipient = { to: friend, own: [own], known: [friend] };
const total = { amount: 1_000n, fee: 10n, balance: 100_000n };

describe('warnings', () => {
  it('says nothing about an ordinary payment to a known address', () => {
    expect([...warningsOfRecipient(recipient), ...warningsOfTotal(total)]).toEqual([]);
  });

  it('names a recipient that the wallet has not met', () => {
    expect(warningsOfRecipient({ ...recipient, to: 'bcrt1pzzzzsomebodyelsezzzz' })).toEqual(['new-recipient']);
  });

  it('names an address with the ends of a known one', () => {
    expect(warningsOfRecipient({ ...recipient, to: 'bcrt1pabcdFORGEDFORGEDwxyz' })).toEqual(['look-alike']);
  });

  it('does not take the prefix of the network for a likeness', () => {
    expect(warningsOfRecipient({ ...recipient, to: 'bcrt1pefghmiddlemiddlewxyz' })).toEqual(['new-recipient']);
  });

  it('does not take the prefix of Ethereum addresses for a likeness', () => {
    const known = ['0xab01middlemiddlewxyz'];
    expect(warningsOfRecipient({ ...recipient, known, to: '0xcd01othersothersotwxyz' })).toEqual(['new-recipient']);
    expect(warningsOfRecipient({ ...recipient, known, to: '0xab01FORGEDFORGEDwxyz' })).toEqual(['look-alike']);
  });

  it('names the own address', () => {
    expect(warningsOfRecipient({ ...recipient, to: own })).toEqual(['own-address']);
  });

  it.each([
    [100n, []],
    [101n, ['high-fee']],
  ])('compares a fee of %s with the amount', (fee, expected) => {
    expect(warningsOfTotal({ ...total, fee })).toEqual(expected);
  });

  it.each([
    [94_990n, []],
    [94_991n, ['almost-everything']],
  ])('compares what remains after %s with the balance', (amount, expected) => {
    expect(warningsOfTotal({ ...total, amount })).toEqual(expected);
  });

  it('does not guess at an unknown balance', () => {
    expect(warningsOfTotal({ ...total, amount: 99_990n, balance: undefined })).toEqual([]);
  });
});
