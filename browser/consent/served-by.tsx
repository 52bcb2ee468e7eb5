import { approvingWords } from '#browser/words/review.ts';
import type { Served } from '../worker/api.ts';

/** Who made the signature, and what it took. @param transactions that the approval was for */
export const ServedBy = ({ served, transactions = 1 }: { served: Served; transactions?: number }) => (
  <p class="small muted">{approvingWords.servedBy(served, transactions)}</p>
);
