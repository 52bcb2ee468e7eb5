import { useEffect, useState } from 'preact/hooks';
import { formatAmount } from '../../../shared/chains/amount.ts';
import type { Account } from '../../worker/api.ts';
import { balances, getTestMoney, testMoney } from '../money.ts';
import { ActivityList } from '../parts/activity-list.tsx';
import { Address } from '../parts/address.tsx';
import { Heading } from '../parts/heading.tsx';
import { ProblemNotice } from '../parts/problem.tsx';
import { show } from '../screen.ts';
import { accounts, view } from '../session.ts';
import { draft } from '../transfer.ts';
import { asSentence, sayList } from '../words.ts';

export function HomeScreen() {
  const usable = accounts.value.filter(({ unavailable }) => unavailable === undefined);
  const send = () => {
    const [first] = usable;
    if (first !== undefined) {
      draft.value ??= { chain: first.chain, to: '', amount: '' };
      show({ at: 'send' });
    }
  };
  return (
    <main>
      <Heading>Your wallet</Heading>
      <div class="card">
        <ul class="accounts">
          {accounts.value.map((account) => (
            <AccountItem key={account.chain} account={account} />
          ))}
        </ul>
        <button type="button" class="button primary wide" aria-disabled={usable.length === 0} onClick={send}>
          Send
        </button>
      </div>
      <ActivityList />
      <About />
    </main>
  );
}

function AccountItem({ account }: { account: Account }) {
  const { chain, network, asset, address, unavailable, faucet, testnet } = account;
  const refused = testMoney.value.get(chain);
  return (
    <li class="tight">
      <div class="row apart">
        <h2>{network}</h2>
        {testnet && <span class="tag">Test money</span>}
      </div>
      {unavailable === undefined ? (
        <BalanceLine account={account} />
      ) : (
        <div class="notice small">
          <strong>{network} cannot be reached from here.</strong>
          <p>{asSentence(unavailable)}</p>
        </div>
      )}
      <Address text={address} what={`${asset.symbol} address`}>
        {faucet && <TestMoneyButton account={account} />}
      </Address>
      {refused?.state === 'refused' && <ProblemNotice problem={refused.problem} />}
    </li>
  );
}

function BalanceLine({ account: { chain, network, asset } }: { account: Account }) {
  const balance = balances.value.get(chain);
  return (
    <>
      <p class="balance money">
        {balance?.units === undefined ? '–' : formatAmount(balance.units, asset.decimals)} <span class="unit">{asset.symbol}</span>
      </p>
      {balance === undefined && <p class="small muted">Asking {network} for your balance…</p>}
      {balance?.stale && (
        <p class="small late">
          {network} does not answer at the moment.{balance.units !== undefined && ' This is the last known balance.'}
        </p>
      )}
    </>
  );
}

function TestMoneyButton({ account: { chain, asset } }: { account: Account }) {
  const state = testMoney.value.get(chain)?.state;
  return (
    <span class="row last">
      <span class="small muted" role="status">
        {state === 'asking' && 'Asking for it…'}
        {state === 'arriving' && 'On its way.'}
      </span>
      <button
        type="button"
        class="button slim"
        aria-disabled={state === 'asking'}
        onClick={() => state !== 'asking' && getTestMoney(chain)}
      >
        Get test {asset.symbol}
      </button>
    </span>
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
      <p>
        The parts of your key are in this browser and on {wallet.nodes.length > 1 ? 'the nodes' : 'the node'} {sayList(wallet.nodes)}. The
        wallet locks by itself after {Math.round(wallet.idleLockMs / 60_000)} minutes without use.
      </p>
      {wallet.unlockMethod === 'device' && <p>This device opens the wallet by itself: whoever can use this browser can pay.</p>}
      {!persisted && <p>This browser may delete the wallet’s data when it runs out of space. Do not clear the data of this site.</p>}
    </div>
  );
}
