import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { CopyButton } from '#browser/consent/copy-button.tsx';
import { Heading } from '#browser/consent/heading.tsx';
import { Money } from '#browser/consent/money.tsx';
import { PaymentList } from '#browser/consent/payment-list.tsx';
import { ServedBy } from '#browser/consent/served-by.tsx';
import { shorten } from '#browser/consent/shorten.ts';
import { WholeAddress } from '#browser/consent/whole-address.tsx';
import type { PreparedTransfer, SentTransfer } from '#browser/worker/api.ts';
import type { TransactionStatus } from '#shared/ports/chain.ts';
import { names } from '../accounts.ts';
import { show } from '../screen.ts';
import { follow } from '../transfer.ts';

const PENDING: TransactionStatus = { state: 'pending' };
const FAILED: readonly (TransactionStatus['state'] | undefined)[] = ['failed', 'dropped'];

export function SentScreen({ transfer, sent }: { transfer: PreparedTransfer; sent: SentTransfer }) {
  const { chain, transactionIds } = sent;
  const statuses = useStatuses(sent);
  const [payment, ...others] = transfer.payments;
  const network = names.value.networkName(chain);
  const several = transactionIds.length > 1;
  if (payment === undefined) return null;
  return (
    <main>
      <Heading>Sent</Heading>
      <div class="card">
        <dl class="parts">
          {others.length === 0 ? (
            <>
              <div>
                <dt>You sent</dt>
                <dd class="leaves">
                  <Money units={payment.amount} asset={names.value.assetOf(chain, payment.token)} />
                </dd>
              </div>
              <div>
                <dt>To this address</dt>
                <dd>
                  <WholeAddress text={payment.to} />
                </dd>
              </div>
            </>
          ) : (
            <div>
              <dt>You sent {transfer.payments.length} payments</dt>
              <dd>
                <PaymentList payments={transfer.payments} chain={chain} names={names.value} />
              </dd>
            </div>
          )}
          <div>
            <dt>State</dt>
            <dd>
              <div role="status" class="row">
                {several ? (
                  <Together statuses={transactionIds.map((id) => statuses.get(id) ?? PENDING)} network={network} />
                ) : (
                  <One status={statuses.get(transactionIds[0] ?? '') ?? PENDING} network={network} />
                )}
              </div>
            </dd>
          </div>
          <div>
            <dt>{several ? 'Transactions, in their order' : 'Transaction id'}</dt>
            <dd class="stack">
              {transactionIds.map((id, at) => {
                const { tag, text } = sayStatus(statuses.get(id) ?? PENDING, network);
                return (
                  <div key={id} class="tight">
                    <div class="row">
                      {several && tag}
                      <span class="mono" title={id}>
                        {shorten(id)}
                      </span>
                      <CopyButton text={id} what={several ? `transaction id ${at + 1}` : 'transaction id'} />
                    </div>
                    {several && FAILED.includes(statuses.get(id)?.state) && <span class="small">{text}</span>}
                  </div>
                );
              })}
            </dd>
          </div>
        </dl>
        <ServedBy served={sent} also={several ? `, one approval for ${transactionIds.length} transactions` : ''} />
        <button type="button" class="button primary wide" onClick={() => show({ at: 'home' })}>
          Done
        </button>
      </div>
    </main>
  );
}

/** Where each transaction is, followed until it has ended or the screen is left. */
function useStatuses({ chain, transactionIds }: SentTransfer): ReadonlyMap<string, TransactionStatus> {
  const [statuses, setStatuses] = useState<ReadonlyMap<string, TransactionStatus>>(new Map());
  useEffect(() => {
    const leaving = new AbortController();
    for (const id of transactionIds) {
      void follow(chain, id, (status) => setStatuses((before) => new Map(before).set(id, status)), leaving.signal);
    }
    return () => leaving.abort();
  }, [chain, transactionIds]);
  return statuses;
}

function One({ status, network }: { status: TransactionStatus; network: string }) {
  const { tag, text } = sayStatus(status, network);
  return (
    <>
      {tag}
      <span>{text}</span>
    </>
  );
}

/** Several transactions in one sentence; a problem of a part is said first. */
function Together({ statuses, network }: { statuses: readonly TransactionStatus[]; network: string }) {
  const count = (...states: typeof FAILED): number => statuses.filter(({ state }) => states.includes(state)).length;
  const [failed, confirmed, all] = [count(...FAILED), count('confirmed'), statuses.length];
  if (failed > 0) {
    return (
      <p class="notice bad small">
        <strong>
          {failed} of {all} did not go through.
        </strong>
        {confirmed === all - failed
          ? 'The others are complete. You can send what failed again.'
          : 'The others are on their way. Wait for them before you send anything again.'}
      </p>
    );
  }
  return confirmed === all ? (
    <span>{all === 2 ? 'Both' : `All ${all}`} are confirmed. The payments are complete.</span>
  ) : (
    <span>
      {confirmed} of {all} are confirmed. Waiting for {network}. You need not stay here.
    </span>
  );
}

/** Where one transaction is: a word, and what it means for the person. */
function sayStatus(status: TransactionStatus, network: string): { tag: JSX.Element; text: string } {
  switch (status.state) {
    case 'pending':
      return { tag: <span class="tag pending">Pending</span>, text: `Waiting for ${network}. You need not stay here.` };
    case 'confirmed':
      return { tag: <span class="tag confirmed">Confirmed</span>, text: 'The payment is complete.' };
    case 'failed':
      return { tag: <span class="tag failed">Failed</span>, text: `${network} refused it: ${status.reason}` };
    case 'dropped':
      return {
        tag: <span class="tag failed">Failed</span>,
        text: `${network} no longer knows it, and it can no longer be paid out. You can send it again.`,
      };
  }
}
