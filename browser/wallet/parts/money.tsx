import { formatAmount } from '../../../shared/chains/amount.ts';
import type { Asset } from '../../../shared/ports/chain.ts';

/** An amount with its unit, in figures of equal width. */
export function Money({ units, asset, sign = '' }: { units: bigint; asset: Asset; sign?: '' | '+' | '−' }) {
  return (
    <span class="money">
      {sign}
      {formatAmount(units, asset.decimals)} {asset.symbol}
    </span>
  );
}
