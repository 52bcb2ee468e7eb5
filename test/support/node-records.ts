/** What a node is given to keep, made up: no ceremony has to run before a store can be tried. */
import { sha256 } from '@noble/hashes/sha2.js';
import { type Epoch, type PartyId, randomIntentId, randomWalletId, type UnixMs } from '#shared/ids.ts';
import type { CommitCertificate, EpochRecord } from '#shared/ports/epoch-store.ts';

export const PLAINTEXT_SHARE = new TextEncoder().encode('a plaintext share that must never be on a disk');

/** Epoch 0 of a fresh wallet, as node 2 keeps it. */
export const epochRecord = (over: Partial<EpochRecord> = {}): EpochRecord => ({
  walletId: randomWalletId(),
  epoch: 0 as Epoch,
  party: 2 as PartyId,
  share: PLAINTEXT_SHARE.slice(),
  publicPackage: new Uint8Array([1, 2, 3]),
  roster: new Map([
    [1 as PartyId, new Uint8Array(32).fill(1)],
    [2 as PartyId, new Uint8Array(32).fill(2)],
  ]),
  ...over,
});

export const certificateOf = (of: EpochRecord): CommitCertificate => ({
  walletId: of.walletId,
  epoch: of.epoch,
  publicPackageHash: sha256(of.publicPackage),
  signatures: new Map([[1 as PartyId, new Uint8Array(64)]]),
});

export const acceptedIntent = () => ({
  intentId: randomIntentId(),
  walletId: randomWalletId(),
  hash: new Uint8Array(32),
  acceptedAt: 1 as UnixMs,
});
