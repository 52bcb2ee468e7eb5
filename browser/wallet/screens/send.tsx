import { useRef, useState } from 'preact/hooks';
import { TrefoilError } from '../../../shared/errors.ts';
import type { ChainId } from '../../../shared/ids.ts';
import { balances } from '../money.ts';
import { Heading } from '../parts/heading.tsx';
import { Money } from '../parts/money.tsx';
import { FieldProblem, ProblemNotice } from '../parts/problem.tsx';
import { show } from '../screen.ts';
import { accountOf, accounts } from '../session.ts';
import { draft, forgetDraft, review, switchedTo, typeTo, type Wrong } from '../transfer.ts';

export function SendScreen() {
  const [problem, setProblem] = useState<TrefoilError | undefined>(undefined);
  const [wrong, setWrong] = useState<Wrong>({});
  const [building, setBuilding] = useState(false);
  const toInput = useRef<HTMLTextAreaElement>(null);
  const amountInput = useRef<HTMLInputElement>(null);
  const now = draft.value;
  const account = now && accountOf(now.chain);
  if (now === undefined || account === undefined) return null;
  const available = balances.value.get(now.chain)?.units;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (building) return;
    setProblem(undefined);
    setBuilding(true);
    try {
      const found = await review((chain) => accountOf(chain)?.asset ?? account.asset);
      setWrong(found);
      (found.to !== undefined ? toInput : found.amount !== undefined ? amountInput : undefined)?.current?.focus();
    } catch (thrown) {
      setWrong({});
      setProblem(TrefoilError.from(thrown, 'review'));
    }
    setBuilding(false);
  };
  const back = () => {
    forgetDraft();
    show({ at: 'home' });
  };

  return (
    <main>
      <Heading>Send money</Heading>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <form class="card" onSubmit={submit} noValidate>
        <div class="field">
          <label for="asset">Asset</label>
          <select
            id="asset"
            class="input"
            value={now.chain}
            onChange={(event) => {
              draft.value = { ...now, chain: event.currentTarget.value as ChainId };
              switchedTo.value = undefined;
            }}
          >
            {accounts.value.map(({ chain, asset, network, unavailable }) => (
              <option key={chain} value={chain} disabled={unavailable !== undefined}>
                {asset.symbol} · {network}
              </option>
            ))}
          </select>
          <p class="hint" role="status">
            {switchedTo.value === now.chain && `Changed to ${account.asset.symbol}, because the address is one of ${account.network}.`}
          </p>
        </div>
        <div class="field">
          <label for="recipient">To</label>
          <textarea
            ref={toInput}
            id="recipient"
            class="input address-input"
            rows={2}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            value={now.to}
            aria-invalid={wrong.to !== undefined}
            aria-describedby={wrong.to !== undefined ? 'recipient-problem' : 'recipient-hint'}
            onInput={(event) => typeTo(event.currentTarget.value.replace(/\s/g, ''))}
            onKeyDown={(event) => {
              if (event.key === 'Enter') {
                event.preventDefault();
                event.currentTarget.form?.requestSubmit();
              }
            }}
          />
          {wrong.to !== undefined ? (
            <FieldProblem id="recipient-problem" said={wrong.to} />
          ) : (
            <p class="hint" id="recipient-hint">
              An address on {account.network}, as you were given it
            </p>
          )}
        </div>
        <div class="field">
          <label for="amount">Amount</label>
          <div class="joined">
            <input
              ref={amountInput}
              id="amount"
              class="input money"
              type="text"
              inputMode="decimal"
              autocomplete="off"
              value={now.amount}
              aria-invalid={wrong.amount !== undefined}
              aria-describedby={wrong.amount !== undefined ? 'amount-problem' : 'amount-hint'}
              onInput={(event) => {
                draft.value = { ...now, amount: event.currentTarget.value };
              }}
            />
            <span class="inside" aria-hidden="true">
              {account.asset.symbol}
            </span>
          </div>
          {wrong.amount !== undefined ? (
            <FieldProblem id="amount-problem" said={wrong.amount} />
          ) : (
            <p class="hint" id="amount-hint">
              {available === undefined ? (
                `In ${account.asset.symbol}`
              ) : (
                <>
                  You have <Money units={available} asset={account.asset} />, before the fee
                </>
              )}
            </p>
          )}
        </div>
        <div class="pair">
          <button type="submit" class="button primary" aria-disabled={building}>
            Review
          </button>
          <button type="button" class="button" onClick={back}>
            Back
          </button>
        </div>
        <p class="small muted" role="status">
          {building && `Asking ${account.network} for the current fee…`}
        </p>
      </form>
    </main>
  );
}
