import type { Activity } from '../../worker/api.ts';
import { activity, entries } from '../money.ts';
import { accountOf } from '../session.ts';
import { sayList } from '../words.ts';
import { CopyButton, shorten, WholeAddress } from './address.tsx';
import { Money } from './money.tsx';

const STATES: Record<Activity['state'], string> = { pending: 'Pending', confirmed: 'Confirmed', failed: 'Failed' };
const SIGNS = { in: '+', out: '−', self: '' } as const;
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
      <ul class="entries">
        {entries.value.map((entry) => (
          <Entry key={`${entry.chain} ${entry.id}`} entry={entry} />
        ))}
      </ul>
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
          <span>{sayDirection(entry)}</span>
          <span class={direction === 'in' ? 'end in' : 'end'}>
            <Money units={amount} asset={account.asset} sign={SIGNS[direction]} />
          </span>
          <span class="small muted">{entry.time === undefined ? account.network : time.format(entry.time * 1000)}</span>
          <span class="end">
            <span class={`tag ${state}`}>{STATES[state]}</span>
          </span>
        </summary>
        <div class="details small">
          {counterparty !== undefined && (
            <div>
              <span class="muted">{direction === 'in' ? 'From' : 'To'}</span> <WholeAddress text={counterparty} />
            </div>
          )}
          {fee !== undefined && (
            <div>
              <span class="muted">Fee</span> <Money units={fee} asset={account.asset} />
            </div>
          )}
          <div>
            <span class="muted">Transaction on {account.network}</span> <span class="mono">{id}</span>{' '}
            <CopyButton text={id} what="transaction id" />
          </div>
        </div>
      </details>
    </li>
  );
}

function sayDirection({ direction, counterparty }: Activity): string {
  const who = counterparty === undefined ? '' : shorten(counterparty);
  switch (direction) {
    case 'in':
      return who === '' ? 'Received' : `Received from ${who}`;
    case 'out':
      return who === '' ? 'Sent' : `Sent to ${who}`;
    case 'self':
      return 'Moved within your wallet';
  }
}
