import { describe, expect, it } from 'vitest';
import { CATALOGUE, type ErrorCode, TrefoilError } from '../../shared/errors.ts';
import type { CreateProgress } from '../worker/api.ts';
import { sayList, sayProblem, sayProgress } from './words.ts';

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
