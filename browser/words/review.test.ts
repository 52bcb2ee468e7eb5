import { describe, expect, it } from 'vitest';
import { sayCount } from './phrases.ts';
import { sayStep, sayWarning } from './review.ts';

describe('sayStep', () => {
  it('says who signs', () => {
    expect(sayStep('signing', ['Frankfurt', 'Virginia'], 'Ethereum', 'payment')).toBe(
      'Your browser and one of the nodes Frankfurt and Virginia are signing…',
    );
    expect(sayStep('signing', ['Frankfurt'], 'Ethereum', 'payment')).toBe('Your browser and node Frankfurt are signing…');
  });

  it('says why it takes longer, and what is handed over to whom', () => {
    expect(sayStep('preparing', [], 'Ethereum', 'payment')).toBe('No prepared signature was left: this one takes one more exchange…');
    expect(sayStep('broadcasting', [], 'Ethereum', sayCount(3, 'transaction'))).toBe('Handing the 3 transactions to Ethereum…');
  });
});

describe('sayWarning', () => {
  const ether = { symbol: 'ETH', name: 'Ether', decimals: 18 };

  it('does not say that a token pays fees', () => {
    expect(sayWarning('almost-everything', ether, false).text).toMatch(/fees/);
    expect(sayWarning('almost-everything', { ...ether, symbol: 'USDX' }, true)).toEqual({
      title: 'Almost no USDX will be left.',
      text: 'Go on only if you mean to send nearly all of it.',
    });
  });

  it('does not measure a fee in ether by an amount in another asset', () => {
    expect(sayWarning('high-fee', ether, false).text).toMatch(/a tenth/);
    expect(sayWarning('high-fee', ether, true).text).not.toMatch(/a tenth/);
  });
});
