import { useLayoutEffect, useState } from 'preact/hooks';
import { Heading } from '#browser/consent/heading.tsx';
import { Money } from '#browser/consent/money.tsx';
import { ProblemNotice } from '#browser/consent/problem-notice.tsx';
import { controlWords } from '#browser/words/controls.ts';
import { recipientWords, sendWords } from '#browser/words/send.ts';
import type { Account } from '#browser/worker/api.ts';
import { TrefoilError } from '#shared/errors.ts';
import { holdingOf, names, usableOf } from '../accounts.ts';
import {
  addRecipient,
  draft,
  forgetDraft,
  payFrom,
  payWith,
  RECIPIENTS_MAX_COUNT,
  type Recipient,
  removeRecipient,
  switched,
} from '../draft.ts';
import { balanceOf, keyOf } from '../money.ts';
import { AccountField } from '../parts/account-field.tsx';
import { AssetField } from '../parts/asset-field.tsx';
import { fieldIds, RecipientFields } from '../parts/recipient-fields.tsx';
import { type RecipientField, readAmount, type Wrong } from '../read-recipients.ts';
import { show } from '../screen.ts';
import { review } from '../transfer.ts';

export function SendScreen() {
  const [problem, setProblem] = useState<TrefoilError | undefined>(undefined);
  const [wrong, setWrong] = useState<Wrong>(new Map());
  const [building, setBuilding] = useState(false);
  const [toFocus, setToFocus] = useState<string | undefined>(undefined);
  // A field can take the focus once it is there; at once, so that no key is lost that is pressed meanwhile.
  useLayoutEffect(() => {
    if (toFocus !== undefined) document.getElementById(toFocus)?.focus();
    setToFocus(undefined);
  }, [toFocus]);
  const now = draft.value;
  const held = now && holdingOf(now.holding.chain, now.holding.account, now.holding.token);
  if (now === undefined || held === undefined) return null;
  const { recipients } = now;
  const several = recipients.length > 1;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (building) return;
    setProblem(undefined);
    setBuilding(true);
    try {
      const found = await review();
      setWrong(found);
      const [first] = found;
      if (first !== undefined) setToFocus(fieldIds(first[0])[first[1].to !== undefined ? 'to' : 'amount']);
    } catch (thrown) {
      setWrong(new Map());
      setProblem(TrefoilError.from(thrown, 'review'));
    }
    setBuilding(false);
  };
  const remove = (recipient: Recipient) => {
    const others = recipients.filter((each) => each !== recipient);
    const next = others[Math.max(0, recipients.indexOf(recipient) - 1)];
    removeRecipient(recipient.id);
    if (next !== undefined) setToFocus(fieldIds(next.id).to);
  };
  /** With another asset, other addresses and amounts are right. */
  const change =
    <Choice,>(choose: (choice: Choice) => void) =>
    (choice: Choice) => {
      setWrong(new Map());
      setProblem(undefined);
      choose(choice);
    };
  const back = () => {
    forgetDraft();
    show({ at: 'home' });
  };

  return (
    <main>
      <Heading>{sendWords.heading}</Heading>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <form class="card" onSubmit={submit} noValidate>
        {names.value.severalAccounts && (
          <AccountField
            id="payer"
            label={sendWords.from}
            canChoose={(account) => usableOf(account).length > 0}
            onChoose={change(payFrom)}
          />
        )}
        <AssetField holding={held} canChoose={({ unavailable }) => unavailable === undefined} onChoose={change(payWith)}>
          {saySwitched(held)}
        </AssetField>
        {recipients.map((recipient, at) => (
          <RecipientFields
            key={recipient.id}
            recipient={recipient}
            held={held}
            position={several ? at + 1 : undefined}
            wrong={wrong.get(recipient.id) ?? {}}
            hint={several ? undefined : <Available held={held} />}
            onType={(field) => setWrong(without(wrong, recipient.id, field))}
            onRemove={() => remove(recipient)}
          />
        ))}
        {several && <Together recipients={recipients} held={held} />}
        {recipients.length < RECIPIENTS_MAX_COUNT ? (
          <button type="button" class="link start" onClick={() => setToFocus(fieldIds(addRecipient()).to)}>
            {sendWords.addRecipient}
          </button>
        ) : (
          <p class="small muted">{sendWords.atMost(RECIPIENTS_MAX_COUNT)}</p>
        )}
        <div class="pair">
          <button type="submit" class="button primary" aria-disabled={building}>
            {controlWords.review}
          </button>
          <button type="button" class="button" onClick={back}>
            {controlWords.back}
          </button>
        </div>
        <p class="small muted" role="status">
          {building && sendWords.askingFee(held.network)}
        </p>
      </form>
    </main>
  );
}

/** What a person changes is no longer wrong, until it is looked at again. */
function without(wrong: Wrong, id: number, field: RecipientField): Wrong {
  const { [field]: _, ...others } = wrong.get(id) ?? {};
  return new Map(wrong).set(id, others);
}

/** Said when the page chose another asset than the person. */
function saySwitched({ chain, account, token, asset, network }: Account): string | undefined {
  if (switched.value?.key !== keyOf({ chain, account, token })) return undefined;
  return switched.value.because === 'address'
    ? sendWords.switched.address(asset.symbol, network)
    : sendWords.switched.account(asset.symbol, account);
}

/** What there is to send, and what the fee is paid with where that is another asset. */
function Available({ held }: { held: Account }) {
  const { chain, account, token, asset } = held;
  const units = balanceOf(held)?.units;
  const money = token === undefined ? undefined : holdingOf(chain, account, undefined);
  const have = units === undefined ? undefined : <Money units={units} asset={asset} />;
  const say = money === undefined ? recipientWords.available : recipientWords.availableToken;
  return (
    <>
      {have === undefined ? recipientWords.inUnit(asset.symbol) : say(have)}
      {money !== undefined && <FeeMoney money={money} />}
    </>
  );
}

function FeeMoney({ money }: { money: Account }) {
  const { symbol } = money.asset;
  const units = balanceOf(money)?.units;
  return units === undefined ? recipientWords.feeIn(symbol) : recipientWords.feeInOf(symbol, <Money units={units} asset={money.asset} />);
}

/** The sum, once every amount is one. */
function Together({ recipients, held }: { recipients: readonly Recipient[]; held: Account }) {
  const amounts = recipients.map(({ amount }) => readAmount(amount, held.asset)).filter((amount) => typeof amount === 'bigint');
  const sum = amounts.reduce((total, amount) => total + amount, 0n);
  return (
    <div class="tight">
      {amounts.length === recipients.length && (
        <p class="row apart">
          <span class="muted">{sendWords.together(recipients.length)}</span>
          <strong>
            <Money units={sum} asset={held.asset} />
          </strong>
        </p>
      )}
      <p class="small muted">
        <Available held={held} />
      </p>
    </div>
  );
}
