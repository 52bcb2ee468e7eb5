import { useEffect, useState } from 'preact/hooks';
import { CopyButton } from '#browser/consent/copy-button.tsx';
import { Heading } from '#browser/consent/heading.tsx';
import { Money } from '#browser/consent/money.tsx';
import { PaymentList } from '#browser/consent/payment-list.tsx';
import { ServedBy } from '#browser/consent/served-by.tsx';
import { shorten } from '#browser/consent/shorten.ts';
import { WholeAddress } from '#browser/consent/whole-address.tsx';
import { controlWords } from '#browser/words/controls.ts';
import { sayStatus, sentWords } from '#browser/words/sent.ts';
import type { PreparedTransfer, SentTransfer } from '#browser/worker/api.ts';
import type { TransactionStatus } from '#shared/ports/chain.ts';
import { names } from '../accounts.ts';
import { show } from '../screen.ts';
import { follow } from '../transfer.ts';

const PENDING: TransactionStatus = { state: 'pending' };
const FAILED: readonly TransactionStatus['state'][] = ['failed', 'dropped'];

export function SentScreen({ transfer, sent }: { transfer: PreparedTransfer; sent: SentTransfer }) {
  const { chain, transactionIds } = sent;
  const statuses = useStatuses(sent);
  const [payment, ...others] = transfer.payments;
  const network = names.value.networkName(chain);
  const several = transactionIds.length > 1;
  if (payment === undefined) return null;
  return (
    <main>
      <Heading>{sentWords.heading}</Heading>
      <div class="card">
        <dl class="parts">
          {others.length === 0 ? (
            <>
              <div>
                <dt>{sentWords.youSent}</dt>
                <dd class="leaves">
                  <Money units={payment.amount} asset={names.value.assetOf(chain, payment.token)} />
                </dd>
              </div>
              <div>
                <dt>{sentWords.toAddress}</dt>
                <dd>
                  <WholeAddress text={payment.to} />
                </dd>
              </div>
            </>
          ) : (
            <div>
              <dt>{sentWords.youSentSeveral(transfer.payments.length)}</dt>
              <dd>
                <PaymentList payments={transfer.payments} chain={chain} names={names.value} />
              </dd>
            </div>
          )}
          <div>
            <dt>{sentWords.state}</dt>
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
            <dt>{several ? sentWords.transactionIds : sentWords.transactionId}</dt>
            <dd class="stack">
              {transactionIds.map((id, at) => {
                const status = statuses.get(id) ?? PENDING;
                return (
                  <div key={id} class="tight">
                    <div class="row">
                      {several && <StateTag status={status} />}
                      <span class="mono" title={id}>
                        {shorten(id)}
                      </span>
                      <CopyButton text={id} what={several ? sentWords.copyIdOf(at + 1) : sentWords.copyId} />
                    </div>
                    {several && FAILED.includes(status.state) && <span class="small">{sayStatus(status, network)}</span>}
                  </div>
                );
              })}
            </dd>
          </div>
        </dl>
        <ServedBy served={sent} transactions={transactionIds.length} />
        <button type="button" class="button primary wide" onClick={() => show({ at: 'home' })}>
          {controlWords.done}
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

const One = ({ status, network }: { status: TransactionStatus; network: string }) => (
  <>
    <StateTag status={status} />
    <span>{sayStatus(status, network)}</span>
  </>
);

/** Several transactions in one sentence; a problem of a part is said first. */
function Together({ statuses, network }: { statuses: readonly TransactionStatus[]; network: string }) {
  const count = (...states: typeof FAILED): number => statuses.filter(({ state }) => states.includes(state)).length;
  const [failed, confirmed, all] = [count(...FAILED), count('confirmed'), statuses.length];
  if (failed > 0) {
    return (
      <p class="notice bad small">
        <strong>{sentWords.someFailed(failed, all)}</strong>
        {confirmed === all - failed ? sentWords.othersComplete : sentWords.othersPending}
      </p>
    );
  }
  return confirmed === all ? <span>{sentWords.allConfirmed(all)}</span> : <span>{sentWords.someConfirmed(confirmed, all, network)}</span>;
}

/** Where one transaction is, in a word. */
const StateTag = ({ status: { state } }: { status: TransactionStatus }) => (
  <span class={`tag ${state === 'dropped' ? 'failed' : state}`}>{sentWords.states[state]}</span>
);
