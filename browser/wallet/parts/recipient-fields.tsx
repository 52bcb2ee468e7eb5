import type { ComponentChildren } from 'preact';
import { FieldProblem } from '#browser/consent/field-problem.tsx';
import { recipientWords } from '#browser/words/send.ts';
import type { Account } from '#browser/worker/api.ts';
import { type Recipient, typeAmount, typeTo } from '../draft.ts';
import type { RecipientField, WrongFields } from '../read-recipients.ts';

interface Props {
  readonly recipient: Recipient;
  readonly held: Account;
  /** From 1; undefined where there is only one. */
  readonly position: number | undefined;
  readonly wrong: WrongFields;
  /** Beside the amount; undefined where the whole form says it. */
  readonly hint: ComponentChildren;
  readonly onType: (field: RecipientField) => void;
  readonly onRemove: () => void;
}

/** The element ids of a recipient's fields, for the focus. */
export const fieldIds = (id: number) => ({ to: `recipient-${id}`, amount: `amount-${id}` });

/** Who gets how much. The group has a name once there are several. */
export function RecipientFields({ recipient, held, position, wrong, hint, onType, onRemove }: Props) {
  const { id, to, amount } = recipient;
  const ids = fieldIds(id);
  return (
    <fieldset class="recipient">
      {position !== undefined && (
        <legend>
          <span>{recipientWords.legend(position)}</span>
          <button type="button" class="link" onClick={onRemove}>
            {recipientWords.remove}
            <span class="unseen"> {recipientWords.removed(position)}</span>
          </button>
        </legend>
      )}
      <div class="field">
        <label for={ids.to}>{recipientWords.to}</label>
        <textarea
          id={ids.to}
          class="input address-input"
          rows={2}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={to}
          aria-invalid={wrong.to !== undefined}
          aria-describedby={wrong.to !== undefined ? `${ids.to}-problem` : `${ids.to}-hint`}
          onInput={(event) => {
            onType('to');
            typeTo(id, event.currentTarget.value.replace(/\s/g, ''));
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }
          }}
        />
        {wrong.to !== undefined ? (
          <FieldProblem id={`${ids.to}-problem`} said={wrong.to} />
        ) : (
          <p class="hint" id={`${ids.to}-hint`}>
            {recipientWords.toHint(held.network)}
          </p>
        )}
      </div>
      <div class="field">
        <label for={ids.amount}>{recipientWords.amount}</label>
        <div class="joined">
          <input
            id={ids.amount}
            class="input money"
            type="text"
            inputMode="decimal"
            autocomplete="off"
            value={amount}
            aria-invalid={wrong.amount !== undefined}
            aria-describedby={wrong.amount !== undefined ? `${ids.amount}-problem` : `${ids.amount}-hint`}
            onInput={(event) => {
              onType('amount');
              typeAmount(id, event.currentTarget.value);
            }}
          />
          <span class="inside" aria-hidden="true">
            {held.asset.symbol}
          </span>
        </div>
        {wrong.amount !== undefined ? (
          <FieldProblem id={`${ids.amount}-problem`} said={wrong.amount} />
        ) : (
          <p class={hint === undefined ? 'unseen' : 'hint'} id={`${ids.amount}-hint`}>
            {hint ?? recipientWords.inUnit(held.asset.symbol)}
          </p>
        )}
      </div>
    </fieldset>
  );
}
