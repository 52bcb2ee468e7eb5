import { useState } from 'preact/hooks';
import { ProblemNotice } from '#browser/consent/problem.tsx';
import { TrefoilError } from '#shared/errors.ts';
import { addAccount, chooseAccount, chosen, sayAccount, severalAccounts, view } from '../accounts.ts';

/** Which account the person looks at. While there is one, it takes no more than a line. */
export function AccountSwitcher() {
  const [adding, setAdding] = useState(false);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<TrefoilError | undefined>(undefined);
  const add = async () => {
    setProblem(undefined);
    setSaid('');
    setAdding(true);
    try {
      await addAccount();
      setSaid(`${sayAccount(chosen.value)} was added.`);
    } catch (thrown) {
      setProblem(TrefoilError.from(thrown, 'addAccount'));
    }
    setAdding(false);
  };
  const more = (view.value?.accountsLeft ?? 0) > 0;
  return (
    <div class="tight">
      <div class="row apart">
        {severalAccounts.value ? (
          <AccountField
            id="account"
            label="Account"
            labelUnseen
            onChoose={(account) => {
              setSaid('');
              chooseAccount(account);
            }}
          />
        ) : (
          <span class="muted">{sayAccount(chosen.value)}</span>
        )}
        {/* The button stays where it is when it has been used, and keeps the focus. */}
        <button type="button" class="link" aria-disabled={adding || !more} onClick={() => !adding && more && void add()}>
          {more ? 'Add account' : 'No more accounts can be added'}
        </button>
      </div>
      <p class="small muted" role="status">
        {adding ? 'Adding an account…' : said}
      </p>
      {problem !== undefined && <ProblemNotice problem={problem} />}
    </div>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  /** Where the options say it all to those who see them. */
  readonly labelUnseen?: boolean;
  /** All of them, unless it says otherwise. */
  readonly canChoose?: (account: number) => boolean;
  readonly onChoose: (account: number) => void;
}

/** One of the wallet's accounts. */
export function AccountField({ id, label, labelUnseen = false, canChoose = () => true, onChoose }: FieldProps) {
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
