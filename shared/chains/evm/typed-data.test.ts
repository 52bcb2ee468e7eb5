import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { type TypedDataDefinition, verifyTypedData } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { toHex } from 'viem/utils';
import { describe, expect, it } from 'vitest';
import { mutationsOf, verdict } from '#test/support/mutations.ts';
import { plainWallet } from '#test/support/plain-wallet.ts';
import { readMessage } from '#test/support/read-request.ts';
import { ethereum, ethereumLocal } from './plugin.ts';

const wallet = plainWallet('ethereum');
const { keys } = wallet;
const account = privateKeyToAccount(toHex(wallet.ecdsaSecret));
const { messages: forms } = ethereum;
if (forms === undefined) throw new Error('no messages');
const refusal = (code: string) => expect.objectContaining({ name: 'TrefoilError', code });

/** The example of EIP-712. */
const MAIL = {
  types: {
    EIP712Domain: [
      { name: 'name', type: 'string' },
      { name: 'version', type: 'string' },
      { name: 'chainId', type: 'uint256' },
      { name: 'verifyingContract', type: 'address' },
    ],
    Mail: [
      { name: 'from', type: 'Person' },
      { name: 'to', type: 'Person' },
      { name: 'contents', type: 'string' },
    ],
    Person: [
      { name: 'name', type: 'string' },
      { name: 'wallet', type: 'address' },
    ],
  },
  primaryType: 'Mail',
  domain: { name: 'Ether Mail', version: '1', chainId: '1', verifyingContract: '0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC' },
  message: {
    from: { name: 'Cow', wallet: '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826' },
    to: { name: 'Bob', wallet: '0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB' },
    contents: 'Hello, Bob!',
  },
};
type Document = { types: Record<string, { name: string; type: string }[]>; primaryType: string; domain: object; message: object };
const unsignedOf = (document: unknown): Uint8Array => concatBytes(Uint8Array.of(0x19, 0x01), utf8ToBytes(JSON.stringify(document)));
const digestOf = (unsigned: Uint8Array): string => bytesToHex(readMessage(ethereum, unsigned, keys).tasks[0].digest);

/** A document with one struct that has one field. */
const single = (type: string, value: unknown, more: Document['types'] = {}): Document => ({
  types: { EIP712Domain: [{ name: 'name', type: 'string' }], ...more, T: [{ name: 'field', type }] },
  primaryType: 'T',
  domain: { name: 'x' },
  message: { field: value },
});

describe('typed data', () => {
  it('has the digest and the fields of the example of EIP-712', () => {
    const unsigned = forms.typedData(JSON.stringify(MAIL, null, 2));
    expect(unsigned).toEqual(unsignedOf(MAIL));
    expect(digestOf(unsigned)).toBe('be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2');
    expect(ethereum.read(unsigned, keys).content).toEqual({
      type: 'typed-data',
      chain: 'eip155:1',
      from: account.address,
      primaryType: 'Mail',
      domain: [
        { name: 'name', type: 'string', value: 'Ether Mail' },
        { name: 'version', type: 'string', value: '1' },
        { name: 'chainId', type: 'uint256', value: '1' },
        { name: 'verifyingContract', type: 'address', value: MAIL.domain.verifyingContract },
      ],
      fields: [
        {
          name: 'from',
          type: 'Person',
          value: [
            { name: 'name', type: 'string', value: 'Cow' },
            { name: 'wallet', type: 'address', value: MAIL.message.from.wallet },
          ],
        },
        {
          name: 'to',
          type: 'Person',
          value: [
            { name: 'name', type: 'string', value: 'Bob' },
            { name: 'wallet', type: 'address', value: MAIL.message.to.wallet },
          ],
        },
        { name: 'contents', type: 'string', value: 'Hello, Bob!' },
      ],
    });
  });

  const everything: Document = {
    types: {
      Deep: [{ name: 'numbers', type: 'int16[2][]' }],
      All: [
        { name: 'flag', type: 'bool' },
        { name: 'small', type: 'uint8' },
        { name: 'big', type: 'uint256' },
        { name: 'negative', type: 'int256' },
        { name: 'data', type: 'bytes' },
        { name: 'selector', type: 'bytes4' },
        { name: 'deep', type: 'Deep[]' },
        { name: 'names', type: 'string[]' },
        { name: 'none', type: 'address[]' },
      ],
    },
    primaryType: 'All',
    domain: { salt: `0x${'AB'.repeat(32)}`, chainId: 1 },
    message: {
      flag: true,
      small: 255,
      big: '0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
      negative: '-5',
      data: '0xDEADbeef',
      selector: '0x01020304',
      deep: [{ numbers: [[1, -2]] }, { numbers: [] }],
      names: ['a', '\u202eb'],
      none: [],
    },
  };

  it.each<[string, Document]>([
    ['the example', MAIL],
    ['every type', everything],
  ])('signs as viem does: %s', async (_, document) => {
    const unsigned = forms.typedData(JSON.stringify(document));
    const { tasks, assemble } = readMessage(ethereum, unsigned, keys);
    const signature = toHex(assemble(tasks.map(wallet.sign)));
    const definition = withBigints(document) as unknown as TypedDataDefinition;
    expect(signature).toBe(await account.signTypedData(definition));
    expect(await verifyTypedData({ ...definition, address: account.address, signature } as never)).toBe(true);
    // What was written is read, and writing it again changes nothing.
    const json = new TextDecoder().decode(unsigned.slice(2));
    expect(forms.typedData(json)).toEqual(unsigned);
  });

  it('writes values in one form and shows what would not be seen', () => {
    const json = JSON.parse(new TextDecoder().decode(forms.typedData(JSON.stringify(everything)).slice(2)));
    expect(Object.keys(json)).toEqual(['types', 'primaryType', 'domain', 'message']);
    expect(Object.keys(json.types)).toEqual(['EIP712Domain', 'All', 'Deep']);
    expect(json.types.EIP712Domain.map(({ name }: { name: string }) => name)).toEqual(['chainId', 'salt']);
    expect(json.message).toMatchObject({ small: '255', big: String(2n ** 256n - 1n), negative: '-5', data: '0xdeadbeef' });
    const decoded = ethereum.read(forms.typedData(JSON.stringify(everything)), keys).content;
    expect(JSON.stringify(decoded)).toContain('u202e');
    expect(JSON.stringify(decoded)).not.toContain('\u202e');
  });

  const person = { Person: [{ name: 'name', type: 'string' }] };
  const list = (length: number): string[] => Array.from({ length }, () => 'a');
  it.each<[string, unknown]>([
    ['another member', { ...MAIL, extra: 1 }],
    ['a missing member', { ...MAIL, domain: undefined }],
    ['a type that is not declared', single('Person', { name: 'a' })],
    ['a type that is not used', single('string', 'a', person)],
    ['a type that contains itself', single('Node', { next: [] }, { Node: [{ name: 'next', type: 'Node[]' }] })],
    ['a primary type that is not declared', { ...MAIL, primaryType: 'Letter' }],
    ['an atomic primary type', { ...single('string', 'a'), types: {}, primaryType: 'string', message: {} }],
    ['the domain as the primary type', { ...MAIL, primaryType: 'EIP712Domain' }],
    ['the domain as a member', single('EIP712Domain', { name: 'x' })],
    ['a missing field', { ...MAIL, message: { ...MAIL.message, contents: undefined } }],
    ['one field too many', { ...MAIL, message: { ...MAIL.message, more: 'a' } }],
    ['a member that is there twice', twice()],
    ['an empty struct', single('E', {}, { E: [] })],
    ['a struct named like a type', single('uint', { name: 'a' }, { uint: person.Person })],
    ['the alias uint', single('uint', '1')],
    ['uint7', single('uint7', '1')],
    ['bytes33', single('bytes33', `0x${'00'.repeat(33)}`)],
    ['uint8 of 256', single('uint8', '256')],
    ['uint8 of -1', single('uint8', '-1')],
    ['int8 of 128', single('int8', '128')],
    ['int8 of -129', single('int8', '-129')],
    ['a fraction', single('uint8', 1.5)],
    ['a number beyond what a double holds', single('uint256', 2 ** 60)],
    ['a number with a sign', single('uint8', '+1')],
    ['a negative zero', single('int8', '-0')],
    ['a number with a leading zero', single('uint8', '01')],
    ['a number as a list', single('uint8', [1])],
    ['null', single('string', null)],
    ['a bool as text', single('bool', 'true')],
    ['bytes4 with 3 bytes', single('bytes4', '0x010203')],
    ['half a byte', single('bytes', '0x1')],
    ['an address with a wrong checksum', single('address', '0xcD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826')],
    ['an address that is too short', single('address', '0x01')],
    ['half a surrogate pair', single('string', '\ud800')],
    ['a list where one is not', single('string', ['a'])],
    ['a list of another length', single('string[2]', ['a'])],
    ['a list of length zero', single('string[0]', [])],
    ['more values than the limit', single('string[]', list(1_001))],
    ['arrays that are too deep', single(`string${'[]'.repeat(9)}`, [])],
    ['a member that EIP-712 does not name in the domain', { ...single('string', 'a'), domain: { name: 'x', more: 'y' } }],
    ['another type in the domain', { ...MAIL, types: { ...MAIL.types, EIP712Domain: [{ name: 'name', type: 'bytes' }] } }],
    ['another order in the domain', { ...MAIL, types: { ...MAIL.types, EIP712Domain: MAIL.types.EIP712Domain.toReversed() } }],
    ['an empty domain', { ...single('string', 'a'), types: { T: [{ name: 'field', type: 'string' }] }, domain: {} }],
    ['a list for a document', [MAIL]],
    ['a name with a space', single('My Type', {})],
    ['a name of a prototype', single('string', 'a', JSON.parse('{"__proto__":[{"name":"a","type":"string"}]}'))],
  ])('refuses %s', (_, document) => {
    expect(() => forms.typedData(JSON.stringify(document))).toThrow(refusal('input/malformed'));
    expect(verdict(ethereum, unsignedOf(document), keys)).toBe('intent/unsupported');
  });

  it('accepts members that prototypes have too', () => {
    for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
      const document = { ...single('string', 'a'), types: { T: [{ name, type: 'string' }] }, message: { [name]: 'a' } };
      expect(digestOf(forms.typedData(JSON.stringify(document)))).toHaveLength(64);
      expect(() => forms.typedData(JSON.stringify({ ...document, message: {} }))).toThrow(refusal('input/malformed'));
    }
  });

  it('is for its own chain only', () => {
    const json = JSON.stringify(MAIL);
    expect(() => ethereumLocal.messages?.typedData(json)).toThrow(refusal('intent/unsupported'));
    expect(() => ethereumLocal.read(unsignedOf(MAIL), keys).content).toThrow(refusal('intent/unsupported'));
    const forAny = single('string', 'a');
    expect(ethereumLocal.messages?.typedData(JSON.stringify(forAny))).toEqual(unsignedOf(forAny));
  });

  it('reads the canonical form only', () => {
    const json = JSON.stringify(MAIL);
    for (const other of [
      ` ${json}`,
      `${json}\n`,
      JSON.stringify(MAIL, null, 1),
      json.replace('"chainId":"1"', '"chainId":1'),
      json.replace('"chainId":"1"', '"chainId":"0x1"'),
      json.replace('Hello', '\\u0048ello'),
      json.replace(MAIL.message.to.wallet, MAIL.message.to.wallet.toLowerCase()),
      json.replace('"primaryType":"Mail",', '"primaryType":"Mail","primaryType":"Mail",'),
      JSON.stringify({ ...MAIL, types: Object.fromEntries(Object.entries(MAIL.types).toReversed()) }),
      JSON.stringify({ ...MAIL, message: Object.fromEntries(Object.entries(MAIL.message).toReversed()) }),
    ]) {
      const unsigned = concatBytes(Uint8Array.of(0x19, 0x01), utf8ToBytes(other));
      expect(verdict(ethereum, unsigned, keys)).toBe('intent/unsupported');
      // Writers may use any of these forms; the result is the same.
      expect(forms.typedData(other)).toEqual(unsignedOf(MAIL));
    }
    expect(() => forms.typedData('{')).toThrow(refusal('input/malformed'));
    expect(() => forms.typedData(' '.repeat(64 * 1024 + 1))).toThrow(refusal('input/too-large'));
    expect(() => forms.typedData('['.repeat(60_000))).toThrow(refusal('input/malformed'));
  });

  it('gives another digest or a typed error for every mutation', () => {
    const unsigned = unsignedOf(single('uint8', '1'));
    const original = verdict(ethereum, unsigned, keys);
    expect(original).toMatch(/^ecdsa/);
    for (const mutation of mutationsOf(unsigned)) expect(verdict(ethereum, mutation, keys)).not.toBe(original);
  });
});

/** A struct with two members of one name. */
function twice(): Document {
  const document = single('string', 'a');
  return {
    ...document,
    types: {
      ...document.types,
      T: [
        { name: 'field', type: 'string' },
        { name: 'field', type: 'string' },
      ],
    },
  };
}

/** As viem takes numbers. */
function withBigints(document: Document): object {
  const reviver = (name: string, value: unknown): unknown =>
    name !== 'version' && typeof value === 'string' && /^(?:-?[0-9]+|0xf{64})$/.test(value) ? BigInt(value) : value;
  return JSON.parse(JSON.stringify(document), reviver);
}
