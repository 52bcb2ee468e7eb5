/** What the vault's browser tests run inside a page: a vault on its own database, made-up shares, and a view of every stored byte. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { openDB } from 'idb';
import type { UnlockSecret } from '#browser/worker/vault/unlock/unlock-row.ts';
import { type Creation, Vault, type VaultDeps } from '#browser/worker/vault/vault.ts';
import { DEVICE, type Epoch, parsePartyId, parseWalletId, type UnixMs } from '#shared/ids.ts';
import type { CommitCertificate, EpochRecord } from '#shared/ports/epoch-store.ts';

const NAME = 'vault-lab';
const WALLET = parseWalletId('00112233445566778899aabbccddeeff');

export const passphrase: UnlockSecret = { method: 'passphrase', passphrase: 'correct horse battery staple' };
export const wrong: UnlockSecret = { method: 'passphrase', passphrase: 'incorrect horse battery' };
/** What happened to the vault without being asked for here. */
export const events: string[] = [];
/** The waits that the vault asked for, in ms; none is waited for. */
export const waits: number[] = [];

export function openVault(over: Partial<VaultDeps> = {}): Promise<Vault> {
  const opening: Promise<Vault> = Vault.open({
    name: NAME,
    clock: () => Date.now() as UnixMs,
    sleep: async (ms) => {
      waits.push(ms);
    },
    asked: async () => {
      events.push('asked');
      await (await opening).lock();
    },
    taken: () => {
      events.push('taken');
    },
    ...over,
  });
  return opening;
}

/** A record as a ceremony makes it: 200 bytes that stand for a share. */
export function epochRecord(epoch = 0, fill = 0xa0): EpochRecord {
  const share = Uint8Array.from({ length: 200 }, (_, at) => (fill + at) & 0xff);
  const roster = new Map([1, 2, 3].map((party) => [parsePartyId(party), new Uint8Array(32).fill(party)]));
  return { walletId: WALLET, epoch: epoch as Epoch, party: DEVICE, share, publicPackage: new Uint8Array(150).fill(fill ^ epoch), roster };
}

export const certificateOf = ({ walletId, epoch, publicPackage }: EpochRecord): CommitCertificate => ({
  walletId,
  epoch,
  publicPackageHash: sha256(publicPackage),
  signatures: new Map(),
});

/** A whole creation; the vault is open afterwards. */
export async function createIn(vault: Vault, secret: UnlockSecret = passphrase): Promise<Creation> {
  const creation = await vault.beginCreation(secret);
  const record = epochRecord();
  await creation.store.prepare(record);
  await creation.store.commit(certificateOf(record));
  await creation.store.complete(record.walletId, record.epoch);
  await vault.finishCreation();
  return creation;
}

/** The code of the error that `work` ends with. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (failure: { code?: string }) => failure.code ?? String(failure),
  );

export async function rows(table: string): Promise<Record<string, unknown>[]> {
  const database = await openDB(NAME);
  const all = (await database.getAll(table)) as Record<string, unknown>[];
  database.close();
  return all;
}

/** Replaces the first row of a table that `choose` accepts; undefined deletes it. */
export async function tamper(
  table: string,
  choose: Record<string, unknown>,
  change: ((row: Record<string, unknown>) => void) | undefined,
): Promise<void> {
  const database = await openDB(NAME);
  const transaction = database.transaction(table, 'readwrite');
  for (let cursor = await transaction.store.openCursor(); cursor !== null; cursor = await cursor.continue()) {
    const row = cursor.value as Record<string, unknown>;
    if (Object.entries(choose).every(([name, value]) => row[name] === value)) {
      if (change === undefined) {
        await cursor.delete();
      } else {
        change(row);
        await cursor.update(row);
      }
      break;
    }
  }
  await transaction.done;
  database.close();
}

/** Flips one bit of a byte field. */
export const flip =
  (field: string) =>
  (row: Record<string, unknown>): void => {
    const bytes = row[field] as Uint8Array;
    bytes[0] = (bytes[0] ?? 0) ^ 1;
  };

/** Every byte string as hex and every text, of every table, to be searched for secrets. */
export async function everything(): Promise<string> {
  const tables = ['wallets', 'records', 'unlocks', 'attempts', 'writer'];
  const all = await Promise.all(tables.map(rows));
  return JSON.stringify(all, (_name, value: unknown) => (value instanceof Uint8Array ? bytesToHex(value) : value));
}

export const hex = bytesToHex;
