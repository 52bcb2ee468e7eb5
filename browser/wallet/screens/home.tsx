import { useEffect, useState } from 'preact/hooks';
import { Heading } from '#browser/consent/heading.tsx';
import { sayList } from '#browser/consent/words.ts';
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
        <Heading>Your wallet</Heading>
        <AccountSwitcher />
      </div>
      <div class="card">
        <ul class="accounts">
          {networks.value.map((network) => (
            <NetworkItem key={`${network.money.chain} ${network.money.account}`} network={network} />
          ))}
        </ul>
        {networks.value.length === 0 && <p class="muted">The networks of this wallet are only in Account 1.</p>}
        <div class="pair">
          <button
            type="button"
            class="button primary"
            aria-disabled={usable.value.length === 0}
            onClick={() => beginDraft() && show({ at: 'send' })}
          >
            Send
          </button>
          <button
            type="button"
            class="button"
            aria-disabled={networks.value.length === 0}
            onClick={() => networks.value.length > 0 && show({ at: 'receive' })}
          >
            Receive
          </button>
        </div>
        {signers.value.length > 0 && (
          <button type="button" class="link centred" onClick={() => beginMessage() && show({ at: 'sign-message' })}>
            Sign a message
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
      <p>
        The parts of your key are in this browser and on {wallet.nodes.length > 1 ? 'the nodes' : 'the node'} {sayList(wallet.nodes)}. The
        wallet locks by itself after {Math.round(wallet.idleLockMs / 60_000)} minutes without use.
      </p>
      {wallet.unlockMethod === 'device' && <p>This device opens the wallet by itself: whoever can use this browser can pay.</p>}
      {!persisted && <p>This browser may delete the wallet’s data when it runs out of space. Do not clear the data of this site.</p>}
    </div>
  );
}
