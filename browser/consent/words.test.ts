import { describe, expect, it } from 'vitest';
import { CATALOGUE, type ErrorCode, TrefoilError } from '#shared/errors.ts';
import type { CreateProgress } from '../worker/api.ts';
import { sayCount, sayInline, sayList, sayMessageProblem, sayProblem, sayProgress, sayStep, sayWarning } from './words.ts';

const codes = Object.keys(CATALOGUE) as ErrorCode[];
const say = (code: ErrorCode, detail?: string) => sayProblem(new TrefoilError(code, { operation: 'test', detail }));

describe('sayProblem', () => {
  it.each(codes)('says of %s what went wrong and the way out, in sentences', (code) => {
    const { title, fix } = say(code);
    expect(title).toMatch(/^[A-Z].*\.$/);
    expect(fix).toMatch(/^[A-Z].*\.$/);
  });

  it.each(codes.filter((code) => /^(channel|engine|session)\//.test(code)))(
    'does not tell a person to handle sessions after %s',
    (code) => {
      expect(say(code).fix).not.toMatch(/session|nonce/);
    },
  );

  it('keeps the warning of a broken trust anchor', () => {
    expect(say('channel/unpinned-identity').fix).toMatch(/^Stop\./);
  });

  it.each([
    'engine/nonce-spent',
    'engine/presignature-spent',
    'engine/failed-check',
    'intent/commitment-spent',
    'intent/unsupported',
  ] as const)('says after %s that nothing was signed, without the words of engineers', (code) => {
    expect(say(code).fix).toMatch(/^Nothing was signed\./);
    expect(`${say(code).title} ${say(code).fix}`).not.toMatch(/presignature|nonce|commitment|batch|protocol/);
  });

  it('says where a network is that an account does not have', () => {
    expect(say('chain/no-account')).toMatchObject({ title: 'This network is only in Account 1.', fix: 'Go to Account 1 to use it.' });
  });

  it('makes a sentence of the detail', () => {
    expect(say('chain/dust', 'at least 330 satoshis').detail).toBe('At least 330 satoshis.');
  });
});

describe('sayProgress', () => {
  const progress = (step: CreateProgress['step'], parties: string[]): CreateProgress => ({ step, parties, done: 1, total: 6 });

  it('says who is doing what, and how far it is', () => {
    expect(sayProgress(progress('round-2', ['Frankfurt']))).toBe('Your browser and node Frankfurt are making the key: 2 of 3');
    expect(sayProgress(progress('connecting', ['Frankfurt', 'Virginia']))).toBe(
      'Your browser is connecting to nodes Frankfurt and Virginia',
    );
  });
});

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

describe('sayMessageProblem', () => {
  const about = (code: ErrorCode, form: 'text' | 'typed-data', detail?: string) =>
    sayMessageProblem(new TrefoilError(code, { operation: 'test', detail }), form);

  it.each(['text', 'typed-data'] as const)('says beside a %s field what is wrong with it, with the detail', (form) => {
    for (const code of ['input/malformed', 'input/too-large', 'intent/unsupported'] as const) {
      expect(about(code, form, 'a reason')).toMatch(/^This .*\. A reason\./);
      expect(about(code, form)).toMatch(/\.$/);
    }
  });

  it('leaves what is not about the field to the whole form', () => {
    expect(about('service/offline', 'text')).toBeUndefined();
    expect(about('vault/locked', 'typed-data')).toBeUndefined();
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

describe('sayInline', () => {
  it('says title, detail and way out in one paragraph', () => {
    expect(sayInline(new TrefoilError('chain/dust', { operation: 'test', detail: 'at least 330 satoshis' }))).toBe(
      'The amount is too small for the network to carry. At least 330 satoshis. Send more than the named minimum.',
    );
  });
});

describe('sayList', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
  ])('joins %j', (items, expected) => {
    expect(sayList(items)).toBe(expected);
  });
});
