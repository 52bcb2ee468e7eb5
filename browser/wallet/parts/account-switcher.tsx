import { useState } from 'preact/hooks';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import { sayAccount } from '#browser/consent/words.ts';
import { TrefoilError } from '#shared/errors.ts';
import { addAccount, chooseAccount, chosen, names, view } from '../accounts.ts';
import { AccountField } from './account-field.tsx';

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
        {names.value.severalAccounts ? (
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
