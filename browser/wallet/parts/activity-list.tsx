import { CopyButton } from '#browser/consent/copy-button.tsx';
import { Money } from '#browser/consent/money.tsx';
import { shorten } from '#browser/consent/shorten.ts';
import { WholeAddress } from '#browser/consent/whole-address.tsx';
import { activityWords } from '#browser/words/activity.ts';
import { sayDay, sayTime } from '#browser/words/dates.ts';
import type { Activity } from '#browser/worker/api.ts';
import { names } from '../accounts.ts';
import { activity, entries } from '../money.ts';

const SIGNS = { in: '+', out: '−', self: '' } as const;

export function ActivityList() {
  const answered = activity.value;
  const missing = answered.filter(({ read }) => !read.listed).map(({ place }) => names.value.networkName(place.chain));
  return (
    <section class="card" aria-labelledby="activity">
      <h2 id="activity">{activityWords.heading}</h2>
      {answered.length === 0 && <p class="muted">{activityWords.reading}</p>}
      {missing.length > 0 && <p class="small muted">{activityWords.missing(missing)}</p>}
      {answered.length > 0 && missing.length === 0 && entries.value.length === 0 && <p class="muted">{activityWords.empty}</p>}
      {entries.value.length > 0 && (
        <ul class="entries">
          {keyed(entries.value).map(({ key, entry }) => (
            <Entry key={key} entry={entry} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** One transaction can make several payments, each with a line of its own; a line that is open stays so when newer ones come. */
function keyed(lines: readonly Activity[]): { key: string; entry: Activity }[] {
  const seen = new Map<string, number>();
  return lines.map((entry) => {
    const transaction = `${entry.chain} ${entry.id}`;
    const count = seen.get(transaction) ?? 0;
    seen.set(transaction, count + 1);
    return { key: `${transaction} ${count}`, entry };
  });
}

function Entry({ entry }: { entry: Activity }) {
  const { chain, id, direction, amount, token, fee, counterparty, state } = entry;
  return (
    <li>
      <details>
        <summary>
          <span class="line">
            <span>{activityWords.directions[direction]}</span>
            <span class={direction === 'in' ? 'in' : undefined}>
              <Money units={amount} asset={names.value.assetOf(chain, token)} sign={SIGNS[direction]} />
            </span>
          </span>
          <span class="line small muted">
            <span>{sayCounterparty(entry)}</span>
            <span>
              {state === 'confirmed' ? (
                entry.time !== undefined && sayDay(entry.time, Date.now())
              ) : (
                <span class={`tag ${state}`}>{activityWords.states[state]}</span>
              )}
            </span>
          </span>
        </summary>
        <div class="details small">
          {counterparty !== undefined && (
            <div>
              <span class="muted">{direction === 'in' ? activityWords.from : activityWords.to}</span>
              <WholeAddress text={counterparty} />
            </div>
          )}
          {token !== undefined && (
            <div>
              <span class="muted">{activityWords.contract}</span>
              <WholeAddress text={token} />
            </div>
          )}
          {fee !== undefined && (
            <div>
              <span class="muted">{activityWords.fee}</span>
              <Money units={fee} asset={names.value.assetOf(chain, undefined)} />
            </div>
          )}
          <div>
            <span class="muted">{activityWords.states[state]}</span>
            {entry.time !== undefined && <span>{sayTime(entry.time)}</span>}
          </div>
          <div>
            <span class="muted">{activityWords.transactionOn(names.value.networkName(chain))}</span>
            <span class="mono">{id}</span>
            <span>
              <CopyButton text={id} what={activityWords.transactionId} />
            </span>
          </div>
        </div>
      </details>
    </li>
  );
}

function sayCounterparty({ direction, counterparty }: Activity): string {
  if (direction === 'self') return activityWords.withinWallet;
  if (counterparty === undefined) return '';
  return activityWords.fromOrTo[direction](shorten(counterparty));
}
