import { useEffect, useRef, useState } from 'preact/hooks';
import { Approving } from '#browser/consent/approving.tsx';
import { Heading } from '#browser/consent/heading.tsx';
import { MessageTerms } from '#browser/consent/message-terms.tsx';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import { controlWords } from '#browser/words/controls.ts';
import { messageReviewWords } from '#browser/words/messages.ts';
import { sayStep } from '#browser/words/review.ts';
import type { ApproveStep, PreparedMessage } from '#browser/worker/api.ts';
import { TrefoilError } from '#shared/errors.ts';
import { names, view } from '../accounts.ts';
import { approveMessage } from '../message.ts';
import { show } from '../screen.ts';

export function ReviewMessageScreen({ message }: { message: PreparedMessage }) {
  const [step, setStep] = useState<ApproveStep | undefined>(undefined);
  const [problem, setProblem] = useState<TrefoilError | undefined>(undefined);
  const { content } = message;
  const risk = messageReviewWords.risks[content.type];

  const agree = async () => {
    setStep('signing');
    try {
      await approveMessage(message, setStep);
    } catch (thrown) {
      setProblem(TrefoilError.from(thrown, 'approveMessage'));
      setStep(undefined);
    }
  };

  return (
    <main>
      <Heading>{messageReviewWords.heading}</Heading>
      <div class="card">
        <MessageTerms message={message} names={names.value} />
        {problem === undefined && (
          <ul class="risks" aria-label={messageReviewWords.risksHeading}>
            <li class="notice care small">
              <strong>{risk.title}</strong>
              {risk.text}
            </li>
          </ul>
        )}
        {problem !== undefined && <AfterFailure problem={problem} />}
        {step === undefined && problem === undefined && (
          <div class="pair">
            <button type="button" class="button primary" onClick={agree}>
              {controlWords.approve}
            </button>
            <button type="button" class="button" onClick={() => show({ at: 'sign-message' })}>
              {controlWords.cancel}
            </button>
          </div>
        )}
        {step !== undefined && (
          <Approving
            said={sayStep(step, view.value?.nodes ?? [], names.value.networkName(content.chain), messageReviewWords.made)}
            slow={messageReviewWords.slow}
          />
        )}
      </div>
    </main>
  );
}

/** A review is used up by its approval. */
function AfterFailure({ problem }: { problem: TrefoilError }) {
  const way = useRef<HTMLButtonElement>(null);
  useEffect(() => way.current?.focus(), []);
  return (
    <>
      <ProblemNotice problem={problem} />
      <button ref={way} type="button" class="button wide" onClick={() => show({ at: 'sign-message' })}>
        {controlWords.back}
      </button>
    </>
  );
}
