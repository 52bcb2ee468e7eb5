import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Release } from '#shared/release.ts';
import { composePage, contentSecurityPolicy } from './compose-page.ts';

const release: Release = {
  version: 1,
  name: 'local',
  gateway: 'http://127.0.0.1:4601',
  nodes: [
    { party: 2, name: 'Frankfurt', region: 'eu', identity: 'aa'.repeat(32) },
    { party: 3, name: 'Virginia', region: 'us', identity: 'bb'.repeat(32) },
  ],
  threshold: 2,
  chains: [
    { id: 'solana:localnet', kind: 'solana', url: 'http://127.0.0.1:4606/path' },
    { id: 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328', unavailable: 'Go is missing' },
  ],
  faucet: 'http://127.0.0.1:4608',
};

describe('composing a page', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'page-'));
    await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
    await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html>');
    await writeFile(join(folder, 'dist', 'assets', 'a.js'), '');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('holds the built files, the release and its headers, and nothing from before', async () => {
    const out = join(folder, 'page');
    await mkdir(out);
    await writeFile(join(out, 'stale.js'), '');
    await composePage(join(folder, 'dist'), out, release);
    expect((await readdir(out)).sort()).toEqual(['_headers', 'assets', 'index.html', 'release.json']);
    expect(JSON.parse(await readFile(join(out, 'release.json'), 'utf8'))).toEqual(release);
    const headers = await readFile(join(out, '_headers'), 'utf8');
    expect(headers).toContain(`  Content-Security-Policy: ${contentSecurityPolicy(release)}\n`);
    expect(Math.max(...headers.split('\n').map((line) => line.length))).toBeLessThan(2000);
  });

  it('allows connections to the named servers only', () => {
    const policy = contentSecurityPolicy(release);
    expect(policy).toContain(`connect-src 'self' http://127.0.0.1:4601 http://127.0.0.1:4606 http://127.0.0.1:4608;`);
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/);
  });

  it.each([
    ['a gateway that is no URL', { gateway: 'javascript:alert(1)' }],
    ['nodes out of order', { nodes: [...release.nodes].reverse() }],
    ['a threshold that cannot be met', { threshold: 4 }],
    ['no node', { nodes: [] }],
  ])('refuses %s', async (_, change) => {
    await expect(composePage(join(folder, 'dist'), join(folder, 'page'), { ...release, ...change })).rejects.toMatchObject({
      code: 'service/configuration',
    });
  });
});
