import { riskWords, sayWarning } from '#browser/words/review.ts';
import type { PreparedTransfer, Warning } from '../worker/api.ts';
import type { Names } from './names.ts';

/** In the order of their weight. */
const ORDER: readonly Warning[] = ['look-alike', 'new-recipient', 'own-address', 'high-fee', 'almost-everything'];

/** What could go wrong: each warning once, with the payments that it is about. */
export function TransferRisks({ transfer, names: { assetOf } }: { transfer: PreparedTransfer; names: Names }) {
  const { chain, payments, warnings } = transfer;
  const several = payments.length > 1;
  return (
    <ul class="risks" aria-label={riskWords.heading}>
      {ORDER.map((warning) => {
        const about = payments.flatMap((payment, at) => (payment.warnings.includes(warning) ? [at + 1] : []));
        const overall = warnings.includes(warning);
        if (about.length === 0 && !overall) return null;
        const token = payments[(about[0] ?? 1) - 1]?.token;
        const asset = assetOf(chain, token) ?? assetOf(chain, undefined);
        if (asset === undefined) return null;
        const { title, text } = sayWarning(warning, asset, token !== undefined);
        return (
          <li key={warning} class={warning === 'look-alike' ? 'notice bad small' : 'notice care small'}>
            <strong>
              {several && !overall && riskWords.ofPayments(about)}
              {title}
            </strong>
            {text}
          </li>
        );
      })}
      <li class="small muted">{riskWords.final}</li>
    </ul>
  );
}
