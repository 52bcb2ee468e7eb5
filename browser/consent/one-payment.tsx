import { termsWords } from '#browser/words/review.ts';
import type { ChainId } from '#shared/ids.ts';
import type { PreparedPayment } from '../worker/api.ts';
import { Money } from './money.tsx';
import type { Names } from './names.ts';
import { WholeAddress } from './whole-address.tsx';

interface Props {
  readonly payment: PreparedPayment;
  readonly chain: ChainId;
  readonly names: Names;
  /** Stands above the amount. */
  readonly dt: string;
}

/** The only payment of a transfer: how much, to whom, over which network. */
export const OnePayment = ({ payment: { to, amount, token }, chain, names, dt }: Props) => (
  <>
    <div>
      <dt>{dt}</dt>
      <dd class="leaves">
        <Money units={amount} asset={names.assetOf(chain, token)} />
      </dd>
    </div>
    <div>
      <dt>{termsWords.toAddress}</dt>
      <dd class="tight">
        <WholeAddress text={to} />
        <span class="small muted">{termsWords.network(names.networkName(chain))}</span>
      </dd>
    </div>
  </>
);
