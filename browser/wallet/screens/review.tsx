import { useEffect, useRef, useState } from 'preact/hooks';
import { TrefoilError } from '../../../shared/errors.ts';
import type { Account, ApproveStep, PreparedTransfer } from '../../worker/api.ts';
import { WholeAddress } from '../parts/address.tsx';
import { Heading } from '../parts/heading.tsx';
import { Money } from '../parts/money.tsx';
import { ProblemNotice } from '../parts/problem.tsx';
import { SlowNotice } from '../parts/slow-notice.tsx';
import { show } from '../screen.ts';
import { accountOf, view } from '../session.ts';
import { approve } from '../transfer.ts';
import { sayList, sayWarning } from '../words.ts';

interface Failure {
  readonly problem: TrefoilError;
  /** It failed after the signed payment was handed to the network. */
  readonly maybeSent: boolean;
}

export function ReviewScreen({ transfer }: { transfer: PreparedTransfer }) {
  const [step, setStep] = useState<ApproveStep | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const account = accountOf(transfer.chain);
  if (account === undefined) return null;
  /** The safe way out is the one that stands out. */
  const forged = transfer.warnings.includes('look-alike');

  const agree = async () => {
    const reached: ApproveStep[] = [];
    const onStep = (next: ApproveStep) => {
      reached.push(next);
      setStep(next);
    };
    onStep('signing');
    try {
      await approve(transfer, onStep);
    } catch (thrown) {
      const problem = TrefoilError.from(thrown, 'approve');
      const handedOver = problem.code === 'chain/unavailable' || reached.includes('broadcasting');
      setFailure({ problem, maybeSent: handedOver && problem.code !== 'chain/rejected' });
      setStep(undefined);
    }
  };

  return (
    <main>
      <Heading>Check before you approve</Heading>
      <div class="card">
        <Terms transfer={transfer} account={account} />
        {failure === undefined && <Risks transfer={transfer} account={account} />}
        {failure !== undefined && <AfterFailure failure={failure} />}
        {step === undefined && failure === undefined && (
          <div class="pair">
            <button type="button" class={forged ? 'button' : 'button primary'} onClick={agree}>
              Approve
            </button>
            <button type="button" class={forged ? 'button primary' : 'button'} onClick={() => show({ at: 'send' })}>
              Cancel
            </button>
          </div>
        )}
        {step !== undefined && <Approving step={step} account={account} />}
      </div>
    </main>
  );
}

/** What leaves, to whom, the fee: in that order. */
function Terms({
  transfer: { payments, fee, total },
  account: { asset, network, testnet },
}: {
  transfer: PreparedTransfer;
  account: Account;
}) {
  return (
    <dl class="parts">
      {payments.flatMap(({ to, amount }) => [
        <div key={`amount ${to}`}>
          <dt>You send{testnet ? ' (test money)' : ''}</dt>
          <dd class="leaves">
            <Money units={amount} asset={asset} />
          </dd>
        </div>,
        <div key={`address ${to}`}>
          <dt>To this address</dt>
          <dd class="tight">
            <WholeAddress text={to} />
            <span class="small muted">Network: {network}</span>
          </dd>
        </div>,
      ])}
      <div class="sum">
        <dt>Network fee</dt>
        <dd>
          <Money units={fee} asset={asset} />
        </dd>
      </div>
      <div class="sum">
        <dt>Total</dt>
        <dd>
          <strong>
            <Money units={total} asset={asset} />
          </strong>
        </dd>
      </div>
    </dl>
  );
}

function Risks({ transfer: { warnings }, account: { asset } }: { transfer: PreparedTransfer; account: Account }) {
  return (
    <ul class="risks" aria-label="What could go wrong">
      {warnings.map((warning) => {
        const { title, text } = sayWarning(warning, asset.symbol);
        return (
          <li key={warning} class={warning === 'look-alike' ? 'notice bad small' : 'notice care small'}>
            <strong>{title}</strong>
            {text}
          </li>
        );
      })}
      <li class="small muted">A payment cannot be called back once it is sent.</li>
    </ul>
  );
}

function Approving({ step, account: { network } }: { step: ApproveStep; account: Account }) {
  const nodes = view.value?.nodes ?? [];
  const who = nodes.length > 1 ? `one of the nodes ${sayList(nodes)}` : `node ${sayList(nodes)}`;
  const said = useRef<HTMLParagraphElement>(null);
  // The button that had the focus is gone.
  useEffect(() => said.current?.focus(), []);
  return (
    <div class="stack">
      <p role="status" ref={said} tabIndex={-1}>
        {step === 'signing' ? `Your browser and ${who} are signing…` : `Handing the payment to ${network}…`}
      </p>
      <progress aria-label="Approving" />
      <SlowNotice>
        This takes longer than usual. It cannot be stopped any more; if no node answers, it ends by itself and nothing is sent.
      </SlowNotice>
    </div>
  );
}

/** A review is used up by its approval: what comes next is a new one, or the history when the payment may be on its way. */
function AfterFailure({ failure: { problem, maybeSent } }: { failure: Failure }) {
  const way = useRef<HTMLButtonElement>(null);
  useEffect(() => way.current?.focus(), []);
  return (
    <>
      <ProblemNotice problem={problem} />
      {!maybeSent && <p>Nothing was sent. Your money is where it was.</p>}
      <button ref={way} type="button" class="button wide" onClick={() => show({ at: maybeSent ? 'home' : 'send' })}>
        {maybeSent ? 'See your history' : 'Back'}
      </button>
    </>
  );
}
