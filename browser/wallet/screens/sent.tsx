import { useEffect, useState } from 'preact/hooks';
import type { TransactionStatus } from '../../../shared/ports/chain.ts';
import type { PreparedTransfer, SentTransfer } from '../../worker/api.ts';
import { CopyButton, shorten, WholeAddress } from '../parts/address.tsx';
import { Heading } from '../parts/heading.tsx';
import { Money } from '../parts/money.tsx';
import { show } from '../screen.ts';
import { accountOf } from '../session.ts';
import { follow } from '../transfer.ts';

export function SentScreen({ transfer, sent }: { transfer: PreparedTransfer; sent: SentTransfer }) {
  const [status, setStatus] = useState<TransactionStatus>({ state: 'pending' });
  const { chain, transactionId, servedBy, roundTrips } = sent;
  useEffect(() => {
    const leaving = new AbortController();
    void follow(chain, transactionId, setStatus, leaving.signal);
    return () => leaving.abort();
  }, [chain, transactionId]);
  const account = accountOf(chain);
  const [payment] = transfer.payments;
  if (account === undefined || payment === undefined) return null;
  return (
    <main>
      <Heading>Sent</Heading>
      <div class="card">
        <dl class="parts">
          <div>
            <dt>You sent</dt>
            <dd class="leaves">
              <Money units={payment.amount} asset={account.asset} />
            </dd>
          </div>
          <div>
            <dt>To this address</dt>
            <dd>
              <WholeAddress text={payment.to} />
            </dd>
          </div>
          <div>
            <dt>State</dt>
            <dd>
              <div role="status" class="row">
                <State status={status} network={account.network} />
              </div>
            </dd>
          </div>
          <div>
            <dt>Transaction id</dt>
            <dd class="row">
              <span class="mono" title={transactionId}>
                {shorten(transactionId)}
              </span>
              <CopyButton text={transactionId} what="transaction id" />
            </dd>
          </div>
        </dl>
        <p class="small muted">
          Signed by your browser and node {servedBy} in {roundTrips === 1 ? 'one exchange' : `${roundTrips} exchanges`}.
        </p>
        <button type="button" class="button primary wide" onClick={() => show({ at: 'home' })}>
          Done
        </button>
      </div>
    </main>
  );
}

function State({ status, network }: { status: TransactionStatus; network: string }) {
  switch (status.state) {
    case 'pending':
      return (
        <>
          <span class="tag pending">Pending</span>
          <span>Waiting for {network}. You need not stay here.</span>
        </>
      );
    case 'confirmed':
      return (
        <>
          <span class="tag confirmed">Confirmed</span>
          <span>The payment is complete.</span>
        </>
      );
    case 'failed':
      return (
        <>
          <span class="tag failed">Failed</span>
          <span>
            {network} refused it: {status.reason}
          </span>
        </>
      );
    case 'dropped':
      return (
        <>
          <span class="tag failed">Failed</span>
          <span>{network} no longer knows it, and it can no longer be paid out. You can send it again.</span>
        </>
      );
  }
}
