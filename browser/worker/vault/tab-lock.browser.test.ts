/** Two tabs of one real browser: one opens the wallet, the other asks for it. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startVaultLab, type VaultLab } from '#test/support/vault-lab/start-vault-lab.ts';
import type * as Lab from '#test/support/vault-lab/vault-lab.ts';
import type { Vault } from './vault.ts';

declare const lab: typeof Lab;
/** Each tab keeps its vault here between the steps of a test. */
declare let vault: Vault;

let vaultLab: VaultLab;
let profile: BrowserContext;
let first: Page;
let second: Page;

beforeAll(async () => {
  vaultLab = await startVaultLab();
}, 60_000);
afterAll(() => vaultLab?.stop());
beforeEach(async () => {
  profile = await vaultLab.newProfile();
  [first, second] = [await vaultLab.openTab(profile), await vaultLab.openTab(profile)];
  await second.evaluate(async () => Object.assign(globalThis, { vault: await lab.openVault({ handOverMs: 300 }) }));
});
afterEach(() => profile.close());

/** The first tab creates a wallet and keeps it open. `deaf`: it does not answer when the other asks. */
const openInFirst = (deaf = false) =>
  first.evaluate(async (ignores) => {
    const opened = await lab.openVault(ignores ? { asked: () => new Promise(() => {}) } : {});
    Object.assign(globalThis, { vault: opened });
    await lab.createIn(opened);
  }, deaf);

describe('two tabs', () => {
  it('do not have the wallet open together', async () => {
    await openInFirst();
    const seen = await second.evaluate(async () => [
      (await vault.state(true)).state,
      await lab.codeOf(vault.unlock(lab.passphrase, true)),
      await lab.codeOf(vault.beginCreation(lab.passphrase)),
    ]);
    expect(seen).toEqual(['in-use', 'vault/in-use', 'vault/in-use']);
    expect(await first.evaluate(async () => (await vault.state(true)).state)).toBe('open');
  });

  it('take turns when the open one locks or closes', async () => {
    await openInFirst();
    await first.evaluate(() => vault.lock());
    expect(await second.evaluate(() => lab.codeOf(vault.unlock(lab.passphrase, true)))).toBe('no error');
    await second.close();
    // The browser gives the lock back a moment after the tab is gone.
    await expect.poll(() => first.evaluate(() => lab.codeOf(vault.unlock(lab.passphrase, true))), { timeout: 10_000 }).toBe('no error');
  });

  it('hand the wallet over: the first locks, the second opens it, nothing is lost', async () => {
    await openInFirst();
    await first.evaluate(() => vault.writeNote('sent', new Uint8Array([1, 2, 3])));
    const got = await second.evaluate(async () => {
      await vault.takeOver();
      const { share } = await vault.unlock(lab.passphrase, true);
      return [share.length, lab.hex((await vault.readNote('sent')) ?? new Uint8Array())];
    });
    expect(got).toEqual([200, '010203']);
    const left = await first.evaluate(async () => [lab.events, await lab.codeOf(vault.writeNote('sent', new Uint8Array(1)))]);
    expect(left).toEqual([['asked'], 'vault/locked']);
  });

  it('take the wallet from a tab that does not answer, which then cannot write', async () => {
    await openInFirst(true);
    const code = await second.evaluate(async () => {
      await vault.takeOver();
      return lab.codeOf(vault.unlock(lab.passphrase, true));
    });
    expect(code).toBe('no error');
    await first.waitForFunction(() => lab.events.includes('taken'));
    expect(await first.evaluate(() => lab.codeOf(vault.writeNote('sent', new Uint8Array(1))))).toBe('vault/locked');
  });

  it('stop a write that the old tab had under way, all of it', async () => {
    const ready = first.evaluate(async () => {
      const opened = await lab.openVault({ asked: () => new Promise(() => {}), taken: () => {} });
      const { store } = await lab.createIn(opened);
      Object.assign(globalThis, { store });
    });
    await ready;
    await second.evaluate(() => vault.takeOver());
    const seen = await first.evaluate(async () => {
      const { store } = globalThis as unknown as { store: { prepare(record: unknown): Promise<void> } };
      const code = await lab.codeOf(store.prepare(lab.epochRecord(1, 0x50)));
      const [wallet] = await lab.rows('wallets');
      return { code, prepared: wallet?.['prepared'], records: (await lab.rows('records')).length };
    });
    expect(seen).toEqual({ code: 'vault/in-use', prepared: null, records: 4 });
  });
});
