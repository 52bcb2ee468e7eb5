/** A device without a page: the Worker's own ceremonies, with the engine for Node and a vault in memory. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { base58 } from '@scure/base';
import { createWallet } from '../../browser/worker/ceremonies/create-wallet.ts';
import { Signer, type SignOptions } from '../../browser/worker/ceremonies/signer.ts';
import { buildSolanaTransfer } from '../../shared/chains/solana/build-transfer.ts';
import { type Identity, identityFromSeed } from '../../shared/channel/identity.ts';
import type { Epoch, WalletId } from '../../shared/ids.ts';
import type { KeyShare, PublicKeys } from '../../shared/ports/engine.ts';
import type { Release } from '../../shared/release.ts';
import { loadEngine } from '../../wasm/js/load-node.ts';
import { SOLANA_LOCAL } from './chains.ts';
import { MemoryEpochStore } from './parties.ts';

/** A wallet and all that its device holds. */
export interface TestWallet {
  readonly walletId: WalletId;
  readonly share: KeyShare;
  readonly keys: PublicKeys;
  readonly identity: Identity;
  readonly identitySecret: Uint8Array;
}

/** What the device has done so far, also when creation fails. */
export class TestDevice {
  readonly store = new MemoryEpochStore();
  readonly identitySecret = crypto.getRandomValues(new Uint8Array(32));
  readonly steps: string[] = [];
  readonly #release: Release;

  constructor(release: Release) {
    this.#release = release;
  }

  async create(onStep: (step: string) => void = () => undefined): Promise<TestWallet> {
    const engine = await loadEngine();
    const { identitySecret, store } = this;
    const onProgress = ({ step }: { step: string }): void => {
      this.steps.push(step);
      onStep(step);
    };
    const { walletId, share, publicPackage } = await createWallet({ engine, release: this.#release, store, identitySecret, onProgress });
    return { walletId, share, keys: engine.publicKeys(publicPackage), identity: await identityFromSeed(identitySecret), identitySecret };
  }
}

export const createTestWallet = (release: Release): Promise<TestWallet> => new TestDevice(release).create();

/** The device's signer; `close` it. */
export async function signerOf(wallet: TestWallet, release: Release): Promise<Signer> {
  const { walletId, share, identitySecret } = wallet;
  return new Signer({ engine: await loadEngine(), share, walletId, epoch: 0 as Epoch, identitySecret, release });
}

/** A Solana transfer of this wallet, as the page would have it signed. No two are alike. */
export function transferOf(wallet: TestWallet, lamports = 1_000_000n): SignOptions {
  const random = (): string => base58.encode(crypto.getRandomValues(new Uint8Array(32)));
  const transaction = buildSolanaTransfer(
    { keys: wallet.keys, to: random(), amount: lamports },
    {
      balance: 10_000_000_000n,
      blockhash: random(),
      lastValidBlockHeight: 1000n,
      rentExemptMinimum: 890_880n,
      recipientBalance: 0n,
      microLamports: 0n,
    },
  );
  return { chain: SOLANA_LOCAL, transaction, digests: [transaction], suite: 'ed25519' };
}

/** Whether noble, which is not ours, verifies the wallet's signature over a transfer. */
export const verifies = (wallet: TestWallet, transfer: SignOptions, signature: Uint8Array | undefined): boolean =>
  signature !== undefined && ed25519.verify(signature, transfer.transaction, wallet.keys.ed25519);
