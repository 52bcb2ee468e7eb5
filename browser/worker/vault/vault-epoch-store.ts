/**
 * The browser's `EpochStore`: seals everything first, then writes a step in one strict transaction.
 *
 * Must never: write a plaintext share or seed, or let a prepared epoch replace the committed one before its certificate came.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { TrefoilError } from '#shared/errors.ts';
import type { Epoch, WalletId } from '#shared/ids.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { CommitCertificate, EpochRecord, EpochStore } from '#shared/ports/epoch-store.ts';
import { type VaultDatabase, type WalletRow, type WriteTransaction, writeAtomically } from './database.ts';
import { type RecordKind, sealRecord } from './sealed-record.ts';
import type { UnlockRow } from './unlock/unlock-row.ts';

/** What belongs to an epoch and dies with it. */
const EPOCH_KINDS: ReadonlySet<RecordKind> = new Set<RecordKind>(['share', 'identity', 'package', 'roster']);

interface EpochStoreDeps {
  readonly database: VaultDatabase;
  /** This tab's writer token. */
  readonly token: string;
  readonly dataKey: CryptoKey;
  /** Ed25519 seed of this device. */
  readonly identitySecret: Uint8Array;
  /** Wraps the data key for a wallet that is being created. */
  readonly wrap: (walletId: WalletId) => Promise<UnlockRow>;
  readonly clock: Clock;
}

export class VaultEpochStore implements EpochStore {
  readonly #deps: EpochStoreDeps;

  constructor(deps: EpochStoreDeps) {
    this.#deps = deps;
  }

  async prepare(record: EpochRecord): Promise<void> {
    const { database, token, dataKey, identitySecret, clock } = this.#deps;
    const { walletId, epoch, party } = record;
    const seal = (kind: RecordKind, plaintext: Uint8Array) => sealRecord(dataKey, { kind, walletId, epoch, party }, plaintext);
    const sealed = await Promise.all([
      seal('share', record.share),
      seal('identity', identitySecret),
      seal('package', record.publicPackage),
      seal('roster', encodeRoster(record.roster)),
    ]);
    const unlock = await this.#deps.wrap(walletId);
    const prepared = { epoch, packageHash: sha256(record.publicPackage) };
    await writeAtomically(database, token, async (transaction) => {
      const rows = await transaction.objectStore('wallets').getAll();
      const row = rows.find((candidate) => candidate.walletId === walletId);
      checkPreparable(rows, row, prepared);
      await transaction.objectStore('wallets').put({
        walletId,
        party,
        createdAt: row?.createdAt ?? clock(),
        committed: row?.committed ?? null,
        complete: row?.complete ?? null,
        prepared,
      });
      for (const each of sealed) {
        await transaction.objectStore('records').put(each);
      }
      if (row === undefined) {
        await transaction.objectStore('unlocks').put(unlock);
      }
    });
  }

  async commit(certificate: CommitCertificate): Promise<void> {
    const { walletId, epoch, publicPackageHash } = certificate;
    await writeAtomically(this.#deps.database, this.#deps.token, async (transaction) => {
      const row = await transaction.objectStore('wallets').get(walletId);
      if (row === undefined || row.prepared?.epoch !== epoch || !sameBytes(row.prepared.packageHash, publicPackageHash)) {
        throw new TrefoilError('epoch/conflict', { operation: 'commit', detail: 'the certificate is not for what was prepared here' });
      }
      await transaction.objectStore('wallets').put({ ...row, committed: row.prepared, prepared: null });
    });
  }

  async complete(walletId: WalletId, epoch: Epoch): Promise<void> {
    await writeAtomically(this.#deps.database, this.#deps.token, async (transaction) => {
      const row = await transaction.objectStore('wallets').get(walletId);
      if (row?.committed?.epoch !== epoch) throw new TrefoilError('epoch/conflict', { operation: 'complete' });
      await transaction.objectStore('wallets').put({ ...row, complete: epoch });
      await deleteEpochsBefore(transaction, walletId, epoch);
    });
  }
}

/** @throws TrefoilError `wallet/exists`, `epoch/conflict` */
function checkPreparable(rows: readonly WalletRow[], row: WalletRow | undefined, next: { epoch: Epoch; packageHash: Uint8Array }): void {
  const operation = 'prepare';
  if (rows.some((other) => other !== row && other.complete !== null) || (row?.committed && next.epoch === 0)) {
    throw new TrefoilError('wallet/exists', { operation });
  }
  const expected = row?.committed ? row.committed.epoch + 1 : 0;
  if (next.epoch !== expected) {
    throw new TrefoilError('epoch/conflict', { operation, detail: `the next epoch here is ${expected}` });
  }
  if (row?.prepared && !sameBytes(row.prepared.packageHash, next.packageHash)) {
    throw new TrefoilError('epoch/conflict', { operation, detail: 'another package is already prepared' });
  }
}

async function deleteEpochsBefore(transaction: WriteTransaction, walletId: WalletId, oldest: Epoch): Promise<void> {
  const records = transaction.objectStore('records');
  for (const key of await records.getAllKeys(IDBKeyRange.bound([walletId], [walletId, []]))) {
    const [, kind, epoch] = key;
    if (EPOCH_KINDS.has(kind) && epoch < oldest) {
      await records.delete(key);
    }
  }
}

const encodeRoster = (roster: EpochRecord['roster']): Uint8Array =>
  utf8ToBytes(JSON.stringify([...roster].map(([party, identity]) => [party, bytesToHex(identity)])));

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at]);
