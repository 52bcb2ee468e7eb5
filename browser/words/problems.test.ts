import { describe, expect, it } from 'vitest';
import { CATALOGUE, type ErrorCode, TrefoilError } from '#shared/errors.ts';
import { sayInline, sayProblem } from './problems.ts';

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

describe('sayInline', () => {
  it('says title, detail and way out in one paragraph', () => {
    expect(sayInline(new TrefoilError('chain/dust', { operation: 'test', detail: 'at least 330 satoshis' }))).toBe(
      'The amount is too small for the network to carry. At least 330 satoshis. Send more than the named minimum.',
    );
  });
});
