import { termsWords } from '#browser/words/review.ts';
import { formatAmount } from '#shared/chains/amount.ts';
import type { Asset } from '#shared/ports/chain.ts';
import { isLong } from './long-figures.ts';

interface Props {
  /** Base units. */
  readonly units: bigint;
  /** Undefined for a token that the release does not list: it has neither a name nor a point, its contract says what it is. */
  readonly asset: Asset | undefined;
  readonly sign?: '' | '+' | '−';
}

/** An amount with its unit, in figures of equal width. */
export function Money({ units, asset, sign = '' }: Props) {
  if (asset === undefined) {
    return (
      <span class="money">
        {sign}
        {termsWords.unknownToken(units)}
      </span>
    );
  }
  const figures = formatAmount(units, asset.decimals);
  return (
    <span class={isLong(figures) ? 'money long' : 'money'}>
      {sign}
      {figures} {asset.symbol}
    </span>
  );
}
