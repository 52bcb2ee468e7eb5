import { useState } from 'preact/hooks';
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

export function ReviewScreen({ transfer }: { transfer: PreparedTransfer }) {
  const [step, setStep] = useState<ApproveStep | undefined>(undefined);
  const [problem, setProblem] = useState<TrefoilError | undefined>(undefined);
  const account = accountOf(transfer.chain);
  if (account === undefined) return null;

  const agree = async () => {
    setStep('signing');
    try {
      await approve(transfer, setStep);
    } catch (thrown) {
      setProblem(TrefoilError.from(thrown, 'approve'));
      setStep(undefined);
    }
  };

  return (
    <main>
      <Heading>Check before you approve</Heading>
      <div class="card">
        <Terms transfer={transfer} account={account} />
        <Risks transfer={transfer} account={account} />
        {problem !== undefined && <ProblemNotice problem={problem} />}
        {step === undefined && problem === undefined && (
          <div class="pair">
            <button type="button" class="button primary" onClick={agree}>
              Approve
            </button>
            <button type="button" class="button" onClick={() => show({ at: 'send' })}>
              Cancel
            </button>
          </div>
        )}
        {problem !== undefined && <AfterProblem problem={problem} />}
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
          <dt>To this address on {network}</dt>
          <dd>
            <WholeAddress text={to} />
          </dd>
        </div>,
      ])}
      <div>
        <dt>Fee for the network</dt>
        <dd>
          <Money units={fee} asset={asset} />
        </dd>
      </div>
      <div>
        <dt>Leaves your wallet in all</dt>
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
  return (
    <div class="stack">
      <p role="status">{step === 'signing' ? `Your browser and ${who} are signing…` : `Handing the payment to ${network}…`}</p>
      <progress aria-label="Approving" />
      <SlowNotice>
        This takes longer than usual. It cannot be stopped any more; if no node answers, it ends by itself and nothing is sent.
      </SlowNotice>
    </div>
  );
}

/** A review is used up by its approval: what comes next is a new one, or the history when the payment may be on its way. */
function AfterProblem({ problem }: { problem: TrefoilError }) {
  const maybeSent = problem.code === 'chain/unavailable';
  return (
    <button type="button" class="button wide" onClick={() => show({ at: maybeSent ? 'home' : 'send' })}>
      {maybeSent ? 'See your history' : 'Back'}
    </button>
  );
}
