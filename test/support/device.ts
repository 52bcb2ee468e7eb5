/** A device without a page: the Worker's own ceremonies, with the engine for Node and a vault in memory. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { base58 } from '@scure/base';
import { createWallet } from '#browser/worker/ceremonies/create-wallet.ts';
import { Signer, type SignOptions } from '#browser/worker/ceremonies/signing/signer.ts';
import { accountKeys, accountPath } from '#shared/accounts.ts';
import { chainPlugin } from '#shared/chains/registry.ts';
import { buildSolanaTransfers } from '#shared/chains/solana/build-transfer.ts';
import { type Identity, identityFromSeed } from '#shared/channel/identity.ts';
import type { ChainId, WalletId } from '#shared/ids.ts';
import type { AccountKeys, Engine, KeyShare, PublicKeys } from '#shared/ports/engine.ts';
import { platformRandom } from '#shared/ports/random-bytes.ts';
import type { Release } from '#shared/release.ts';
import { FIRST_EPOCH } from '#shared/session/ceremonies.ts';
import { loadEngine } from '#wasm/js/load-node.ts';
import { ETHEREUM_LOCAL, SOLANA_LOCAL } from './chains.ts';
import { clock, MemoryEpochStore } from './parties.ts';

/** A wallet and all that its device holds. */
export interface TestWallet {
  readonly walletId: WalletId;
  readonly share: KeyShare;
  readonly keys: PublicKeys;
  readonly publicPackage: Uint8Array;
  /** Of account 0. */
  readonly account: AccountKeys;
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
    const { walletId, share, publicPackage } = await createWallet({
      ...{ engine, release: this.#release, store, identitySecret, onProgress },
      ...{ clock, random: platformRandom },
    });
    return {
      ...{ walletId, share, publicPackage, identitySecret },
      keys: engine.publicKeys(publicPackage),
      account: accountKeys(engine, publicPackage, 0),
      identity: await identityFromSeed(identitySecret),
    };
  }
}

export const createTestWallet = (release: Release): Promise<TestWallet> => new TestDevice(release).create();

/** The device's signer; `close` it. */
export async function signerOf(wallet: TestWallet, release: Release, engine?: Engine): Promise<Signer> {
  const { walletId, share, identitySecret } = wallet;
  return new Signer({
    ...{ engine: engine ?? (await loadEngine()), share, walletId, epoch: FIRST_EPOCH, identitySecret, release },
    ...{ clock, random: platformRandom },
  });
}

/** A device with a wallet made anew and sessions open with the nodes, as a page is after creation. */
export interface OpenDevice {
  readonly wallet: TestWallet;
  readonly signer: Signer;
  /** Forgets the one-time material. */
  close(): void;
}

/** @param wallet one that was made before; otherwise it is made now */
export async function openDevice(release: Release, options: { wallet?: TestWallet; engine?: Engine } = {}): Promise<OpenDevice> {
  const wallet = options.wallet ?? (await createTestWallet(release));
  const signer = await signerOf(wallet, release, options.engine);
  await signer.open();
  return { wallet, signer, close: () => signer.close() };
}

/** The real engine, with a list of every presignature that it was given to sign with. */
export async function watchedEngine(): Promise<{ engine: Engine; used: string[] }> {
  const engine = await loadEngine();
  const used: string[] = [];
  const watched: Engine = {
    ...engine,
    initiateEcdsa: (options) => {
      used.push(Buffer.from(options.presignature.id).toString('hex'));
      return engine.initiateEcdsa(options);
    },
  };
  return { engine: watched, used };
}

/** What the signer needs to sign these requests of one account, as the page would have them signed. */
export function approvalOf(chain: ChainId, keys: AccountKeys, ...unsigned: Uint8Array[]): SignOptions {
  const plugin = chainPlugin(chain);
  const tasks = unsigned.flatMap((each) => plugin.read(each, keys).tasks);
  return {
    requests: unsigned.map((each) => ({ chain, account: keys.account, unsigned: each })),
    tasks: tasks.map((task) => ({ ...task, path: accountPath(task.key, keys.account) })),
  };
}

/** A Solana transfer of this wallet. No two are alike. */
export function transferOf(wallet: TestWallet, lamports = 1_000_000n): SignOptions {
  const random = (): string => base58.encode(crypto.getRandomValues(new Uint8Array(32)));
  const transactions = buildSolanaTransfers(
    { keys: wallet.account, payments: [{ to: random(), amount: lamports, token: undefined }] },
    {
      balance: 10_000_000_000n,
      blockhash: random(),
      lastValidBlockHeight: 1000n,
      rentExemptMinimum: 890_880n,
      recipientBalances: new Map(),
      microLamports: 0n,
    },
  );
  return approvalOf(SOLANA_LOCAL, wallet.account, ...transactions);
}

/** A message of this wallet for Ethereum: one ECDSA signature each. No two are alike. */
export function messageOf(wallet: TestWallet, ...texts: string[]): SignOptions {
  const { messages } = chainPlugin(ETHEREUM_LOCAL);
  if (messages === undefined) throw new Error('messages');
  const forms = texts.length > 0 ? texts : [crypto.randomUUID()];
  return approvalOf(ETHEREUM_LOCAL, wallet.account, ...forms.map((text) => messages.text(text)));
}

/** Whether noble, which is not ours, verifies the wallet's signature over a transfer or message. */
export function verifies(wallet: TestWallet, { tasks: [task] }: SignOptions, signature: Uint8Array | undefined): boolean {
  if (task === undefined || signature === undefined) return false;
  if (task.key === 'ed25519') return ed25519.verify(signature, task.digest, wallet.keys.ed25519);
  return secp256k1.verify(signature.slice(0, 64), task.digest, wallet.account.ecdsa, { prehash: false, lowS: true });
}

/** Whether the wallet still works: a transfer is signed, and a library that is not ours verifies it. */
export async function stillSigns(wallet: TestWallet, release: Release): Promise<boolean> {
  const { signer, close } = await openDevice(release, { wallet });
  try {
    const transfer = transferOf(wallet);
    return verifies(wallet, transfer, (await signer.sign(transfer)).signatures[0]);
  } finally {
    close();
  }
}
