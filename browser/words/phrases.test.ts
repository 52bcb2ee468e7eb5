import { describe, expect, it } from 'vitest';
import { sayList } from './phrases.ts';

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
