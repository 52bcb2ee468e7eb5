import { termsWords } from '#browser/words/review.ts';
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
        <dt>{termsWords.contract}</dt>
        <dd>
          <WholeAddress text={token} />
          {names.assetOf(chain, token) === undefined && <p class="late">{termsWords.contractUnknown}</p>}
        </dd>
      </div>
    ))}
  </>
);
