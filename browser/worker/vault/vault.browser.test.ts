/** The vault in a real browser: real IndexedDB, WebCrypto and Web Locks. Every test has its own profile. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startVaultLab, type VaultLab } from '#test/support/vault-lab/start-vault-lab.ts';
import type * as Lab from '#test/support/vault-lab/vault-lab.ts';

declare const lab: typeof Lab;

let vaultLab: VaultLab;
let profile: BrowserContext;
let page: Page;

beforeAll(async () => {
  vaultLab = await startVaultLab();
}, 60_000);
afterAll(() => vaultLab?.stop());
beforeEach(async () => {
  profile = await vaultLab.newProfile();
  page = await vaultLab.openTab(profile);
});
afterEach(() => profile.close());

/** Creates a wallet that opens with the passphrase, and closes its tab. */
async function withLockedWallet(): Promise<void> {
  await page.evaluate(async () => {
    const vault = await lab.openVault();
    await lab.createIn(vault);
    vault.close();
  });
}

describe('a passphrase', () => {
  it('opens what was created, and nothing else was kept open', async () => {
    const seen = await page.evaluate(async () => {
      const vault = await lab.openVault();
      const { identitySecret } = await lab.createIn(vault);
      const seed = lab.hex(identitySecret);
      await vault.lock();
      const opened = await vault.unlock(lab.passphrase, true);
      const same = [lab.hex(opened.share) === lab.hex(lab.epochRecord().share), lab.hex(opened.identitySecret) === seed];
      await vault.lock();
      const wiped = lab.hex(opened.identitySecret);
      return { same, wiped, afterwards: await lab.codeOf(vault.writeNote('sent', new Uint8Array(1))) };
    });
    expect(seen).toEqual({ same: [true, true], wiped: '00'.repeat(32), afterwards: 'vault/locked' });
  });

  it('that is wrong is counted durably, waits longer each time, and leaves the share untouched', async () => {
    await withLockedWallet();
    const before = await page.evaluate(() => lab.rows('records').then((rows) => JSON.stringify(rows)));
    const codes = await page.evaluate(async () => {
      const vault = await lab.openVault();
      const seen: string[] = [];
      for (let count = 0; count < 5; count += 1) seen.push(await lab.codeOf(vault.unlock(lab.wrong, true)));
      vault.close();
      return { seen, waits: lab.waits.map((ms) => Math.round(ms / 1000)) };
    });
    expect(codes).toEqual({ seen: Array(5).fill('vault/cannot-open'), waits: [0, 0, 1, 2] });

    const later = await vaultLab.openTab(profile);
    const state = await later.evaluate(async () => (await lab.openVault()).state(true));
    expect(state).toMatchObject({ state: 'locked', method: 'passphrase', failedAttempts: 5 });
    expect(await later.evaluate(() => lab.rows('records').then((rows) => JSON.stringify(rows)))).toBe(before);
    const right = await later.evaluate(async () => {
      const vault = await lab.openVault();
      const { share } = await vault.unlock(lab.passphrase, true);
      await vault.lock();
      return { share: lab.hex(share) === lab.hex(lab.epochRecord().share), state: await vault.state(true) };
    });
    expect(right).toMatchObject({ share: true, state: { failedAttempts: 0 } });
  });

  it('is the same passphrase however its letters are composed', async () => {
    const code = await page.evaluate(async () => {
      const vault = await lab.openVault();
      await lab.createIn(vault, { method: 'passphrase', passphrase: 'caf\u00e9 caf\u00e9 caf\u00e9' });
      await vault.lock();
      return lab.codeOf(vault.unlock({ method: 'passphrase', passphrase: 'cafe\u0301 cafe\u0301 cafe\u0301' }, true));
    });
    expect(code).toBe('no error');
  });

  it('that is too short is refused before anything is stored', async () => {
    const seen = await page.evaluate(async () => {
      const vault = await lab.openVault();
      const code = await lab.codeOf(vault.beginCreation({ method: 'passphrase', passphrase: 'eleven chrs' }));
      return [code, (await vault.state(false)).state];
    });
    expect(seen).toEqual(['vault/weak-passphrase', 'absent']);
  });
});

describe('this device alone', () => {
  it('opens the wallet with a key that the browser does not hand out', async () => {
    const seen = await page.evaluate(async () => {
      const vault = await lab.openVault();
      await lab.createIn(vault, { method: 'device' });
      await vault.lock();
      const state = await vault.state(true);
      const { share } = await vault.unlock({ method: 'device' }, true);
      const [row] = await lab.rows('unlocks');
      const exported = await crypto.subtle.exportKey('raw', row?.['key'] as CryptoKey).then(
        () => 'exported',
        () => 'refused',
      );
      return { method: 'method' in state && state.method, share: share.length, exported };
    });
    expect(seen).toEqual({ method: 'device', share: 200, exported: 'refused' });
  });
});

describe('a wallet that is not there', () => {
  it('is absent when there never was one, and evicted when there was', async () => {
    const seen = await page.evaluate(async () => {
      const vault = await lab.openVault();
      const states = [(await vault.state(false)).state, (await vault.state(true)).state];
      const codes = [await lab.codeOf(vault.unlock(lab.passphrase, false)), await lab.codeOf(vault.unlock(lab.passphrase, true))];
      return [...states, ...codes];
    });
    expect(seen).toEqual(['absent', 'evicted', 'vault/absent', 'vault/evicted']);
  });

  it('is not replaced while one is there', async () => {
    await withLockedWallet();
    const code = await page.evaluate(async () => lab.codeOf((await lab.openVault()).beginCreation(lab.passphrase)));
    expect(code).toBe('wallet/exists');
  });
});

describe('an interrupted creation', () => {
  it.each(['prepared', 'committed here only'])(
    'that was %s shows as interrupted, cannot be opened, and is cleaned by the next one',
    async (how) => {
      await page.evaluate(async (last) => {
        const { store } = await (await lab.openVault()).beginCreation(lab.passphrase);
        const record = lab.epochRecord();
        await store.prepare(record);
        if (last !== 'prepared') await store.commit(lab.certificateOf(record));
      }, how);
      await page.close();
      const later = await vaultLab.openTab(profile);
      const seen = await later.evaluate(async () => {
        const vault = await lab.openVault();
        const before = [(await vault.state(true)).state, await lab.codeOf(vault.unlock(lab.passphrase, true))];
        await vault.beginCreation(lab.passphrase);
        return { before, left: [...(await lab.rows('wallets')), ...(await lab.rows('records')), ...(await lab.rows('unlocks'))].length };
      });
      expect(seen).toEqual({ before: ['interrupted', 'wallet/not-committed'], left: 0 });
    },
  );

  it('leaves all of a step or nothing of it, wherever the tab dies', async () => {
    for (let ms = 0; ms < 24; ms += 4) {
      const dying = await vaultLab.openTab(profile);
      await dying.evaluate(async (delay) => {
        const vault = await lab.openVault();
        const { store } = await vault.beginCreation({ method: 'device' });
        void store.prepare(lab.epochRecord());
        await new Promise((resolve) => setTimeout(resolve, delay));
      }, ms);
      await dying.close();
      const later = await vaultLab.openTab(profile);
      const counts = await later.evaluate(async () => {
        const vault = await lab.openVault();
        const counted = await Promise.all(['wallets', 'unlocks', 'records'].map(async (table) => (await lab.rows(table)).length));
        vault.close();
        return counted.join(' ');
      });
      expect(['0 0 0', '1 1 4']).toContain(counts);
      await later.close();
    }
  });
});

describe('an epoch', () => {
  it('replaces the committed one only with the certificate of what was prepared', async () => {
    const seen = await page.evaluate(async () => {
      const vault = await lab.openVault();
      const { store } = await lab.createIn(vault);
      const next = lab.epochRecord(1, 0x50);
      await store.prepare(next);
      const [wallet] = await lab.rows('wallets');
      const other = await lab.codeOf(store.commit(lab.certificateOf(lab.epochRecord(1, 0x51))));
      const conflict = await lab.codeOf(store.prepare(lab.epochRecord(1, 0x51)));
      const skipped = await lab.codeOf(store.prepare(lab.epochRecord(3, 0x50)));
      const again = await lab.codeOf(store.prepare(next));
      const epochs = async () => (await lab.rows('records')).filter(({ kind }) => kind === 'share').map(({ epoch }) => epoch);
      await store.commit(lab.certificateOf(next));
      const committed = await epochs();
      await vault.lock();
      const opened = await vault.unlock(lab.passphrase, true);
      const early = await lab.codeOf(store.complete(next.walletId, lab.epochRecord().epoch));
      await store.complete(next.walletId, next.epoch);
      const kinds = { committed, completed: await epochs() };
      return {
        prepared: wallet?.['committed'],
        other,
        conflict,
        skipped,
        again,
        early,
        kinds,
        epoch: opened.epoch,
        share: opened.share[0],
      };
    });
    expect(seen).toMatchObject({ prepared: { epoch: 0 }, other: 'epoch/conflict', conflict: 'epoch/conflict', skipped: 'epoch/conflict' });
    expect(seen).toMatchObject({
      again: 'no error',
      early: 'epoch/conflict',
      kinds: { committed: [0, 1], completed: [1] },
      epoch: 1,
      share: 0x50,
    });
  });
});

describe('what is stored', () => {
  it('contains no secret in the clear', async () => {
    const { stored, secrets } = await page.evaluate(async () => {
      const vault = await lab.openVault();
      const { identitySecret } = await lab.createIn(vault);
      await vault.writeNote('sent', new TextEncoder().encode('a payment to a friend'));
      const { share } = lab.epochRecord();
      const text = (words: string) => lab.hex(new TextEncoder().encode(words));
      const parts = [0, 50, 100, 150].map((at) => lab.hex(share.slice(at, at + 12)));
      return {
        stored: await lab.everything(),
        secrets: [...parts, lab.hex(identitySecret).slice(0, 24), text('a friend'), text('battery'), 'battery'],
      };
    });
    for (const secret of secrets) expect(stored).not.toContain(secret);
    expect(stored).toContain('"kind":"share"');
  });

  it('never repeats an IV, not even for the same plaintext', async () => {
    const ivs = await page.evaluate(async () => {
      const vault = await lab.openVault();
      const { store } = await lab.createIn(vault);
      const seen: string[] = [];
      const look = async () => {
        for (const row of await lab.rows('records'))
          seen.push(`${lab.hex(row['iv'] as Uint8Array)} ${lab.hex(row['sealed'] as Uint8Array)}`);
      };
      for (let count = 0; count < 3; count += 1) {
        await vault.writeNote('sent', new Uint8Array(40));
        await store.prepare(lab.epochRecord(1, 0x50));
        await look();
      }
      return seen;
    });
    const written = new Set(ivs);
    // Per round: four records of epoch 1 and the list are new; the four of epoch 0 stay.
    expect([written.size, new Set([...written].map((each) => each.slice(0, 24))).size]).toEqual([19, 19]);
  });
});

describe('damage', () => {
  it.each(['share', 'identity', 'package'])('to the %s record is told from a wrong passphrase', async (kind) => {
    await withLockedWallet();
    const seen = await page.evaluate(async (damaged) => {
      await lab.tamper('records', { kind: damaged }, lab.flip('sealed'));
      const vault = await lab.openVault();
      const flipped = await lab.codeOf(vault.unlock(lab.passphrase, true));
      await lab.tamper('records', { kind: damaged }, undefined);
      const missing = await lab.codeOf(vault.unlock(lab.passphrase, true));
      return [flipped, missing, (await lab.rows('attempts')).length];
    }, kind);
    expect(seen).toEqual(['vault/damaged', 'vault/damaged', 0]);
  });

  it.each(['wrapped', 'iv', 'salt', 'checksum'])('to the %s of the unlock record is told from a wrong passphrase', async (field) => {
    await withLockedWallet();
    const seen = await page.evaluate(async (damaged) => {
      await lab.tamper('unlocks', {}, lab.flip(damaged));
      const vault = await lab.openVault();
      return [await lab.codeOf(vault.unlock(lab.passphrase, true)), (await lab.rows('attempts')).length];
    }, field);
    expect(seen).toEqual(['vault/damaged', 0]);
  });

  it('is also a record in another one’s place', async () => {
    await withLockedWallet();
    const code = await page.evaluate(async () => {
      const [share] = (await lab.rows('records')).filter(({ kind }) => kind === 'share');
      await lab.tamper('records', { kind: 'package' }, (row) => Object.assign(row, { iv: share?.['iv'], sealed: share?.['sealed'] }));
      return lab.codeOf((await lab.openVault()).unlock(lab.passphrase, true));
    });
    expect(code).toBe('vault/damaged');
  });
});
