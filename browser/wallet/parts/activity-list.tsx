import type { Activity } from '../../worker/api.ts';
import { activity, entries } from '../money.ts';
import { accountOf } from '../session.ts';
import { sayList } from '../words.ts';
import { CopyButton, shorten, WholeAddress } from './address.tsx';
import { Money } from './money.tsx';

const STATES: Record<Activity['state'], string> = { pending: 'Pending', confirmed: 'Confirmed', failed: 'Failed' };
const SIGNS = { in: '+', out: '−', self: '' } as const;
const DIRECTIONS = { in: 'Received', out: 'Sent', self: 'Moved' } as const;
const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' });
const year = new Intl.DateTimeFormat('en', { year: 'numeric' });
const time = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

export function ActivityList() {
  const answered = [...activity.value];
  const missing = answered.filter(([, { listed }]) => !listed).map(([chain]) => accountOf(chain)?.network ?? chain);
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
          {entries.value.map((entry) => (
            <Entry key={`${entry.chain} ${entry.id}`} entry={entry} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Entry({ entry }: { entry: Activity }) {
  const account = accountOf(entry.chain);
  if (account === undefined) return null;
  const { id, direction, amount, fee, counterparty, state } = entry;
  return (
    <li>
      <details>
        <summary>
          <span>{DIRECTIONS[direction]}</span>
          <span class={direction === 'in' ? 'in' : undefined}>
            <Money units={amount} asset={account.asset} sign={SIGNS[direction]} />
          </span>
          <span class="small muted">{sayCounterparty(entry)}</span>
          <span class="small muted">
            {state === 'confirmed' ? sayDay(entry.time) : <span class={`tag ${state}`}>{STATES[state]}</span>}
          </span>
        </summary>
        <div class="details small">
          {counterparty !== undefined && (
            <div>
              <span class="muted">{direction === 'in' ? 'From' : 'To'}</span>
              <WholeAddress text={counterparty} />
            </div>
          )}
          {fee !== undefined && (
            <div>
              <span class="muted">Fee</span>
              <Money units={fee} asset={account.asset} />
            </div>
          )}
          <div>
            <span class="muted">{STATES[state]}</span>
            {entry.time !== undefined && <span>{time.format(entry.time * 1000)}</span>}
          </div>
          <div>
            <span class="muted">Transaction on {account.network}</span>
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
