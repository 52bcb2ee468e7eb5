import type { ComponentChildren } from 'preact';
import { controlWords } from '#browser/words/controls.ts';
import type { Account, Holding } from '#browser/worker/api.ts';
import { holdings } from '../accounts.ts';
import { keyOf } from '../money.ts';

interface Props {
  readonly holding: Holding;
  /** What cannot be chosen is shown all the same: it is part of the wallet. */
  readonly canChoose: (held: Account) => boolean;
  readonly onChoose: (held: Account) => void;
  /** Said once, below. */
  readonly children?: ComponentChildren;
}

/** One of the assets of the chosen account. */
export const AssetField = ({ holding, canChoose, onChoose, children }: Props) => (
  <div class="field">
    <label for="asset">{controlWords.asset}</label>
    <select
      id="asset"
      class="input"
      value={keyOf(holding)}
      onChange={(event) => {
        const found = holdings.value.find((held) => keyOf(held) === event.currentTarget.value);
        if (found !== undefined) onChoose(found);
      }}
    >
      {holdings.value.map((held) => (
        <option key={keyOf(held)} value={keyOf(held)} disabled={!canChoose(held)}>
          {held.asset.symbol} · {held.network}
        </option>
      ))}
    </select>
    <p class="hint" role="status">
      {children}
    </p>
  </div>
);
