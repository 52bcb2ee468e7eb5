import { Address } from '#browser/consent/address.tsx';
import { isLong } from '#browser/consent/long-figures.ts';
import { Money } from '#browser/consent/money.tsx';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import { networkWords } from '#browser/words/home.ts';
import { asSentence } from '#browser/words/phrases.ts';
import type { Account } from '#browser/worker/api.ts';
import { formatAmount } from '#shared/chains/amount.ts';
import type { Network } from '../accounts.ts';
import { balanceOf, getTestMoney, keyOf, testMoneyOf } from '../money.ts';

/** What an account holds on one chain: its money, its tokens, and the address that all of it arrives at. */
export function NetworkItem({ network: { money, tokens } }: { network: Network }) {
  const { network, asset, address, unavailable, faucet, testnet } = money;
  const refused = testMoneyOf(money);
  return (
    <li class="tight">
      <div class="row apart">
        <h2>{network}</h2>
        {testnet && <span class="tag">{networkWords.testMoney}</span>}
      </div>
      {unavailable === undefined ? (
        <>
          <BalanceLine held={money} />
          {tokens.length > 0 && (
            <ul class="tokens" aria-label={networkWords.tokens(network)}>
              {tokens.map((token) => (
                <TokenLine key={keyOf(token)} token={token} />
              ))}
            </ul>
          )}
        </>
      ) : (
        <div class="notice small">
          <strong>{networkWords.unreachable(network)}</strong>
          <p>{asSentence(unavailable)}</p>
        </div>
      )}
      <Address text={address} what={networkWords.addressOf(asset.symbol)}>
        {faucet && <TestMoneyButton held={money} />}
      </Address>
      {refused?.state === 'refused' && <ProblemNotice problem={refused.problem} />}
    </li>
  );
}

function BalanceLine({ held }: { held: Account }) {
  const { network, asset } = held;
  const balance = balanceOf(held);
  const figures = balance?.units === undefined ? '–' : formatAmount(balance.units, asset.decimals);
  return (
    <>
      <p class={isLong(figures) ? 'balance money long' : 'balance money'}>
        {figures} <span class="unit">{asset.symbol}</span>
      </p>
      {balance === undefined && <p class="small muted">{networkWords.asking(network)}</p>}
      {balance?.stale && (
        <p class="small late">
          {networkWords.silent(network)}
          {balance.units !== undefined && ` ${networkWords.lastKnown}`}
        </p>
      )}
    </>
  );
}

function TokenLine({ token }: { token: Account }) {
  const balance = balanceOf(token);
  return (
    <li>
      <span class="muted">{token.asset.name}</span>
      <span class="token-balance">
        {balance?.units === undefined ? `– ${token.asset.symbol}` : <Money units={balance.units} asset={token.asset} />}
        {balance?.stale && balance.units !== undefined && <span class="small late"> {networkWords.lastKnownToken}</span>}
      </span>
    </li>
  );
}

function TestMoneyButton({ held }: { held: Account }) {
  const state = testMoneyOf(held)?.state;
  return (
    <span class="row last">
      <span class="small muted" role="status">
        {state === 'asking' && networkWords.askingForTest}
        {state === 'arriving' && networkWords.testOnItsWay}
      </span>
      <button type="button" class="button slim" aria-disabled={state === 'asking'} onClick={() => state !== 'asking' && getTestMoney(held)}>
        {networkWords.getTest(held.asset.symbol)}
      </button>
    </span>
  );
}
