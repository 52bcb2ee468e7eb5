import type { PreparedPayment, PreparedTransfer } from '../worker/api.ts';

interface Total {
  /** Undefined for the chain's own money. */
  readonly token: string | undefined;
  /** Base units. */
  readonly units: bigint;
}

/** The contracts of the tokens that payments are made with, each once. */
export const tokensOf = (payments: readonly PreparedPayment[]): string[] => [...new Set(payments.flatMap(({ token }) => token ?? []))];

/** What leaves in each asset, tokens first; the fee is part of the chain's own money. */
export function totalsOf({ payments, fee }: PreparedTransfer): Total[] {
  const sumOf = (asset: string | undefined): bigint =>
    payments.filter(({ token }) => token === asset).reduce((sum, { amount }) => sum + amount, 0n);
  return [...tokensOf(payments).map((token) => ({ token, units: sumOf(token) })), { token: undefined, units: sumOf(undefined) + fee }];
}
