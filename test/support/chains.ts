import type { ChainId } from '../../shared/ids.ts';

/** The chain that tests without a network sign for. */
export const SOLANA_LOCAL = 'solana:localnet' as ChainId;
