import { describe, expect, it } from 'vitest';
import { plainWallet } from '#test/support/plain-wallet.ts';
import { CHAIN_PLUGINS, chainPlugin } from './registry.ts';

describe('chain registry', () => {
  it('finds every plugin by its CAIP-2 id', () => {
    for (const plugin of CHAIN_PLUGINS) {
      expect(plugin.id).toMatch(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/);
      expect(chainPlugin(plugin.id)).toBe(plugin);
    }
    expect(new Set(CHAIN_PLUGINS.map(({ id }) => id)).size).toBe(CHAIN_PLUGINS.length);
  });

  it.each(['', 'solana', 'eip155', 'eip155:2', '__proto__', 'constructor'])('refuses %j', (id) => {
    expect(() => chainPlugin(id)).toThrow(expect.objectContaining({ code: 'chain/unknown' }));
  });

  it.each(CHAIN_PLUGINS)('$name accepts its own address and refuses nonsense', (plugin) => {
    const [{ address }, ...more] = plugin.addresses(plainWallet('registry').keys);
    for (const own of [address, ...more.map((other) => other.address)]) expect(plugin.parseAddress(own)).toBe(own);
    for (const text of ['', 'x', `${address}x`, address.slice(4), ` ${address}`, '0x0000000000000000000000000000000000000000']) {
      expect(() => plugin.parseAddress(text)).toThrow(expect.objectContaining({ code: 'chain/bad-address' }));
    }
  });

  it.each(CHAIN_PLUGINS)('$name has a second account, or says that it has none', (plugin) => {
    const second = plainWallet('registry', 1).keys;
    if (plugin.derivesAccounts) expect(plugin.addresses(second)).not.toEqual(plugin.addresses(plainWallet('registry').keys));
    else expect(() => plugin.addresses(second)).toThrow(expect.objectContaining({ code: 'chain/no-account' }));
  });
});
