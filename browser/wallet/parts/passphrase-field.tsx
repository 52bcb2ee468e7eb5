import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { FieldProblem } from '#browser/consent/field-problem.tsx';
import { sayInline } from '#browser/words/problems.ts';
import { passphraseWords } from '#browser/words/unlock.ts';
import type { TrefoilError } from '#shared/errors.ts';

interface Props {
  readonly input: RefObject<HTMLInputElement | null>;
  /** `new-password` lets a password manager offer a good one. */
  readonly autocomplete: 'new-password' | 'current-password';
  readonly hint?: string;
  readonly problem: TrefoilError | undefined;
}

/** The one secret that a person types. Its value stays in the element: no state of the page ever holds it. */
export function PassphraseField({ input, autocomplete, hint, problem }: Props) {
  const [shown, setShown] = useState(false);
  const described = [hint === undefined ? [] : 'passphrase-hint', problem === undefined ? [] : 'passphrase-problem'].flat().join(' ');
  const field = {
    ref: input,
    id: 'passphrase',
    class: 'input',
    autocomplete,
    autocapitalize: 'off',
    spellcheck: false,
    required: true,
    'aria-invalid': problem !== undefined,
    ...(described === '' ? {} : { 'aria-describedby': described }),
  } as const;
  return (
    <div class="field">
      <label for="passphrase">{passphraseWords.label}</label>
      {hint !== undefined && (
        <p class="hint" id="passphrase-hint">
          {hint}
        </p>
      )}
      <div class="joined">
        <input {...field} {...(shown ? { type: 'text' } : { type: 'password' })} />
        <button type="button" class="inside" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? passphraseWords.hide : passphraseWords.show}
        </button>
      </div>
      {problem !== undefined && <FieldProblem id="passphrase-problem" said={sayInline(problem)} />}
    </div>
  );
}

/** Takes the passphrase out of the field, which is empty from then on. */
export function takePassphrase(input: RefObject<HTMLInputElement | null>): string {
  const field = input.current;
  const passphrase = field?.value ?? '';
  if (field) field.value = '';
  return passphrase;
}
