/** Decimal text, as people write amounts, to whole base units and back; never through floating point. */
import { TrefoilError } from '../errors.ts';
import { REQUESTS_MAX_COUNT } from '../limits.ts';
import type { Payment } from '../ports/chain.ts';

/** Solana and Bitcoin count base units in 64 bits. */
export const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;
/** The EVM counts in 256 bits, more than any chain here. */
export const MAX_UINT256 = 2n ** 256n - 1n;
/** The smallest unit of a token with 36 decimals fits; anything longer is no amount that a person writes. */
const MAX_TEXT_LENGTH = 40;

/**
 * `1.5` with 9 decimals is `1500000000n`. Only digits and one point: no sign, exponent, grouping or space.
 * @throws TrefoilError `chain/bad-amount`, also for zero
 */
export function parseAmount(text: string, decimals: number): bigint {
  const match = text.length <= MAX_TEXT_LENGTH ? /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text) : null;
  if (match === null) {
    throw new TrefoilError('chain/bad-amount', { operation: 'parseAmount', detail: 'write digits with a point for decimals' });
  }
  const [, whole = '0', fraction = ''] = match;
  if (fraction.length > decimals) {
    throw new TrefoilError('chain/bad-amount', { operation: 'parseAmount', detail: `the asset has ${decimals} decimals` });
  }
  const units = BigInt(whole + fraction.padEnd(decimals, '0'));
  if (units === 0n || units > MAX_UINT256) {
    throw new TrefoilError('chain/bad-amount', {
      operation: 'parseAmount',
      detail: units === 0n ? 'the amount is zero' : 'the amount is too large',
    });
  }
  return units;
}

/** `1500000000n` with 9 decimals is `1.5`: no grouping, no trailing zeros. */
export function formatAmount(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Amounts that enter a transaction. @param largest that the chain's own encoding holds @throws TrefoilError `chain/bad-amount` */
export function assertPayable(amount: bigint, largest: bigint, operation: string): void {
  if (amount <= 0n || amount > largest) {
    throw new TrefoilError('chain/bad-amount', { operation, detail: `the amount must be above zero and at most ${largest} base units` });
  }
}

/** What one approval pays. @throws TrefoilError `input/malformed` when that is nothing, or more than a person can read */
export function assertPayments(payments: readonly Payment[], operation: string): void {
  if (payments.length === 0 || payments.length > REQUESTS_MAX_COUNT) {
    throw new TrefoilError('input/malformed', { operation, detail: `one to ${REQUESTS_MAX_COUNT} payments are made at once` });
  }
}

/** For chains whose tokens Trefoil does not sign. @throws TrefoilError `intent/unsupported` */
export function assertOwnMoney(token: string | undefined, operation: string): void {
  if (token !== undefined) throw new TrefoilError('intent/unsupported', { operation, detail: 'tokens of this chain are not supported' });
}
