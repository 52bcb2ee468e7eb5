import { Heading } from '#browser/consent/heading.tsx';
import { SlowNotice } from '#browser/consent/slow-notice.tsx';
import { sayProgress } from '#browser/consent/words.ts';
import type { CreateProgress } from '#browser/worker/api.ts';
import { stopCreating } from '../lifecycle.ts';

const STEPS: readonly { readonly steps: readonly CreateProgress['step'][]; readonly text: string }[] = [
  { steps: ['connecting'], text: 'Connect to the nodes' },
  { steps: ['round-1', 'round-2', 'round-3'], text: 'Make the key, in parts' },
  { steps: ['prepared', 'committed'], text: 'Store each part in its place' },
];
const ORDER: readonly CreateProgress['step'][] = STEPS.flatMap(({ steps }) => steps);

export function CreatingScreen({ progress, stopping }: { progress: CreateProgress | undefined; stopping: boolean }) {
  const reached = progress === undefined ? -1 : ORDER.indexOf(progress.step);
  return (
    <main>
      <Heading>Creating your wallet</Heading>
      <div class="card">
        <p role="status">{stopping ? 'Stopping' : sayProgress(progress)}…</p>
        <progress aria-label="Creating" max={ORDER.length} value={reached + 1} />
        <ol class="steps">
          {STEPS.map(({ steps, text }) => {
            const first = ORDER.indexOf(steps[0] ?? 'connecting');
            const state = reached >= first + steps.length ? 'done' : reached >= first ? 'now' : 'next';
            return (
              <li key={text} class={state}>
                <span>
                  {text}
                  {state === 'done' && <span class="unseen">: done</span>}
                </span>
              </li>
            );
          })}
        </ol>
        <SlowNotice>This takes longer than usual. The nodes may be far away or busy. You can wait, or stop and try later.</SlowNotice>
        <button type="button" class="button wide" aria-disabled={stopping} onClick={() => !stopping && stopCreating()}>
          Stop
        </button>
      </div>
    </main>
  );
}
