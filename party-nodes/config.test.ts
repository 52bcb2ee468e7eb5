import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TrefoilError } from '#shared/errors.ts';
import { readConfig } from './config.ts';

const GOOD = {
  name: 'Frankfurt',
  region: 'eu',
  party: 2,
  dataDir: '/srv/trefoil',
  connectPort: 5002,
  peers: [{ party: 3, identity: 'ab'.repeat(32), name: 'Virginia' }],
  gatewayToken: 'x'.repeat(32),
  chains: ['solana:localnet'],
};

const file = join(mkdtempSync(join(tmpdir(), 'trefoil-config-')), 'node.json');
function complaint(config: unknown): string {
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
  try {
    readConfig(file);
  } catch (error) {
    if (error instanceof TrefoilError && error.code === 'service/configuration') return error.detail ?? '';
    throw error;
  }
  return 'accepted';
}

describe('node configuration', () => {
  it('accepts a whole one', () => expect(complaint(GOOD)).toBe('accepted'));

  it('names the setting that is wrong', () => {
    expect(complaint('not json')).toMatch(/not JSON/);
    expect(complaint({ ...GOOD, party: 1 })).toMatch(/party/);
    expect(complaint({ ...GOOD, peers: [{ party: 3, identity: 'zz' }] })).toMatch(/peers\.0\.identity/);
    expect(complaint({ ...GOOD, peers: [{ party: 2, identity: 'ab'.repeat(32) }] })).toMatch(/its own party number/);
    expect(complaint({ ...GOOD, gatewayToken: 'short' })).toMatch(/gatewayToken/);
    expect(complaint({ ...GOOD, connectPrt: 1 })).toMatch(/connectPrt/);
  });

  it('fails closed on an open address without TLS', () => {
    expect(complaint({ ...GOOD, host: '0.0.0.0' })).toMatch(/tls/);
    expect(complaint({ ...GOOD, host: '0.0.0.0', tls: { certificate: 'c.pem', key: 'k.pem' } })).toBe('accepted');
  });
});
