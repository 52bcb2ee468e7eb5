import { formatAmount } from '#shared/chains/amount.ts';
import type { ChainId } from '#shared/ids.ts';
import type { Asset } from '#shared/ports/chain.ts';
import { assetOf } from '../wallet/accounts.ts';

type Sign = '' | '+' | '−';

/** More figures than this do not fit in one line of a phone at the size of a balance. */
const LONG = 13;

/** The class of an amount: where it would be large, a long one is smaller. */
export const moneyClass = (figures: string): string => (figures.length > LONG ? 'money long' : 'money');

/** An amount with its unit, in figures of equal width. */
export function Money({ units, asset, sign = '' }: { units: bigint; asset: Asset; sign?: Sign }) {
  const figures = formatAmount(units, asset.decimals);
  return (
    <span class={moneyClass(figures)}>
      {sign}
      {figures} {asset.symbol}
    </span>
  );
}

/** The same for what an account holds. A token that the release does not list has neither a name nor a point: its contract says what it is. */
export function HeldMoney({ units, chain, token, sign = '' }: { units: bigint; chain: ChainId; token: string | undefined; sign?: Sign }) {
  const asset = assetOf(chain, token);
  if (asset !== undefined) return <Money units={units} asset={asset} sign={sign} />;
  return (
    <span class="money">
      {sign}
      {units.toString()} units of an unknown token
    </span>
  );
}
