import { termsWords } from '#browser/words/review.ts';
import type { PreparedTransfer } from '../worker/api.ts';
import { Money } from './money.tsx';
import type { Names } from './names.ts';
import { OnePayment } from './one-payment.tsx';
import { PaymentList } from './payment-list.tsx';
import { TokenContracts } from './token-contracts.tsx';
import { totalsOf } from './totals-of.ts';

/** What leaves, to whom, the fee, and all of it together: in that order. */
export function TransferTerms({ transfer, names }: { transfer: PreparedTransfer; names: Names }) {
  const { chain, account, payments, transactions, fee } = transfer;
  const from = names.severalAccounts ? account : undefined;
  const testnet = names.isTestnet(chain);
  const [only, ...others] = payments;
  return (
    <dl class="parts">
      {only !== undefined && others.length === 0 ? (
        <OnePayment payment={only} chain={chain} names={names} dt={termsWords.youSend(from, testnet)} />
      ) : (
        <div>
          <dt>{termsWords.youSendSeveral(payments.length, from, testnet)}</dt>
          <dd>
            <PaymentList payments={payments} chain={chain} names={names} />
            <p class="small muted">{termsWords.network(names.networkName(chain))}</p>
          </dd>
        </div>
      )}
      <TokenContracts payments={payments} chain={chain} names={names} />
      {transactions > 1 && (
        <div>
          <dt>{termsWords.howSent}</dt>
          <dd>{termsWords.sentAs(transactions)}</dd>
        </div>
      )}
      <div class="sum">
        <dt>{transactions > 1 ? termsWords.fees : termsWords.fee}</dt>
        <dd>
          <Money units={fee} asset={names.assetOf(chain, undefined)} />
        </dd>
      </div>
      <div class="sum">
        <dt>{termsWords.total}</dt>
        <dd class="totals">
          {totalsOf(transfer).map(({ token, units }) => (
            <strong key={token ?? ''}>
              <Money units={units} asset={names.assetOf(chain, token)} />
            </strong>
          ))}
        </dd>
      </div>
    </dl>
  );
}
