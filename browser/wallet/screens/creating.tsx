import { Heading } from '#browser/consent/heading.tsx';
import { SlowNotice } from '#browser/consent/slow-notice.tsx';
import { creatingWords, sayProgress } from '#browser/words/welcome.ts';
import type { CreateProgress } from '#browser/worker/api.ts';
import { stopCreating } from '../lifecycle.ts';

const STEPS: readonly { readonly steps: readonly CreateProgress['step'][]; readonly text: string }[] = [
  { steps: ['connecting'], text: creatingWords.steps.connect },
  { steps: ['round-1', 'round-2', 'round-3'], text: creatingWords.steps.make },
  { steps: ['prepared', 'committed'], text: creatingWords.steps.store },
];
const ORDER: readonly CreateProgress['step'][] = STEPS.flatMap(({ steps }) => steps);

export function CreatingScreen({ progress, stopping }: { progress: CreateProgress | undefined; stopping: boolean }) {
  const reached = progress === undefined ? -1 : ORDER.indexOf(progress.step);
  return (
    <main>
      <Heading>{creatingWords.heading}</Heading>
      <div class="card">
        <p role="status">{stopping ? creatingWords.stopping : sayProgress(progress)}…</p>
        <progress aria-label={creatingWords.progress} max={ORDER.length} value={reached + 1} />
        <ol class="steps">
          {STEPS.map(({ steps, text }) => {
            const first = ORDER.indexOf(steps[0] ?? 'connecting');
            const state = reached >= first + steps.length ? 'done' : reached >= first ? 'now' : 'next';
            return (
              <li key={text} class={state}>
                <span>
                  {text}
                  {state === 'done' && <span class="unseen">{creatingWords.stepDone}</span>}
                </span>
              </li>
            );
          })}
        </ol>
        <SlowNotice>{creatingWords.slow}</SlowNotice>
        <button type="button" class="button wide" aria-disabled={stopping} onClick={() => !stopping && stopCreating()}>
          {creatingWords.stop}
        </button>
      </div>
    </main>
  );
}
