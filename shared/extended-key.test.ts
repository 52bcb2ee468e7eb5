import { hexToBytes } from '@noble/hashes/utils.js';
import { expect, it } from 'vitest';
import { extendedPublicKey } from './extended-key.ts';

it('writes the master keys of BIP32 test vectors 1 and 2', () => {
  const first = {
    key: hexToBytes('0339a36013301597daef41fbe593a02cc513d0b55527ec2df1050e2e8ff49c85c2'),
    chainCode: hexToBytes('873dff81c02f525623fd1fe5167eac3a55a049de3d314bb42ee227ffed37d508'),
  };
  const second = {
    key: hexToBytes('03cbcaa9c98c877a26977d00825c956a238e8dddfbd322cce4f74b0b5bd6ace4a7'),
    chainCode: hexToBytes('60499f801b896d83179a4374aeb7822aaeaceaa0db1f85ee3e904c4defbd9689'),
  };
  expect(extendedPublicKey(first, { testnet: false })).toBe(
    'xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8',
  );
  expect(extendedPublicKey(second, { testnet: false })).toBe(
    'xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB',
  );
  expect(extendedPublicKey(first, { testnet: true })).toMatch(/^tpub/);
});
