import type { ComponentChildren } from 'preact';

/** A sentence with elements of the page in it, as one entry of the catalogue: another language may order them differently. */
export const sentence = (words: TemplateStringsArray, ...elements: readonly ComponentChildren[]): ComponentChildren =>
  words.flatMap((piece, at) => [piece, elements[at]]);
