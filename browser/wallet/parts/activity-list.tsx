import { CopyButton } from '#browser/consent/copy-button.tsx';
import { Money } from '#browser/consent/money.tsx';
import { shorten } from '#browser/consent/shorten.ts';
import { WholeAddress } from '#browser/consent/whole-address.tsx';
import { sayList } from '#browser/consent/words.ts';
import type { Activity } from '#browser/worker/api.ts';
import { names } from '../accounts.ts';
import { activity, entries } from '../money.ts';

const STATES: Record<Activity['state'], string> = { pending: 'Pending', confirmed: 'Confirmed', failed: 'Failed' };
const SIGNS = { in: '+', out: '−', self: '' } as const;
const DIRECTIONS = { in: 'Received', out: 'Sent', self: 'Moved' } as const;
const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' });
const year = new Intl.DateTimeFormat('en', { year: 'numeric' });
const time = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

export function ActivityList() {
  const answered = activity.value;
  const missing = answered.filter(({ read }) => !read.listed).map(({ place }) => names.value.networkName(place.chain));
  return (
    <section class="card" aria-labelledby="activity">
      <h2 id="activity">Activity</h2>
      {answered.length === 0 && <p class="muted">Reading your history…</p>}
      {missing.length > 0 && <p class="small muted">{sayList(missing)}: the history cannot be read at the moment.</p>}
      {answered.length > 0 && missing.length === 0 && entries.value.length === 0 && (
        <p class="muted">Nothing yet. What you receive and pay appears here.</p>
      )}
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
            <span>{DIRECTIONS[direction]}</span>
            <span class={direction === 'in' ? 'in' : undefined}>
              <Money units={amount} asset={names.value.assetOf(chain, token)} sign={SIGNS[direction]} />
            </span>
          </span>
          <span class="line small muted">
            <span>{sayCounterparty(entry)}</span>
            <span>{state === 'confirmed' ? sayDay(entry.time) : <span class={`tag ${state}`}>{STATES[state]}</span>}</span>
          </span>
        </summary>
        <div class="details small">
          {counterparty !== undefined && (
            <div>
              <span class="muted">{direction === 'in' ? 'From' : 'To'}</span>
              <WholeAddress text={counterparty} />
            </div>
          )}
          {token !== undefined && (
            <div>
              <span class="muted">Contract of the token</span>
              <WholeAddress text={token} />
            </div>
          )}
          {fee !== undefined && (
            <div>
              <span class="muted">Fee</span>
              <Money units={fee} asset={names.value.assetOf(chain, undefined)} />
            </div>
          )}
          <div>
            <span class="muted">{STATES[state]}</span>
            {entry.time !== undefined && <span>{time.format(entry.time * 1000)}</span>}
          </div>
          <div>
            <span class="muted">Transaction on {names.value.networkName(chain)}</span>
            <span class="mono">{id}</span>
            <span>
              <CopyButton text={id} what="transaction id" />
            </span>
          </div>
        </div>
      </details>
    </li>
  );
}

function sayCounterparty({ direction, counterparty }: Activity): string {
  if (direction === 'self') return 'within your wallet';
  if (counterparty === undefined) return '';
  return `${direction === 'in' ? 'from' : 'to'} ${shorten(counterparty)}`;
}

/** Without the year, unless it is another. */
function sayDay(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  const [then, now] = [seconds * 1000, Date.now()];
  return year.format(then) === year.format(now) ? day.format(then) : `${day.format(then)}, ${year.format(then)}`;
}
