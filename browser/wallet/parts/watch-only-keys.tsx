import { useState } from 'preact/hooks';
import { CopyButton } from '#browser/consent/copy-button.tsx';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import { watchOnlyWords } from '#browser/words/home.ts';
import type { ExtendedKeys } from '#browser/worker/api.ts';
import { TrefoilError } from '#shared/errors.ts';
import { worker } from '../worker.ts';

const KEYS = [
  { ...watchOnlyWords.keys.taproot, of: ({ taproot }: ExtendedKeys) => taproot },
  { ...watchOnlyWords.keys.ecdsa, of: ({ ecdsa }: ExtendedKeys) => ecdsa },
];

/** Extended public keys, for watching the wallet from somewhere else. They are asked for when somebody wants to see them. */
export function WatchOnlyKeys() {
  const [keys, setKeys] = useState<ExtendedKeys | undefined>(undefined);
  const [problem, setProblem] = useState<TrefoilError | undefined>(undefined);
  const read = (open: boolean) => {
    if (!open || keys !== undefined) return;
    setProblem(undefined);
    worker.extendedKeys().then(setKeys, (thrown: unknown) => setProblem(TrefoilError.from(thrown, 'extendedKeys')));
  };
  return (
    <details class="disclosure" onToggle={(event) => read(event.currentTarget.open)}>
      <summary>{watchOnlyWords.summary}</summary>
      <div class="details">
        <p>{watchOnlyWords.risk}</p>
        {problem !== undefined && <ProblemNotice problem={problem} />}
        {keys === undefined && problem === undefined && <p role="status">{watchOnlyWords.reading}</p>}
        {keys !== undefined && (
          <dl class="stack">
            {KEYS.map(({ name, what, of }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <span class="mono">{of(keys)}</span>
                  <span class="row">
                    <CopyButton text={of(keys)} what={what} />
                  </span>
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </details>
  );
}
