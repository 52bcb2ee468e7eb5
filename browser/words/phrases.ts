/** Parts of sentences that many rooms of the page use. */

/** `a`, `a and b`, `a, b and c`. */
export function sayList(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** `the nodes`, `node Frankfurt`, `nodes Frankfurt and Virginia`. */
export const sayNodes = (nodes: readonly string[]): string =>
  nodes.length === 0 ? 'the nodes' : `node${nodes.length > 1 ? 's' : ''} ${sayList(nodes)}`;

/** People count from 1. */
export const sayAccount = (account: number): string => `Account ${account + 1}`;

/** `one transaction`, `3 transactions`. */
export const sayCount = (count: number, thing: string): string => (count === 1 ? `one ${thing}` : `${count} ${thing}s`);

/** Words of the parts behind the page, with a capital and a full stop. */
export function asSentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
