import { describe, expect, it } from 'vitest';
import { canContain, testNamesOf } from './test-names.ts';

const SOURCE = `
describe('an intent', () => {
  it('is refused when expired', () => {});
  describe('of another wallet', () => {
    it.each([['too early'], ['too late']])('is refused %s, always', (when) => {});
    it(\`has \${MAX} requests\`, { timeout: 1 }, () => {});
  });
});
it('stands alone', () => expect(describe('no block')).toBe(1));
`;
const can = (part: string): boolean => testNamesOf(SOURCE).some((name) => canContain(name, part));

describe('the names of a test file', () => {
  it('are those of the tests with their blocks', () => {
    expect(testNamesOf(SOURCE)).toHaveLength(4);
    expect(testNamesOf(SOURCE).map((name) => name.join(''))[0]).toBe('an intent is refused when expired');
  });

  it.each(['is refused when', 'an intent is refused', 'wallet has 32 requests', 'is refused too late, always', 'stands alone'])(
    'can contain %j',
    (part) => expect(can(part)).toBe(true),
  );

  it.each(['stands alone and more', 'wallet stands', 'an intent of another is', 'is accepted too late'])('cannot contain %j', (part) =>
    expect(can(part)).toBe(false),
  );
});
