/**
 * Every error code of Trefoil. A code never changes its meaning; its entry says who is to blame, whether the same call may
 * succeed later, whether the request itself was refused, and what to do. The part before the slash names the area.
 */
import { ABOUT_WALLETS } from './about-wallets.ts';
import { BETWEEN_PARTIES } from './between-parties.ts';

export const CATALOGUE = { ...BETWEEN_PARTIES, ...ABOUT_WALLETS } as const;

/** The code of a `TrefoilError`. */
export type ErrorCode = keyof typeof CATALOGUE;
