/** What a person should know before approving a transfer. Pure: decided from the decoded transaction and from what is known already. */
import type { Warning } from '../api.ts';

interface Facts {
  readonly to: string;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly own: string;
  /** Addresses that money went to or came from before. */
  readonly known: readonly string[];
  /** Undefined when the network did not tell. */
  readonly balance: bigint | undefined;
}

/** People compare the ends of an address, so forgers match those. */
const ENDS = 4;
/** A fee above this part of the amount is worth a second look. */
const HIGH_FEE_PERCENT = 10n;
/** What remains below this part of the balance counts as sending everything. */
const REMAINDER_PERCENT = 5n;

/** In the order of their weight. */
export function warningsFor({ to, amount, fee, own, known, balance }: Facts): Warning[] {
  const warnings: Warning[] = [];
  const isNew = !known.includes(to);
  if (to === own) {
    warnings.push('own-address');
  } else if (isNew && [own, ...known].some((address) => looksLike(to, address))) {
    warnings.push('look-alike');
  } else if (isNew) {
    warnings.push('new-recipient');
  }
  if (fee * 100n > amount * HIGH_FEE_PERCENT) {
    warnings.push('high-fee');
  }
  if (balance !== undefined && (balance - amount - fee) * 100n < balance * REMAINDER_PERCENT) {
    warnings.push('almost-everything');
  }
  return warnings;
}

/** Same ends, different middle. The prefix that all addresses of a Bitcoin network share does not count. */
function looksLike(a: string, b: string): boolean {
  const [bodyA, bodyB] = [body(a), body(b)];
  return a !== b && bodyA.slice(0, ENDS) === bodyB.slice(0, ENDS) && bodyA.slice(-ENDS) === bodyB.slice(-ENDS);
}

const body = (address: string): string => address.replace(/^(bc|tb|bcrt)1[pq]/, '');
