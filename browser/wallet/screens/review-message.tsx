import { useEffect, useRef, useState } from 'preact/hooks';
import { Approving } from '#browser/consent/approving.tsx';
import { Heading } from '#browser/consent/heading.tsx';
import { MessageTerms } from '#browser/consent/message-terms.tsx';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import { sayStep } from '#browser/consent/words.ts';
import type { ApproveStep, PreparedMessage } from '#browser/worker/api.ts';
import { TrefoilError } from '#shared/errors.ts';
import { names, view } from '../accounts.ts';
import { approveMessage } from '../message.ts';
import { show } from '../screen.ts';

/** What a signature can do for others, by what is signed. */
const RISKS: Readonly<Record<PreparedMessage['content']['type'], { readonly title: string; readonly text: string }>> = {
  message: {
    title: 'A signature cannot be taken back.',
    text: 'Whoever gets it can show that you agreed to these words. Sign only what you have read and want to say.',
  },
  'typed-data': {
    title: 'This may let others move what you own.',
    text: 'Permits and orders are signed this way, and need no further approval. Check the amounts, the addresses and until when it is valid.',
  },
};

export function ReviewMessageScreen({ message }: { message: PreparedMessage }) {
  const [step, setStep] = useState<ApproveStep | undefined>(undefined);
  const [problem, setProblem] = useState<TrefoilError | undefined>(undefined);
  const { content } = message;
  const risk = RISKS[content.type];

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
      <Heading>Check before you sign</Heading>
      <div class="card">
        <MessageTerms message={message} names={names.value} />
        {problem === undefined && (
          <ul class="risks" aria-label="What could go wrong">
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
              Approve
            </button>
            <button type="button" class="button" onClick={() => show({ at: 'sign-message' })}>
              Cancel
            </button>
          </div>
        )}
        {step !== undefined && (
          <Approving
            said={sayStep(step, view.value?.nodes ?? [], names.value.networkName(content.chain), 'signature')}
            slow="This takes longer than usual. If no node answers, it ends by itself and nothing is signed."
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
        Back
      </button>
    </>
  );
}
