import { useEffect, useRef, useState } from 'preact/hooks';
import { FieldProblem } from '#browser/consent/field-problem.tsx';
import { Heading } from '#browser/consent/heading.tsx';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import { sayAccount } from '#browser/consent/words.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { ChainId } from '#shared/ids.ts';
import { chosen, names } from '../accounts.ts';
import { changeMessage, forgetMessage, type MessageForm, messageDraft, reviewMessage, signers } from '../message.ts';
import { show } from '../screen.ts';

/** The forms, in the order of their tabs. */
const FORMS: readonly { readonly form: MessageForm; readonly tab: string; readonly label: string; readonly hint: string }[] = [
  { form: 'text', tab: 'Text', label: 'Message', hint: 'The words to sign, exactly as you were given them' },
  { form: 'typed-data', tab: 'Typed data', label: 'Typed data', hint: 'EIP-712 as JSON: types, primaryType, domain and message' },
];

export function SignMessageScreen() {
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const [problem, setProblem] = useState<TrefoilError | undefined>(undefined);
  const [reading, setReading] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const now = messageDraft.value;
  const shown = FORMS.find(({ form }) => form === now?.form);
  if (now === undefined || shown === undefined) return null;
  const { chain, form, written } = now;
  const place = signers.value.find((signer) => signer.chain === chain);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (reading) return;
    setProblem(undefined);
    setReading(true);
    try {
      const found = await reviewMessage();
      setWrong(found);
      if (found !== undefined) field.current?.focus();
    } catch (thrown) {
      setWrong(undefined);
      setProblem(TrefoilError.from(thrown, 'reviewMessage'));
    }
    setReading(false);
  };
  const back = () => {
    forgetMessage();
    show({ at: 'home' });
  };

  return (
    <main>
      <div class="tight">
        <Heading>Sign a message</Heading>
        <p class="lead">
          A signature shows that you hold {names.value.severalAccounts ? sayAccount(chosen.value) : 'this account'}
          {place !== undefined && ` on ${place.network}`}. Signing moves no money by itself, but what you sign may allow others to.
        </p>
      </div>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <form class="card" onSubmit={submit} noValidate>
        {signers.value.length > 1 && <NetworkField chain={chain} />}
        <Tabs
          form={form}
          onChoose={(next) => {
            setWrong(undefined);
            setProblem(undefined);
            changeMessage({ form: next });
          }}
        />
        <div class="field" role="tabpanel" id="form-panel" aria-labelledby={`tab-${form}`}>
          <label for="message">{shown.label}</label>
          <textarea
            ref={field}
            id="message"
            key={form}
            class={form === 'text' ? 'input message-input' : 'input message-input mono'}
            rows={form === 'text' ? 5 : 9}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            value={written[form]}
            aria-invalid={wrong !== undefined}
            aria-describedby={wrong !== undefined ? 'message-problem' : 'message-hint'}
            onInput={(event) => {
              setWrong(undefined);
              changeMessage({ written: { ...written, [form]: event.currentTarget.value } });
            }}
          />
          {wrong !== undefined ? (
            <FieldProblem id="message-problem" said={wrong} />
          ) : (
            <p class="hint" id="message-hint">
              {shown.hint}
            </p>
          )}
        </div>
        <div class="pair">
          <button type="submit" class="button primary" aria-disabled={reading}>
            Review
          </button>
          <button type="button" class="button" onClick={back}>
            Back
          </button>
        </div>
      </form>
    </main>
  );
}

/** One tab stop; the arrow keys go from tab to tab. */
function Tabs({ form, onChoose }: { form: MessageForm; onChoose: (form: MessageForm) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const moved = useRef(false);
  useEffect(() => {
    if (moved.current) list.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
    moved.current = false;
  }, [form]);
  const move = (event: KeyboardEvent) => {
    const at = FORMS.findIndex((each) => each.form === form);
    const steps: Readonly<Record<string, number>> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 };
    const to = steps[event.key];
    const next = to === undefined ? undefined : FORMS.at(to % FORMS.length);
    if (next === undefined) return;
    event.preventDefault();
    moved.current = true;
    onChoose(next.form);
  };
  return (
    <div ref={list} class="tabs" role="tablist" aria-label="What to sign" onKeyDown={move}>
      {FORMS.map((each) => (
        <button
          key={each.form}
          id={`tab-${each.form}`}
          type="button"
          role="tab"
          aria-selected={each.form === form}
          aria-controls="form-panel"
          tabIndex={each.form === form ? 0 : -1}
          onClick={() => onChoose(each.form)}
        >
          {each.tab}
        </button>
      ))}
    </div>
  );
}

const NetworkField = ({ chain }: { chain: ChainId }) => (
  <div class="field">
    <label for="network">Network</label>
    <select id="network" class="input" value={chain} onChange={(event) => changeMessage({ chain: event.currentTarget.value as ChainId })}>
      {signers.value.map((signer) => (
        <option key={signer.chain} value={signer.chain}>
          {signer.network}
        </option>
      ))}
    </select>
  </div>
);
