/**
 * A node's storage in memory: the twin of the real ones, for tests and simulations. It forgets everything with its process, so no
 * configuration can choose it.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { equalBytes } from '#shared/channel/bytes.ts';
import { TrefoilError } from '#shared/errors.ts';
import type { Epoch, IntentId, WalletId } from '#shared/ids.ts';
import type { CommitCertificate, EpochRecord } from '#shared/ports/epoch-store.ts';
import type { AcceptedIntent, CommittedWallet, NodeStorage, ShareStore, UnitOfWork } from '../ports.ts';

interface Row {
  readonly record: EpochRecord;
  readonly committed: boolean;
}

export class MemoryStorage implements NodeStorage {
  readonly shares = new MemoryShareStore();
  #accepted = new Map<IntentId, AcceptedIntent>();
  #queue: Promise<unknown> = Promise.resolve();

  unit<T>(step: (unit: UnitOfWork) => Promise<T>): Promise<T> {
    const run = this.#queue.then(async () => {
      const accepted = new Map(this.#accepted);
      const result = await step({ shares: this.shares, intents: { accept: async (intent) => accept(accepted, intent) } });
      this.#accepted = accepted;
      return result;
    });
    this.#queue = run.catch(() => undefined);
    return run;
  }

  close(): void {}
}

function accept(accepted: Map<IntentId, AcceptedIntent>, intent: AcceptedIntent): void {
  if (accepted.has(intent.intentId)) throw new TrefoilError('intent/repeated', { operation: 'accept' });
  accepted.set(intent.intentId, intent);
}

class MemoryShareStore implements ShareStore {
  readonly #rows = new Map<WalletId, Row[]>();

  #of(walletId: WalletId): Row[] {
    return this.#rows.get(walletId) ?? [];
  }

  async has(walletId: WalletId): Promise<boolean> {
    return this.#rows.has(walletId);
  }

  async prepare(record: EpochRecord): Promise<void> {
    if (this.#rows.has(record.walletId)) throw new TrefoilError('wallet/exists', { operation: 'prepare' });
    const { share, publicPackage } = record;
    const kept = { ...record, share: Uint8Array.from(share), publicPackage: Uint8Array.from(publicPackage) };
    this.#rows.set(record.walletId, [{ record: kept, committed: false }]);
  }

  async commit({ walletId, epoch, publicPackageHash }: CommitCertificate): Promise<void> {
    const rows = this.#of(walletId);
    const at = rows.findIndex(({ record }) => record.epoch === epoch && equalBytes(sha256(record.publicPackage), publicPackageHash));
    const prepared = rows[at];
    if (prepared === undefined) throw new TrefoilError('epoch/conflict', { operation: 'commit' });
    this.#rows.set(walletId, rows.with(at, { ...prepared, committed: true }));
  }

  async complete(walletId: WalletId, epoch: Epoch): Promise<void> {
    const { epoch: current } = await this.committed(walletId);
    if (current !== epoch) throw new TrefoilError('epoch/conflict', { operation: 'complete' });
    this.#rows.set(
      walletId,
      this.#of(walletId).filter(({ record }) => record.epoch >= epoch),
    );
  }

  async committed(walletId: WalletId): Promise<CommittedWallet> {
    const newest = this.#of(walletId).findLast(({ committed }) => committed);
    if (newest === undefined)
      throw new TrefoilError(this.#rows.has(walletId) ? 'wallet/not-committed' : 'wallet/unknown', { operation: 'committed' });
    const { epoch, party, publicPackage, roster } = newest.record;
    return { walletId, epoch, party, publicPackage, roster };
  }

  async withShare<T>({ walletId, epoch }: CommittedWallet, use: (share: Uint8Array) => T): Promise<T> {
    const row = this.#of(walletId).find(({ record }) => record.epoch === epoch);
    if (row === undefined) throw new TrefoilError('wallet/unknown', { operation: 'withShare' });
    const share = Uint8Array.from(row.record.share);
    try {
      return use(share);
    } finally {
      share.fill(0);
    }
  }
}
