import { termsWords } from '#browser/words/review.ts';
import type { ChainId } from '#shared/ids.ts';
import type { PreparedPayment } from '../worker/api.ts';
import { Money } from './money.tsx';
import type { Names } from './names.ts';
import { WholeAddress } from './whole-address.tsx';

interface Props {
  readonly payments: readonly PreparedPayment[];
  readonly chain: ChainId;
  readonly names: Names;
}

/** Each payment with its whole address. The numbers are what the warnings below refer to. */
export const PaymentList = ({ payments, chain, names }: Props) => (
  <ol class="payments">
    {payments.map(({ to, amount, token }, at) => (
      // The order of a review never changes.
      <li key={`${at} ${to}`}>
        <strong>
          <Money units={amount} asset={names.assetOf(chain, token)} />
        </strong>
        <span>
          <span class="small muted">{termsWords.to} </span>
          <WholeAddress text={to} />
        </span>
      </li>
    ))}
  </ol>
);
