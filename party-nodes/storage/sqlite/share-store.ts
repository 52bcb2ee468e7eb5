/**
 * The node's shares in SQLite. Each is sealed with AES-256-GCM under a data key of its own wallet, which the KMS wraps; the
 * seal binds wallet, epoch and party.
 *
 * Must never: write a plaintext share or data key, or replace a committed epoch before its successor is committed.
 */
import { randomBytes } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Kms } from '#party-nodes/at-rest/kms.ts';
import { openAtRest, sealAtRest } from '#party-nodes/at-rest/seal.ts';
import { encodeParts, equalBytes, uint64 } from '#shared/channel/bytes.ts';
import type { Roster } from '#shared/channel/hello.ts';
import { TrefoilError } from '#shared/errors.ts';
import { type Epoch, idBytes, type PartyId, parseEpoch, parsePartyId, type WalletId } from '#shared/ids.ts';
import type { CommitCertificate, EpochRecord } from '#shared/ports/epoch-store.ts';
import type { CommittedWallet, ShareStore } from '../ports.ts';
import type { Database } from './database.ts';

const DATA_KEY_BYTES = 32;

export class SqliteShareStore implements ShareStore {
  readonly #database: Database;
  readonly #kms: Kms;

  constructor(database: Database, kms: Kms) {
    this.#database = database;
    this.#kms = kms;
  }

  async has(walletId: WalletId): Promise<boolean> {
    return this.#has(walletId);
  }

  #has(walletId: WalletId): boolean {
    return this.#database.prepare('SELECT 1 FROM shares WHERE wallet_id = ?').get(walletId) !== undefined;
  }

  async prepare(record: EpochRecord): Promise<void> {
    const dataKey = randomBytes(DATA_KEY_BYTES);
    try {
      const wrapped = await this.#kms.wrap(dataKey, keyContext(record.walletId));
      const sealed = sealAtRest(dataKey, record.share, shareContext(record));
      await this.#database.transact(() => {
        if (this.#has(record.walletId)) throw new TrefoilError('wallet/exists', { operation: 'prepare' });
        this.#database
          .prepare(
            'INSERT INTO shares (wallet_id, epoch, state, party, wrapped_data_key, sealed_share, public_package, roster) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          )
          .run(record.walletId, record.epoch, 'prepared', record.party, wrapped, sealed, record.publicPackage, encodeRoster(record.roster));
      });
    } finally {
      dataKey.fill(0);
    }
  }

  async commit(certificate: CommitCertificate): Promise<void> {
    const { walletId, epoch } = certificate;
    await this.#database.transact(() => {
      const row = this.#database.prepare('SELECT public_package FROM shares WHERE wallet_id = ? AND epoch = ?').get(walletId, epoch);
      const prepared = row?.['public_package'];
      if (!(prepared instanceof Uint8Array) || !equalBytes(sha256(prepared), certificate.publicPackageHash)) {
        throw new TrefoilError('epoch/conflict', { operation: 'commit' });
      }
      this.#database
        .prepare("UPDATE shares SET state = 'committed', certificate = ? WHERE wallet_id = ? AND epoch = ?")
        .run(encodeRoster(certificate.signatures), walletId, epoch);
    });
  }

  async complete(walletId: WalletId, epoch: Epoch): Promise<void> {
    await this.#database.transact(() => {
      const { epoch: current } = this.#committed(walletId);
      if (current !== epoch) throw new TrefoilError('epoch/conflict', { operation: 'complete' });
      this.#database.prepare('DELETE FROM shares WHERE wallet_id = ? AND epoch < ?').run(walletId, epoch);
    });
  }

  async committed(walletId: WalletId): Promise<CommittedWallet> {
    return this.#committed(walletId);
  }

  #committed(walletId: WalletId): CommittedWallet {
    const row = this.#database
      .prepare(
        "SELECT epoch, party, public_package, roster FROM shares WHERE wallet_id = ? AND state = 'committed' ORDER BY epoch DESC LIMIT 1",
      )
      .get(walletId);
    if (row === undefined)
      throw new TrefoilError(this.#has(walletId) ? 'wallet/not-committed' : 'wallet/unknown', { operation: 'committed' });
    return {
      walletId,
      epoch: parseEpoch(Number(row['epoch'])),
      party: parsePartyId(Number(row['party'])),
      publicPackage: row['public_package'] as Uint8Array,
      roster: decodeRoster(String(row['roster'])),
    };
  }

  async withShare<T>(wallet: CommittedWallet, use: (share: Uint8Array) => T): Promise<T> {
    const row = this.#database
      .prepare('SELECT wrapped_data_key, sealed_share FROM shares WHERE wallet_id = ? AND epoch = ?')
      .get(wallet.walletId, wallet.epoch);
    if (row === undefined) throw new TrefoilError('wallet/unknown', { operation: 'withShare' });
    const dataKey = await this.#kms.unwrap(row['wrapped_data_key'] as Uint8Array, keyContext(wallet.walletId));
    try {
      const share = openAtRest(dataKey, row['sealed_share'] as Uint8Array, shareContext(wallet));
      try {
        return use(share);
      } finally {
        share.fill(0);
      }
    } finally {
      dataKey.fill(0);
    }
  }
}

const keyContext = (walletId: WalletId): Uint8Array => encodeParts('trefoil/data-key/v1', idBytes(walletId));

const shareContext = (of: { walletId: WalletId; epoch: Epoch; party: PartyId }): Uint8Array =>
  encodeParts('trefoil/share-at-rest/v1', idBytes(of.walletId), uint64(of.epoch), uint64(of.party), utf8ToBytes('share'));

const encodeRoster = (roster: ReadonlyMap<PartyId, Uint8Array>): string =>
  JSON.stringify([...roster].sort(([a], [b]) => a - b).map(([party, bytes]) => [party, bytesToHex(bytes)]));

function decodeRoster(text: string): Roster {
  try {
    return new Map((JSON.parse(text) as [number, string][]).map(([party, hex]) => [parsePartyId(party), hexToBytes(hex)]));
  } catch (cause) {
    throw new TrefoilError('service/configuration', { operation: 'committed', detail: 'a stored roster is damaged', cause });
  }
}
