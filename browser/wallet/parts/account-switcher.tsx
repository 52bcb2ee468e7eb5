import { useState } from 'preact/hooks';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import { accountWords } from '#browser/words/home.ts';
import { sayAccount } from '#browser/words/phrases.ts';
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
      setSaid(accountWords.added(chosen.value));
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
            label={accountWords.label}
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
          {more ? accountWords.add : accountWords.noMore}
        </button>
      </div>
      <p class="small muted" role="status">
        {adding ? accountWords.adding : said}
      </p>
      {problem !== undefined && <ProblemNotice problem={problem} />}
    </div>
  );
}
