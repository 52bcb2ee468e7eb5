import type { ChainId } from '#shared/ids.ts';

/** The chains that tests without a network sign for. */
export const SOLANA_LOCAL = 'solana:localnet' as ChainId;
export const ETHEREUM_LOCAL = 'eip155:31337' as ChainId;
