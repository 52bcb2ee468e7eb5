import { sayAccount } from '#browser/words/phrases.ts';
import { chosen, view } from '../accounts.ts';

interface Props {
  readonly id: string;
  readonly label: string;
  /** Where the options say it all to those who see them. */
  readonly labelUnseen?: boolean;
  /** All of them, unless it says otherwise. */
  readonly canChoose?: (account: number) => boolean;
  readonly onChoose: (account: number) => void;
}

/** Chooses one of the wallet's accounts. */
export function AccountField({ id, label, labelUnseen = false, canChoose = () => true, onChoose }: Props) {
  return (
    <div class="account-field">
      <label for={id} class={labelUnseen ? 'unseen' : undefined}>
        {label}
      </label>
      <select id={id} class="input slim" value={chosen.value} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
        {Array.from({ length: view.value?.accountCount ?? 1 }, (_, account) => (
          <option key={sayAccount(account)} value={account} disabled={!canChoose(account)}>
            {sayAccount(account)}
          </option>
        ))}
      </select>
    </div>
  );
}
