/** What a person should know before approving a transfer. Pure: decided from the decoded transaction and from what is known already. */
import type { Warning } from '../api.ts';

interface RecipientFacts {
  readonly to: string;
  /** The account's own addresses. */
  readonly own: readonly string[];
  /** Addresses that money went to or came from before. */
  readonly known: readonly string[];
}

interface TotalFacts {
  readonly amount: bigint;
  /** In the same asset; 0 where the fee is paid in another. */
  readonly fee: bigint;
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
export function warningsOfRecipient({ to, own, known }: RecipientFacts): Warning[] {
  if (own.includes(to)) return ['own-address'];
  if (known.includes(to)) return [];
  return [...own, ...known].some((address) => looksLike(to, address)) ? ['look-alike'] : ['new-recipient'];
}

/** About everything that leaves together, in the asset that is sent. */
export function warningsOfTotal({ amount, fee, balance }: TotalFacts): Warning[] {
  const warnings: Warning[] = [];
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

const body = (address: string): string => address.replace(/^((bc|tb|bcrt)1[pq]|0x)/, '');
