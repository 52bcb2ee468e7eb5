import { useState } from 'preact/hooks';
import { Heading } from '#browser/consent/heading.tsx';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import { brokenWords, evictedWords, inUseWords, startingWords } from '#browser/words/unlock.ts';
import type { TrefoilError } from '#shared/errors.ts';
import { startWithoutDeletedWallet, takeOver } from '../lifecycle.ts';

export const StartingScreen = () => (
  <main>
    <p class="muted" role="status">
      {startingWords.looking}
    </p>
  </main>
);

export function InUseScreen() {
  const [asking, setAsking] = useState(false);
  const take = () => {
    setAsking(true);
    void takeOver().finally(() => setAsking(false));
  };
  return (
    <main>
      <div class="tight">
        <Heading>{inUseWords.heading}</Heading>
        <p class="lead">{inUseWords.lead}</p>
      </div>
      <div class="card">
        <p>{inUseWords.choice}</p>
        <button type="button" class="button primary wide" aria-disabled={asking} onClick={() => !asking && take()}>
          {inUseWords.take}
        </button>
        <p class="small muted" role="status">
          {asking && inUseWords.asking}
        </p>
      </div>
    </main>
  );
}

export function EvictedScreen({ since }: { since: string | undefined }) {
  return (
    <main>
      <div class="tight">
        <Heading>{evictedWords.heading}</Heading>
        <p class="lead">{evictedWords.lead(since === undefined ? Number.NaN : Date.parse(since))}</p>
      </div>
      <div class="card">
        <div class="tight">
          <h2>{evictedWords.money.title}</h2>
          <p>{evictedWords.money.text}</p>
        </div>
        <div class="tight">
          <h2>{evictedWords.empty.title}</h2>
          <p>{evictedWords.empty.text}</p>
        </div>
        <button type="button" class="button wide" onClick={startWithoutDeletedWallet}>
          {evictedWords.startAgain}
        </button>
      </div>
    </main>
  );
}

export function BrokenScreen({ problem }: { problem: TrefoilError }) {
  return (
    <main>
      <Heading>{brokenWords.heading}</Heading>
      <ProblemNotice problem={problem} />
      <button type="button" class="button" onClick={() => location.reload()}>
        {brokenWords.reload}
      </button>
    </main>
  );
}
