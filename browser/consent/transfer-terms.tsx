import type { ChainId } from '#shared/ids.ts';
import { assetOf, holdingOf, networkOf, sayAccount, severalAccounts } from '../wallet/accounts.ts';
import type { PreparedPayment, PreparedTransfer } from '../worker/api.ts';
import { WholeAddress } from './address.tsx';
import { HeldMoney } from './money.tsx';
import { sayCount } from './words.ts';

/** What leaves, to whom, the fee, and all of it together: in that order. */
export function TransferTerms({ transfer }: { transfer: PreparedTransfer }) {
  const { chain, account, payments, transactions, fee } = transfer;
  const testnet = holdingOf(chain, account, undefined)?.testnet === true;
  const from = severalAccounts.value ? ` from ${sayAccount(account)}` : '';
  const [only, ...others] = payments;
  return (
    <dl class="parts">
      {only !== undefined && others.length === 0 ? (
        <OnePayment payment={only} chain={chain} dt={`You send${from}${testnet ? ' (test money)' : ''}`} />
      ) : (
        <div>
          <dt>
            You send {payments.length} payments{from}
            {testnet ? ' (test money)' : ''}
          </dt>
          <dd>
            <PaymentList payments={payments} chain={chain} />
            <p class="small muted">Network: {networkOf(chain)}</p>
          </dd>
        </div>
      )}
      <Contracts chain={chain} payments={payments} />
      {transactions > 1 && (
        <div>
          <dt>How it is sent</dt>
          <dd>Signed with one approval, sent as {sayCount(transactions, 'transaction')}.</dd>
        </div>
      )}
      <div class="sum">
        <dt>{transactions > 1 ? 'Network fees together, at most' : 'Network fee, at most'}</dt>
        <dd>
          <HeldMoney units={fee} chain={chain} token={undefined} />
        </dd>
      </div>
      <div class="sum">
        <dt>Total</dt>
        <dd class="totals">
          {totals(transfer).map(({ token, units }) => (
            <strong key={token ?? ''}>
              <HeldMoney units={units} chain={chain} token={token} />
            </strong>
          ))}
        </dd>
      </div>
    </dl>
  );
}

const OnePayment = ({ payment: { to, amount, token }, chain, dt }: { payment: PreparedPayment; chain: ChainId; dt: string }) => (
  <>
    <div>
      <dt>{dt}</dt>
      <dd class="leaves">
        <HeldMoney units={amount} chain={chain} token={token} />
      </dd>
    </div>
    <div>
      <dt>To this address</dt>
      <dd class="tight">
        <WholeAddress text={to} />
        <span class="small muted">Network: {networkOf(chain)}</span>
      </dd>
    </div>
  </>
);

/** Each payment with its whole address. The numbers are what the warnings below refer to. */
export const PaymentList = ({ payments, chain }: { payments: readonly PreparedPayment[]; chain: ChainId }) => (
  <ol class="payments">
    {payments.map(({ to, amount, token }, at) => (
      // The order of a review never changes.
      <li key={`${at} ${to}`}>
        <strong>
          <HeldMoney units={amount} chain={chain} token={token} />
        </strong>
        <span>
          <span class="small muted">to </span>
          <WholeAddress text={to} />
        </span>
      </li>
    ))}
  </ol>
);

/** Two tokens can have the same name; their contracts are never the same. */
function Contracts({ chain, payments }: { chain: ChainId; payments: readonly PreparedPayment[] }) {
  const tokens = [...new Set(payments.flatMap(({ token }) => token ?? []))];
  return (
    <>
      {tokens.map((token) => (
        <div key={token}>
          <dt>Contract of the token</dt>
          <dd>
            <WholeAddress text={token} />
            {assetOf(chain, token) === undefined && (
              <p class="late">This token is not one that this wallet knows: its amount is shown without a decimal point.</p>
            )}
          </dd>
        </div>
      ))}
    </>
  );
}

/** What leaves in each asset, tokens first; the fee is part of the chain's own money. */
function totals({ payments, fee }: PreparedTransfer): { token: string | undefined; units: bigint }[] {
  const tokens = [...new Set(payments.flatMap(({ token }) => token ?? []))];
  const sumOf = (asset: string | undefined): bigint =>
    payments.filter(({ token }) => token === asset).reduce((sum, { amount }) => sum + amount, 0n);
  return [...tokens.map((token) => ({ token, units: sumOf(token) })), { token: undefined, units: sumOf(undefined) + fee }];
}
