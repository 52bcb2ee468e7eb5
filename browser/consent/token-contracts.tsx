import type { ChainId } from '#shared/ids.ts';
import type { PreparedPayment } from '../worker/api.ts';
import type { Names } from './names.ts';
import { tokensOf } from './totals-of.ts';
import { WholeAddress } from './whole-address.tsx';

interface Props {
  readonly payments: readonly PreparedPayment[];
  readonly chain: ChainId;
  readonly names: Names;
}

/** Two tokens can have the same name; their contracts are never the same. */
export const TokenContracts = ({ payments, chain, names }: Props) => (
  <>
    {tokensOf(payments).map((token) => (
      <div key={token}>
        <dt>Contract of the token</dt>
        <dd>
          <WholeAddress text={token} />
          {names.assetOf(chain, token) === undefined && (
            <p class="late">This token is not one that this wallet knows: its amount is shown without a decimal point.</p>
          )}
        </dd>
      </div>
    ))}
  </>
);
