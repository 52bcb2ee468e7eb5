import { useEffect, useRef, useState } from 'preact/hooks';
import { Approving } from '#browser/consent/approving.tsx';
import { Heading } from '#browser/consent/heading.tsx';
import { looksForged } from '#browser/consent/looks-forged.ts';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import { TransferRisks } from '#browser/consent/transfer-risks.tsx';
import { TransferTerms } from '#browser/consent/transfer-terms.tsx';
import { controlWords } from '#browser/words/controls.ts';
import { reviewWords, sayStep } from '#browser/words/review.ts';
import type { ApproveStep, PreparedTransfer } from '#browser/worker/api.ts';
import { type ErrorCode, TrefoilError } from '#shared/errors.ts';
import { names, view } from '../accounts.ts';
import { show } from '../screen.ts';
import { approve } from '../transfer.ts';

interface Failure {
  readonly problem: TrefoilError;
  /** `some`: it failed while several transactions were handed over one after the other. */
  readonly sent: 'nothing' | 'maybe' | 'some';
}

export function ReviewScreen({ transfer }: { transfer: PreparedTransfer }) {
  const [step, setStep] = useState<ApproveStep | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const { chain, transactions } = transfer;
  const forged = looksForged(transfer);

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
      setFailure({ problem, sent: whatWasSent(problem, reached, transactions) });
      setStep(undefined);
    }
  };

  return (
    <main>
      <Heading>{reviewWords.heading}</Heading>
      <div class="card">
        <TransferTerms transfer={transfer} names={names.value} />
        {failure === undefined && <TransferRisks transfer={transfer} names={names.value} />}
        {failure !== undefined && <AfterFailure failure={failure} />}
        {step === undefined && failure === undefined && (
          <div class="pair">
            <button type="button" class={forged ? 'button' : 'button primary'} onClick={agree}>
              {controlWords.approve}
            </button>
            <button type="button" class={forged ? 'button primary' : 'button'} onClick={() => show({ at: 'send' })}>
              {controlWords.cancel}
            </button>
          </div>
        )}
        {step !== undefined && (
          <Approving
            said={sayStep(step, view.value?.nodes ?? [], names.value.networkName(chain), reviewWords.handedOver(transactions))}
            slow={reviewWords.slow}
          />
        )}
      </div>
    </main>
  );
}

/** What a network answers to a transaction that was handed to it: these say so even when they overtake the word of that step. */
const OF_HANDING_OVER: readonly ErrorCode[] = ['chain/rejected', 'chain/unavailable'];

/** A network that refuses the only transaction has sent nothing; one that refuses a later one has sent those before it. */
function whatWasSent({ code }: TrefoilError, reached: readonly ApproveStep[], transactions: number): Failure['sent'] {
  if (!OF_HANDING_OVER.includes(code) && !reached.includes('broadcasting')) return 'nothing';
  if (transactions > 1) return 'some';
  return code === 'chain/rejected' ? 'nothing' : 'maybe';
}

/** A review is used up by its approval: what comes next is a new one, or the history when a payment may be on its way. */
function AfterFailure({ failure: { problem, sent } }: { failure: Failure }) {
  const way = useRef<HTMLButtonElement>(null);
  useEffect(() => way.current?.focus(), []);
  return (
    <>
      {sent === 'some' ? <ProblemNotice problem={problem} fix={reviewWords.sentInPart} /> : <ProblemNotice problem={problem} />}
      {sent === 'nothing' && <p>{reviewWords.nothingSent}</p>}
      <button ref={way} type="button" class="button wide" onClick={() => show({ at: sent === 'nothing' ? 'send' : 'home' })}>
        {sent === 'nothing' ? controlWords.back : reviewWords.seeHistory}
      </button>
    </>
  );
}
