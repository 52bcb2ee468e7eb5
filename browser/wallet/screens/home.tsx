import { useEffect, useState } from 'preact/hooks';
import { Heading } from '#browser/consent/heading.tsx';
import { aboutWords, homeWords } from '#browser/words/home.ts';
import { networks, usable, view } from '../accounts.ts';
import { beginDraft } from '../draft.ts';
import { beginMessage, signers } from '../message.ts';
import { AccountSwitcher } from '../parts/account-switcher.tsx';
import { ActivityList } from '../parts/activity-list.tsx';
import { NetworkItem } from '../parts/network-item.tsx';
import { WatchOnlyKeys } from '../parts/watch-only-keys.tsx';
import { show } from '../screen.ts';

export function HomeScreen() {
  return (
    <main>
      <div class="tight">
        <Heading>{homeWords.heading}</Heading>
        <AccountSwitcher />
      </div>
      <div class="card">
        <ul class="accounts">
          {networks.value.map((network) => (
            <NetworkItem key={`${network.money.chain} ${network.money.account}`} network={network} />
          ))}
        </ul>
        {networks.value.length === 0 && <p class="muted">{homeWords.onlyInFirst}</p>}
        <div class="pair">
          <button
            type="button"
            class="button primary"
            aria-disabled={usable.value.length === 0}
            onClick={() => beginDraft() && show({ at: 'send' })}
          >
            {homeWords.send}
          </button>
          <button
            type="button"
            class="button"
            aria-disabled={networks.value.length === 0}
            onClick={() => networks.value.length > 0 && show({ at: 'receive' })}
          >
            {homeWords.receive}
          </button>
        </div>
        {signers.value.length > 0 && (
          <button type="button" class="link centred" onClick={() => beginMessage() && show({ at: 'sign-message' })}>
            {homeWords.signMessage}
          </button>
        )}
      </div>
      <ActivityList />
      <About />
    </main>
  );
}

/** Who holds the parts, and what this browser promises. */
function About() {
  const [persisted, setPersisted] = useState(true);
  useEffect(() => {
    void navigator.storage?.persisted?.().then(setPersisted);
  }, []);
  const wallet = view.value;
  if (wallet === undefined) return null;
  return (
    <div class="stack small muted footer">
      <WatchOnlyKeys />
      <p>{aboutWords.parts(wallet.nodes, Math.round(wallet.idleLockMs / 60_000))}</p>
      {wallet.unlockMethod === 'device' && <p>{aboutWords.device}</p>}
      {!persisted && <p>{aboutWords.mayBeDeleted}</p>}
    </div>
  );
}
