import type { Area } from './rule.ts';

export const nodeStorage: Area = {
  title: 'Storage of a node',
  about: 'Shares at rest: sealed for one wallet, epoch and party, durable before anything is said, never overwritten, wiped after use.',
  rules: [
    {
      name: 'commit-not-on-disk',
      rule: 'What was accepted survives a power cut.',
      file: 'party-nodes/storage/sqlite/database.ts',
      find: "this.#handle.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');",
      replace: "this.#handle.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;');",
      test: { vitest: 'unit', file: 'party-nodes/storage/sqlite/sqlite-storage.test.ts', name: 'is in WAL mode with full synchronisation' },
    },
    {
      name: 'intent-id-accepted-again',
      rule: 'A node accepts an intent id once.',
      file: 'party-nodes/storage/sqlite/intent-store.ts',
      find: "accepted_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',",
      replace: "accepted_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET accepted_at_ms = excluded.accepted_at_ms',",
      test: { vitest: 'unit', file: 'party-nodes/storage/conformance.test.ts', name: 'accepts an intent id once' },
    },
    {
      name: 'iv-repeated-at-rest',
      rule: 'A seal at rest has a fresh IV.',
      file: 'party-nodes/at-rest/seal.ts',
      find: 'const iv = randomBytes(IV_BYTES);',
      replace: 'const iv = Buffer.alloc(IV_BYTES);',
      test: { vitest: 'unit', file: 'party-nodes/at-rest/at-rest.test.ts', name: 'uses a fresh IV each time' },
    },
    {
      name: 'share-sealed-for-no-wallet',
      rule: 'The seal at rest binds wallet, epoch and party.',
      changes: [
        {
          file: 'party-nodes/at-rest/seal.ts',
          find: 'const cipher = createCipheriv(CIPHER, key, iv).setAAD(additionalData);',
          replace: 'const cipher = createCipheriv(CIPHER, key, iv);',
        },
        {
          file: 'party-nodes/at-rest/seal.ts',
          find: ['const decipher = createDecipheriv(CIPHER, key, sealed.subarray(1, 1 + IV_BYTES))', '  .setAAD(additionalData)'],
          replace: 'const decipher = createDecipheriv(CIPHER, key, sealed.subarray(1, 1 + IV_BYTES))',
        },
      ],
      test: { vitest: 'unit', file: 'party-nodes/at-rest/at-rest.test.ts', name: 'uses a fresh IV each time' },
    },
    {
      name: 'share-written-in-plaintext',
      rule: 'A share is sealed before it touches a disk.',
      changes: [
        {
          file: 'party-nodes/storage/sqlite/share-store.ts',
          find: 'const sealed = sealAtRest(dataKey, record.share, shareContext(record));',
          replace: 'const sealed = record.share.slice();',
        },
        {
          file: 'party-nodes/storage/sqlite/share-store.ts',
          find: "const share = openAtRest(dataKey, row['sealed_share'] as Uint8Array, shareContext(wallet));",
          replace: "const share = (row['sealed_share'] as Uint8Array).slice();",
        },
      ],
      test: { vitest: 'unit', file: 'party-nodes/storage/sqlite/sqlite-storage.test.ts', name: 'gives a share back after a restart' },
    },
    {
      name: 'stored-wallet-overwritten',
      rule: 'A stored share is never replaced by a creation.',
      changes: [
        {
          file: 'party-nodes/storage/sqlite/share-store.ts',
          find: "if (this.#has(record.walletId)) throw new TrefoilError('wallet/exists', { operation: 'prepare' });",
          replace: '',
        },
        {
          file: 'party-nodes/storage/sqlite/share-store.ts',
          find: "'INSERT INTO shares (wallet_id, epoch, state, party,",
          replace: "'INSERT OR REPLACE INTO shares (wallet_id, epoch, state, party,",
        },
      ],
      test: { vitest: 'unit', file: 'party-nodes/storage/conformance.test.ts', name: 'serves no wallet that was only prepared' },
    },
    {
      name: 'another-package-committed',
      rule: 'Only the package that was prepared becomes current.',
      file: 'party-nodes/storage/sqlite/share-store.ts',
      find: 'Uint8Array) || !equalBytes(sha256(prepared), certificate.publicPackageHash)) {',
      replace: 'Uint8Array)) {',
      test: { vitest: 'unit', file: 'party-nodes/storage/conformance.test.ts', name: 'commits only the package that was prepared' },
    },
    {
      name: 'prepared-wallet-served',
      rule: 'Nothing is signed with an epoch that not all have prepared.',
      file: 'party-nodes/storage/sqlite/share-store.ts',
      find: "wallet_id = ? AND state = 'committed' ORDER BY epoch",
      replace: 'wallet_id = ? ORDER BY epoch',
      test: { vitest: 'unit', file: 'party-nodes/storage/conformance.test.ts', name: 'serves no wallet that was only prepared' },
    },
    {
      name: 'share-not-wiped',
      rule: 'A plaintext share is wiped when its user is done.',
      file: 'party-nodes/storage/sqlite/share-store.ts',
      find: 'share.fill(0);',
      replace: 'dataKey.fill(0);',
      test: { vitest: 'unit', file: 'party-nodes/storage/conformance.test.ts', name: 'wipes the plaintext' },
    },
    {
      name: 'keyring-open-to-others',
      rule: 'The keyring is for the node alone.',
      file: 'party-nodes/at-rest/local-keyring.ts',
      find: 'if ((statSync(path).mode & 0o077) !== 0) {',
      replace: 'if ((statSync(path).mode & 0o007) === 0o007) {',
      test: { vitest: 'unit', file: 'party-nodes/at-rest/at-rest.test.ts', name: 'does not open when others can read it' },
    },
    {
      name: 'failed-unit-half-kept',
      rule: 'Of a unit of work that fails nothing is kept.',
      file: 'party-nodes/storage/sqlite/database.ts',
      find: "this.#handle.exec('ROLLBACK');",
      replace: "this.#handle.exec('COMMIT');",
      test: { vitest: 'unit', file: 'party-nodes/storage/conformance.test.ts', name: 'keeps nothing of a unit that fails' },
    },
    {
      name: 'twin-keeps-half-of-a-unit',
      rule: 'The twin in memory keeps nothing of a unit of work that fails.',
      file: 'party-nodes/storage/memory/memory-storage.ts',
      find: 'const accepted = new Map(this.#accepted);',
      replace: 'const accepted = this.#accepted;',
      test: { vitest: 'unit', file: 'party-nodes/storage/conformance.test.ts', name: 'keeps nothing of a unit that fails' },
    },
  ],
};
