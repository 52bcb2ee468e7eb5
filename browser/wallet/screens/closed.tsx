import { useState } from 'preact/hooks';
import { Heading } from '#browser/consent/heading.tsx';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import type { TrefoilError } from '#shared/errors.ts';
import { startWithoutDeletedWallet, takeOver } from '../lifecycle.ts';

export const StartingScreen = () => (
  <main>
    <p class="muted" role="status">
      Looking for your wallet in this browser…
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
        <Heading>Your wallet is open in another tab</Heading>
        <p class="lead">It works in one tab at a time, so that two tabs cannot get in each other’s way.</p>
      </div>
      <div class="card">
        <p>Go back to that tab, or go on here: the other tab then finishes what it is doing and locks.</p>
        <button type="button" class="button primary wide" aria-disabled={asking} onClick={() => !asking && take()}>
          Use here instead
        </button>
        <p class="small muted" role="status">
          {asking && 'Asking the other tab to lock. If it does not answer, this takes ten seconds.'}
        </p>
      </div>
    </main>
  );
}

export function EvictedScreen({ since }: { since: string | undefined }) {
  const date = since === undefined ? Number.NaN : Date.parse(since);
  const when = Number.isNaN(date) ? '' : ` on ${new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(date)}`;
  return (
    <main>
      <div class="tight">
        <Heading>Your wallet’s data was deleted here</Heading>
        <p class="lead">
          A wallet was made in this browser{when}. The browser has since deleted this site’s data, your part of the key with it.
        </p>
      </div>
      <div class="card">
        <div class="tight">
          <h2>If there is money in it</h2>
          <p>Do not start again here. Ask the people who run this service how to recover it.</p>
        </div>
        <div class="tight">
          <h2>If it was empty</h2>
          <p>You can start again with a new wallet. It will have other addresses.</p>
        </div>
        <button type="button" class="button wide" onClick={startWithoutDeletedWallet}>
          It was empty: start again
        </button>
      </div>
    </main>
  );
}

export function BrokenScreen({ problem }: { problem: TrefoilError }) {
  return (
    <main>
      <Heading>Your wallet cannot be opened here</Heading>
      <ProblemNotice problem={problem} />
      <button type="button" class="button" onClick={() => location.reload()}>
        Reload the page
      </button>
    </main>
  );
}
