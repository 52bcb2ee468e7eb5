import { describe, expect, it } from 'vitest';
import type { Rule } from '../../test/rules/rule.ts';
import { readWish, selectRules } from './select-rules.ts';

const rule = (name: string, file: string): Rule => ({
  name,
  rule: 'A rule.',
  file,
  find: 'a',
  replace: 'b',
  test: { vitest: 'unit', file: `${file}.test.ts`, name: 'holds' },
});
const RULES = [rule('fee-unchecked', 'fee.ts'), rule('share-not-wiped', 'share.ts'), rule('share-in-plaintext', 'store.ts')];
const testFileOf = ({ test }: Rule): string => ('file' in test ? test.file : '');
const names = (parts: string[], files?: string[], earlier = RULES.map(({ name }) => name)): string[] =>
  selectRules(RULES, parts, files && { files: new Set(files), earlierNames: new Set(earlier) }, testFileOf).map(({ name }) => name);

describe('the rules of a run', () => {
  it('are all without a wish', () => {
    expect(names([])).toHaveLength(3);
  });

  it('have one of the parts in their name', () => {
    expect(names(['share-', 'nothing'])).toEqual(['share-not-wiped', 'share-in-plaintext']);
  });

  it('are those whose file or test changed', () => {
    expect(names([], ['fee.ts', 'store.ts.test.ts'])).toEqual(['fee-unchecked', 'share-in-plaintext']);
    expect(names(['share'], ['fee.ts', 'store.ts'])).toEqual(['share-in-plaintext']);
    expect(names([], [])).toEqual([]);
  });

  it('are those that were not there before', () => {
    expect(names([], [], ['fee-unchecked', 'share-in-plaintext'])).toEqual(['share-not-wiped']);
  });
});

describe('a wish', () => {
  it.each([
    [[], { parts: [], changed: undefined }],
    [['fee', 'share'], { parts: ['fee', 'share'], changed: undefined }],
    [['--changed'], { parts: [], changed: { since: undefined } }],
    [['fee', '--changed', 'HEAD~2'], { parts: ['fee'], changed: { since: 'HEAD~2' } }],
  ])('is read from %j', (args, wish) => {
    expect(readWish(args)).toEqual(wish);
  });

  it('has no other options', () => {
    expect(() => readWish(['--all'])).toThrow('unknown: --all');
    expect(() => readWish(['--changed', '--all'])).toThrow('unknown: --all');
  });
});
