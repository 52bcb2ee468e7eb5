import { useEffect, useRef, useState } from 'preact/hooks';
import { FieldProblem } from '#browser/consent/field-problem.tsx';
import { Heading } from '#browser/consent/heading.tsx';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import { controlWords } from '#browser/words/controls.ts';
import { messageFormWords } from '#browser/words/messages.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { ChainId } from '#shared/ids.ts';
import { chosen, names } from '../accounts.ts';
import { changeMessage, forgetMessage, type MessageForm, messageDraft, reviewMessage, signers } from '../message.ts';
import { show } from '../screen.ts';

/** The forms, in the order of their tabs. */
const FORMS: readonly MessageForm[] = ['text', 'typed-data'];

export function SignMessageScreen() {
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const [problem, setProblem] = useState<TrefoilError | undefined>(undefined);
  const [reading, setReading] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const now = messageDraft.value;
  if (now === undefined) return null;
  const { chain, form, written } = now;
  const { label, hint } = messageFormWords.forms[form];
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
        <Heading>{messageFormWords.heading}</Heading>
        <p class="lead">{messageFormWords.lead(names.value.severalAccounts ? chosen.value : undefined, place?.network)}</p>
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
          <label for="message">{label}</label>
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
              {hint}
            </p>
          )}
        </div>
        <div class="pair">
          <button type="submit" class="button primary" aria-disabled={reading}>
            {controlWords.review}
          </button>
          <button type="button" class="button" onClick={back}>
            {controlWords.back}
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
    const at = FORMS.indexOf(form);
    const steps: Readonly<Record<string, number>> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 };
    const to = steps[event.key];
    const next = to === undefined ? undefined : FORMS.at(to % FORMS.length);
    if (next === undefined) return;
    event.preventDefault();
    moved.current = true;
    onChoose(next);
  };
  return (
    <div ref={list} class="tabs" role="tablist" aria-label={messageFormWords.whatToSign} onKeyDown={move}>
      {FORMS.map((each) => (
        <button
          key={each}
          id={`tab-${each}`}
          type="button"
          role="tab"
          aria-selected={each === form}
          aria-controls="form-panel"
          tabIndex={each === form ? 0 : -1}
          onClick={() => onChoose(each)}
        >
          {messageFormWords.forms[each].tab}
        </button>
      ))}
    </div>
  );
}

const NetworkField = ({ chain }: { chain: ChainId }) => (
  <div class="field">
    <label for="network">{controlWords.network}</label>
    <select id="network" class="input" value={chain} onChange={(event) => changeMessage({ chain: event.currentTarget.value as ChainId })}>
      {signers.value.map((signer) => (
        <option key={signer.chain} value={signer.chain}>
          {signer.network}
        </option>
      ))}
    </select>
  </div>
);
