import type { PreparedTransfer } from '../worker/api.ts';
import { Money } from './money.tsx';
import type { Names } from './names.ts';
import { OnePayment } from './one-payment.tsx';
import { PaymentList } from './payment-list.tsx';
import { TokenContracts } from './token-contracts.tsx';
import { totalsOf } from './totals-of.ts';
import { sayAccount, sayCount } from './words.ts';

/** What leaves, to whom, the fee, and all of it together: in that order. */
export function TransferTerms({ transfer, names }: { transfer: PreparedTransfer; names: Names }) {
  const { chain, account, payments, transactions, fee } = transfer;
  const from = names.severalAccounts ? ` from ${sayAccount(account)}` : '';
  const test = names.isTestnet(chain) ? ' (test money)' : '';
  const [only, ...others] = payments;
  return (
    <dl class="parts">
      {only !== undefined && others.length === 0 ? (
        <OnePayment payment={only} chain={chain} names={names} dt={`You send${from}${test}`} />
      ) : (
        <div>
          <dt>
            You send {payments.length} payments{from}
            {test}
          </dt>
          <dd>
            <PaymentList payments={payments} chain={chain} names={names} />
            <p class="small muted">Network: {names.networkName(chain)}</p>
          </dd>
        </div>
      )}
      <TokenContracts payments={payments} chain={chain} names={names} />
      {transactions > 1 && (
        <div>
          <dt>How it is sent</dt>
          <dd>Signed with one approval, sent as {sayCount(transactions, 'transaction')}.</dd>
        </div>
      )}
      <div class="sum">
        <dt>{transactions > 1 ? 'Network fees together, at most' : 'Network fee, at most'}</dt>
        <dd>
          <Money units={fee} asset={names.assetOf(chain, undefined)} />
        </dd>
      </div>
      <div class="sum">
        <dt>Total</dt>
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
