import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Heading } from '#browser/consent/heading.tsx';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
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
        <Heading focus={weak === undefined}>A wallet without a whole key</Heading>
        <p class="lead">
          Your key is made in parts: one here in your browser, the others on nodes that different people run. No part can pay alone.
        </p>
      </div>
      {interrupted && problem === undefined && (
        <div class="notice" role="status">
          <strong>The last attempt was interrupted.</strong>
          <p class="small">It had no address yet, so no money can be in it. Creating again replaces it.</p>
        </div>
      )}
      {problem !== undefined && weak === undefined && <ProblemNotice problem={problem} />}
      <form class="card" onSubmit={submit}>
        {!deviceOnly.value && (
          <PassphraseField
            input={passphrase}
            autocomplete="new-password"
            hint="At least 12 characters; several words work well. Nobody can reset it for you."
            problem={weak}
          />
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
          <span>Open with this device alone</span>
          <span class="hint" id="device-hint">
            Nothing to type, but weaker: whoever can use this browser can pay.
          </span>
        </label>
        <button type="submit" class="button primary wide">
          Create wallet
        </button>
      </form>
    </main>
  );
}
