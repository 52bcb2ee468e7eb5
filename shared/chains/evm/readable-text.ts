/** Whether text can be shown as it is, or would show something else than what is signed. */

/**
 * Controls, and characters that turn the direction of text, break lines in hidden ways or are not seen; but not tabs and
 * line ends, nor the two joiners that scripts and emoji need.
 */
const UNREADABLE = /(?![\t\n\r\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/u;
const EVERY_UNREADABLE = new RegExp(UNREADABLE, 'gu');

export const isReadable = (text: string): boolean => !UNREADABLE.test(text);

/** Undefined for bytes that are not readable UTF-8. */
export function readableText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return isReadable(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** The text, or where it is not readable a JSON string in which everything unreadable is an escape. */
export const shownText = (text: string): string =>
  isReadable(text) ? text : JSON.stringify(text).replace(EVERY_UNREADABLE, (character) => character.split('').map(escaped).join(''));

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
