import { useState } from 'preact/hooks';
import { CopyButton } from '#browser/consent/copy-button.tsx';
import { Heading } from '#browser/consent/heading.tsx';
import { WholeAddress } from '#browser/consent/whole-address.tsx';
import { sayAccount, sayList } from '#browser/consent/words.ts';
import type { Account } from '#browser/worker/api.ts';
import { chosen, holdings, names } from '../accounts.ts';
import { keyOf } from '../money.ts';
import { AssetField } from '../parts/asset-field.tsx';
import { show } from '../screen.ts';

/** What each form of an address is good for, by the chain's own word for it. */
const FORMATS: Readonly<Record<string, string>> = {
  Taproot: 'Give this one out first: it is the newest form, and the cheapest to spend from.',
  SegWit: 'For wallets and exchanges that cannot pay to Taproot yet. Your balance counts what arrives at both.',
};

export function ReceiveScreen() {
  const [key, setKey] = useState<string | undefined>(undefined);
  const held = holdings.value.find((each) => keyOf(each) === key) ?? holdings.value[0];
  if (held === undefined) return null;
  return (
    <main>
      <div class="tight">
        <Heading>Receive</Heading>
        {names.value.severalAccounts && <p class="lead">Into {sayAccount(chosen.value)}</p>}
      </div>
      <div class="card">
        <AssetField holding={held} canChoose={() => true} onChoose={(other) => setKey(keyOf(other))} />
        <Addresses held={held} />
        <p class="notice small">{sayWhatArrives(held)}</p>
        <button type="button" class="button wide" onClick={() => show({ at: 'home' })}>
          Back
        </button>
      </div>
    </main>
  );
}

/** The form that a chain puts first comes first. */
const Addresses = ({ held: { addresses, asset } }: { held: Account }) => (
  <ul class="receive-addresses">
    {addresses.map(({ format, address }) => (
      <li key={address} class="tight">
        <h2>{format === '' ? 'Your address' : format}</h2>
        {FORMATS[format] !== undefined && <p class="small muted">{FORMATS[format]}</p>}
        <WholeAddress text={address} />
        <div class="row">
          <CopyButton text={address} what={`${[format, asset.symbol].filter(Boolean).join(' ')} address`} />
        </div>
      </li>
    ))}
  </ul>
);

/** A chain's money and its tokens arrive at the same address. */
function sayWhatArrives({ chain, network, testnet }: Account): string {
  const symbols = holdings.value.filter((held) => held.chain === chain).map(({ asset }) => asset.symbol);
  return `For ${sayList(symbols)} on ${network} only${testnet ? ', and here for test money only' : ''}. What is sent over another network may be lost.`;
}
