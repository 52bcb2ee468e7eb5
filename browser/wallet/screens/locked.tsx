import { useEffect, useRef, useState } from 'preact/hooks';
import { Heading } from '#browser/consent/heading.tsx';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import { lockedWords } from '#browser/words/unlock.ts';
import type { UnlockMethod } from '#browser/worker/api.ts';
import type { TrefoilError } from '#shared/errors.ts';
import { unlock } from '../lifecycle.ts';
import { PassphraseField, takePassphrase } from '../parts/passphrase-field.tsx';

interface Props {
  readonly method: UnlockMethod;
  readonly failedAttempts: number;
  readonly retryAt: number;
  readonly notice?: string;
  readonly problem?: TrefoilError;
}

export function LockedScreen({ method, failedAttempts, retryAt, notice, problem }: Props) {
  const passphrase = useRef<HTMLInputElement>(null);
  const [opening, setOpening] = useState(false);
  const waitSeconds = useSecondsUntil(retryAt);
  const wrong = problem?.code === 'vault/cannot-open' ? problem : undefined;
  useEffect(() => {
    passphrase.current?.focus();
  }, [problem]);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (opening || waitSeconds > 0) return;
    setOpening(true);
    await unlock(method === 'device' ? { method } : { method, passphrase: takePassphrase(passphrase) });
    setOpening(false);
  };

  return (
    <main>
      <div class="tight">
        <Heading focus={method === 'device'}>{lockedWords.heading}</Heading>
        {notice !== undefined && <p class="lead">{notice}</p>}
      </div>
      {problem !== undefined && wrong === undefined && <ProblemNotice problem={problem} />}
      <form class="card" onSubmit={submit}>
        {method === 'passphrase' ? (
          <PassphraseField input={passphrase} autocomplete="current-password" problem={wrong} />
        ) : (
          <p>{lockedWords.device}</p>
        )}
        {failedAttempts > 0 && <p class="small muted">{lockedWords.attempts(failedAttempts)}</p>}
        <button type="submit" class="button primary wide" aria-disabled={opening || waitSeconds > 0}>
          {opening ? lockedWords.unlocking : lockedWords.unlock}
        </button>
        <p class="small muted" role="status">
          {waitSeconds > 0 && lockedWords.wait(waitSeconds)}
        </p>
      </form>
    </main>
  );
}

/** Counts down to a time; 0 once it has come. */
function useSecondsUntil(time: number): number {
  const [now, setNow] = useState(Date.now());
  const left = Math.max(0, Math.ceil((time - now) / 1000));
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [time]);
  return left;
}
