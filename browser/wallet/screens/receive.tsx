import { useState } from 'preact/hooks';
import { CopyButton } from '#browser/consent/copy-button.tsx';
import { Heading } from '#browser/consent/heading.tsx';
import { WholeAddress } from '#browser/consent/whole-address.tsx';
import { controlWords } from '#browser/words/controls.ts';
import { receiveWords } from '#browser/words/receive.ts';
import type { Account } from '#browser/worker/api.ts';
import { chosen, holdings, names } from '../accounts.ts';
import { keyOf } from '../money.ts';
import { AssetField } from '../parts/asset-field.tsx';
import { show } from '../screen.ts';

export function ReceiveScreen() {
  const [key, setKey] = useState<string | undefined>(undefined);
  const held = holdings.value.find((each) => keyOf(each) === key) ?? holdings.value[0];
  if (held === undefined) return null;
  return (
    <main>
      <div class="tight">
        <Heading>{receiveWords.heading}</Heading>
        {names.value.severalAccounts && <p class="lead">{receiveWords.into(chosen.value)}</p>}
      </div>
      <div class="card">
        <AssetField holding={held} canChoose={() => true} onChoose={(other) => setKey(keyOf(other))} />
        <Addresses held={held} />
        <p class="notice small">{sayWhatArrives(held)}</p>
        <button type="button" class="button wide" onClick={() => show({ at: 'home' })}>
          {controlWords.back}
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
        <h2>{format === '' ? receiveWords.address : format}</h2>
        {receiveWords.formats[format] !== undefined && <p class="small muted">{receiveWords.formats[format]}</p>}
        <WholeAddress text={address} />
        <div class="row">
          <CopyButton text={address} what={receiveWords.addressOf(format, asset.symbol)} />
        </div>
      </li>
    ))}
  </ul>
);

/** A chain's money and its tokens arrive at the same address. */
function sayWhatArrives({ chain, network, testnet }: Account): string {
  const symbols = holdings.value.filter((held) => held.chain === chain).map(({ asset }) => asset.symbol);
  return receiveWords.onlyFor(symbols, network, testnet);
}
