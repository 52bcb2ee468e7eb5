import { useState } from 'preact/hooks';
import { CopyButton } from '#browser/consent/copy-button.tsx';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import type { ExtendedKeys } from '#browser/worker/api.ts';
import { TrefoilError } from '#shared/errors.ts';
import { worker } from '../worker.ts';

/** In the words of the wallets that such keys are pasted into. */
const KEYS = [
  { name: 'Taproot', what: 'extended key for Taproot', of: ({ taproot }: ExtendedKeys) => taproot },
  { name: 'SegWit and Ethereum', what: 'extended key for SegWit and Ethereum', of: ({ ecdsa }: ExtendedKeys) => ecdsa },
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
      <summary>Watch-only keys</summary>
      <div class="details">
        <p>Whoever has one of these sees all its accounts and payments, also the future ones, and can spend nothing.</p>
        {problem !== undefined && <ProblemNotice problem={problem} />}
        {keys === undefined && problem === undefined && <p role="status">Reading them…</p>}
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
