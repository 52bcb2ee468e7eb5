const ENDS = 6;

/** Every address of a Bitcoin network, and of Ethereum, begins alike; the ends that distinguish come after that. */
const SHARED_PREFIX = /^(?:(?:bc|tb|bcrt)1[pq]|0x)/;

/** `7YkWm3…Qp9dXt`: enough to recognise, not enough to check. */
export function shorten(text: string): string {
  const head = (SHARED_PREFIX.exec(text)?.[0].length ?? 0) + ENDS;
  return text.length - head - ENDS < ENDS ? text : `${text.slice(0, head)}…${text.slice(-ENDS)}`;
}
