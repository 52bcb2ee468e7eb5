import type { PreparedTransfer } from '../worker/api.ts';

/** Whether somebody may have given a false address: then the safe way out is the one that stands out. */
export const looksForged = ({ payments, warnings }: PreparedTransfer): boolean =>
  [...warnings, ...payments.flatMap((payment) => payment.warnings)].includes('look-alike');
