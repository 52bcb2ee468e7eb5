import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Heading } from '#browser/consent/heading.tsx';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import { welcomeWords } from '#browser/words/welcome.ts';
import type { TrefoilError } from '#shared/errors.ts';
import { create } from '../lifecycle.ts';
import { PassphraseField, takePassphrase } from '../parts/passphrase-field.tsx';

/** Survives an attempt that failed. */
const deviceOnly = signal(false);

export function WelcomeScreen({ interrupted, problem }: { interrupted: boolean; problem?: TrefoilError }) {
  const passphrase = useRef<HTMLInputElement>(null);
  const weak = problem?.code === 'vault/weak-passphrase' ? problem : undefined;
  useEffect(() => {
    if (weak !== undefined) passphrase.current?.focus();
  }, [weak]);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void create(deviceOnly.value ? { method: 'device' } : { method: 'passphrase', passphrase: takePassphrase(passphrase) });
  };

  return (
    <main>
      <div class="tight">
        <Heading focus={weak === undefined}>{welcomeWords.heading}</Heading>
        <p class="lead">{welcomeWords.lead}</p>
      </div>
      {interrupted && problem === undefined && (
        <div class="notice" role="status">
          <strong>{welcomeWords.interrupted.title}</strong>
          <p class="small">{welcomeWords.interrupted.text}</p>
        </div>
      )}
      {problem !== undefined && weak === undefined && <ProblemNotice problem={problem} />}
      <form class="card" onSubmit={submit}>
        {!deviceOnly.value && (
          <PassphraseField input={passphrase} autocomplete="new-password" hint={welcomeWords.passphraseHint} problem={weak} />
        )}
        <label class="check">
          <input
            type="checkbox"
            checked={deviceOnly.value}
            aria-describedby="device-hint"
            onChange={(event) => {
              deviceOnly.value = event.currentTarget.checked;
            }}
          />
          <span>{welcomeWords.deviceOnly}</span>
          <span class="hint" id="device-hint">
            {welcomeWords.deviceOnlyHint}
          </span>
        </label>
        <button type="submit" class="button primary wide">
          {welcomeWords.create}
        </button>
      </form>
    </main>
  );
}
