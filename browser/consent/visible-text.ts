/**
 * Text of strangers, made safe to read: characters that cannot be seen, or that turn the order of the others around, are
 * named instead of obeyed. What a person reads is then what is signed.
 */
import { sayCharacter } from '#browser/words/characters.ts';

/** A piece of a text: characters as they are, or one that is named. */
export type TextPiece = { readonly plain: string } | { readonly named: string };

/**
 * Controls, format characters (direction marks, zero-width ones), separators, private and unassigned ones, everything that
 * fonts leave out, and spaces that are not the common one. A new line is what it looks like; and the selector that turns a
 * pictograph into its coloured form changes no meaning.
 */
const UNSEEN =
  /(?!\n)(?!(?<=\p{Extended_Pictographic})\uFE0F)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** The whole text in order: joined, the plain pieces and the named characters are all of it. */
export function visiblePieces(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (match.index > from) pieces.push({ plain: text.slice(from, match.index) });
    pieces.push({ named: sayCharacter(match[0]) });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ plain: text.slice(from) });
  return pieces;
}

/** Whether there is something in a text that cannot be seen. */
export const hidesSomething = (text: string): boolean => visiblePieces(text).some((piece) => 'named' in piece);

/** What bytes say, where they are UTF-8; undefined where they are no text. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
