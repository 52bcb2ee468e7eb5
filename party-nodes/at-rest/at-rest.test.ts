import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '#test/support/code-of.ts';
import { createKeyring, openKeyring } from './local-keyring.ts';
import { openAtRest, sealAtRest } from './seal.ts';

const SHARE = new TextEncoder().encode('a plaintext share that must never be on a disk');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trefoil-at-rest-'));
  createKeyring(join(folder, 'keyring.json'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('seal at rest', () => {
  const key = new Uint8Array(32).fill(5);
  const context = new Uint8Array([1]);

  it('uses a fresh IV each time and refuses every changed byte', async () => {
    const sealed = sealAtRest(key, SHARE, context);
    expect(sealAtRest(key, SHARE, context)).not.toEqual(sealed);
    expect(Uint8Array.from(openAtRest(key, sealed, context))).toEqual(SHARE);
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = Uint8Array.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(await codeOf(() => openAtRest(key, changed, context))).toBe('service/configuration');
    }
    expect(await codeOf(() => openAtRest(key, sealed, new Uint8Array([2])))).toBe('service/configuration');
    expect(await codeOf(() => openAtRest(key, sealed.subarray(0, 10), context))).toBe('service/configuration');
  });
});

describe('local keyring', () => {
  it('wraps for one wallet only, and is never replaced', async () => {
    const path = join(folder, 'keyring.json');
    const before = readFileSync(path, 'utf8');
    createKeyring(path);
    expect(readFileSync(path, 'utf8')).toBe(before);
    const kms = openKeyring(path);
    const wrapped = await kms.wrap(new Uint8Array(32).fill(7), new Uint8Array([1]));
    expect(Uint8Array.from(await kms.unwrap(wrapped, new Uint8Array([1])))).toEqual(new Uint8Array(32).fill(7));
    expect(await codeOf(kms.unwrap(wrapped, new Uint8Array([2])))).toBe('service/configuration');
  });

  it('does not open when others can read it, when it is damaged, or missing', async () => {
    const path = join(folder, 'keyring.json');
    chmodSync(path, 0o644);
    expect(await codeOf(() => openKeyring(path))).toBe('service/configuration');
    chmodSync(path, 0o600);
    writeFileSync(path, '{}');
    expect(await codeOf(() => openKeyring(path))).toBe('service/configuration');
    expect(await codeOf(() => openKeyring(join(folder, 'none.json')))).toBe('service/configuration');
  });
});
