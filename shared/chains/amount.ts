/** Decimal text, as people write amounts, to whole base units and back; never through floating point. */
import { TrefoilError } from '../errors.ts';

/** Every supported asset counts its base units in 64 bits. */
const MAX_BASE_UNITS = 0xffff_ffff_ffff_ffffn;
/** 20 digits of a 64-bit number, a point and 18 decimals fit; anything longer is no amount. */
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
  if (units === 0n || units > MAX_BASE_UNITS) {
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

/** Amounts that enter a transaction. @throws TrefoilError `chain/bad-amount` */
export function assertPayable(amount: bigint, operation: string): void {
  if (amount <= 0n || amount > MAX_BASE_UNITS) {
    throw new TrefoilError('chain/bad-amount', { operation, detail: 'the amount must be above zero and fit in 64 bits' });
  }
}
