import { describe, expect, it } from 'vitest';
import type { Rule } from '../../test/rules/rule.ts';
import { applyChange, plant } from './plant.ts';

const SOURCE = ['function pay() {', '  if (fee > MAX) {', '    refuse();', '  }', '  send();', '}', ''].join('\n');

describe('a change', () => {
  it('replaces what stands once', () => {
    expect(applyChange(SOURCE, { find: 'fee > MAX', replace: 'fee > MAX ** 2' })).toBe(SOURCE.replace('MAX', 'MAX ** 2'));
  });

  it('takes whole lines away with their line ends', () => {
    const find = ['if (fee > MAX) {', '  refuse();', '}'];
    expect(applyChange(SOURCE, { find, replace: '' })).toBe('function pay() {\n  send();\n}\n');
  });

  it('takes a part of a line away and no more', () => {
    expect(applyChange(SOURCE, { find: ' > MAX', replace: '' })).toBe(SOURCE.replace(' > MAX', ''));
  });

  it('writes several lines at the indentation of the place', () => {
    const replace = ['if (fee > MAX) {', '  refuse();', '}', '', 'send();'];
    expect(applyChange('a {\n    send();\n}\n', { find: 'send();', replace })).toBe(
      'a {\n    if (fee > MAX) {\n      refuse();\n    }\n\n    send();\n}\n',
    );
  });

  it.each([
    ['stands nowhere', 'fee > MIN', 'fee', 'stands 0 times'],
    ['stands twice', '();', ';', 'stands 2 times'],
    ['is replaced by itself', 'send();', 'send();', 'changes nothing'],
    ['is empty', '', 'send();', 'finds nothing'],
  ])('is refused when what it finds %s', (_, find, replace, said) => {
    expect(() => applyChange(SOURCE, { find, replace })).toThrow(said);
  });

  it('does not take other lines for those that follow', () => {
    expect(() => applyChange(SOURCE, { find: ['if (fee > MAX) {', '  accept();'], replace: '' })).toThrow('stands 0 times');
  });
});

describe('a rule of several changes', () => {
  const rule = (...changes: { file: string; find: string; replace: string }[]): Rule => ({
    name: 'free-payments',
    rule: 'A payment has a fee.',
    changes,
    test: { cargo: 'a_payment_has_a_fee' },
  });

  it('is planted in their order', () => {
    const planted = plant(
      rule({ file: 'pay.ts', find: 'refuse()', replace: 'accept()' }, { file: 'pay.ts', find: 'accept()', replace: 'ask()' }),
      () => SOURCE,
    );
    expect([...planted]).toEqual([['pay.ts', SOURCE.replace('refuse', 'ask')]]);
  });

  it('says which file it does not fit', () => {
    expect(() => plant(rule({ file: 'pay.ts', find: 'gone()', replace: '' }), () => SOURCE)).toThrow('pay.ts: stands 0 times: gone()');
  });
});
