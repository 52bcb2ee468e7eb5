import { describe, expect, it } from 'vitest';
import { hidesSomething, textOf, visiblePieces } from './visible-text.ts';

describe('visiblePieces', () => {
  it.each(['', 'Sign in to example.org', 'two\nlines', 'Grüße, 你好, שלום', 'paid ❤️', '"{}<b>&amp;'])('leaves %j as it is', (text) => {
    expect(visiblePieces(text)).toEqual(text === '' ? [] : [{ plain: text }]);
  });

  it('names what turns the order around, where it stands', () => {
    expect(visiblePieces('pay \u202e0001\u202c now')).toEqual([
      { plain: 'pay ' },
      { named: 'U+202E right-to-left override' },
      { plain: '0001' },
      { named: 'U+202C end of direction' },
      { plain: ' now' },
    ]);
  });

  it.each([
    ['a zero-width space', '\u200b', 'U+200B zero-width space'],
    ['a joiner', '\u200d', 'U+200D zero-width joiner'],
    ['an isolate', '\u2067', 'U+2067 right-to-left isolate'],
    ['an Arabic mark', '\u061c', 'U+061C'],
    ['a filler that looks like nothing', '\u3164', 'U+3164'],
    ['a tag character', '\u{e0041}', 'U+E0041'],
    ['a carriage return', '\r', 'U+000D carriage return'],
    ['a null', '\0', 'U+0000'],
    ['an escape', '\u001b', 'U+001B'],
    ['a line separator', '\u2028', 'U+2028'],
    ['another space', '\u00a0', 'U+00A0 no-break space'],
    ['half a pair', '\ud800', 'U+D800'],
    ['a private character', '\ue000', 'U+E000'],
    ['a selector after a letter', '\ufe0f', 'U+FE0F'],
  ])('names %s', (_, character, named) => {
    expect(visiblePieces(`a${character}b`)).toEqual([{ plain: 'a' }, { named }, { plain: 'b' }]);
  });

  it('loses nothing', () => {
    const text = 'a\u200bb\u202ec\nd\u{e0041}';
    const back = visiblePieces(text).map((piece) =>
      'plain' in piece ? piece.plain : String.fromCodePoint(Number.parseInt(piece.named.slice(2), 16)),
    );
    expect(back.join('')).toBe(text);
  });
});

describe('hidesSomething', () => {
  it('tells text that is what it looks like from text that is not', () => {
    expect(hidesSomething('two\nlines ❤️')).toBe(false);
    expect(hidesSomething('zero\u200bwidth')).toBe(true);
  });
});

describe('textOf', () => {
  it('reads UTF-8 with all that is in it, and nothing else', () => {
    expect(textOf(new TextEncoder().encode('\ufeffpay \u202e€'))).toBe('\ufeffpay \u202e€');
    expect(textOf(Uint8Array.of(0xff, 0x00))).toBeUndefined();
  });
});
