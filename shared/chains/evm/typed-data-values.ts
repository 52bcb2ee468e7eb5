/** The values of EIP-712 data: each fits its type, and is written in one way only. */
import { getAddress, isAddress } from 'viem/utils';
import type { TypedField } from '#shared/ports/chain.ts';
import { shownText } from './readable-text.ts';
import { arrayOf, DEPTH_MAX, isAtomic, type Member, type Refuse, type Types } from './typed-data-types.ts';

/** Values of one request, also those inside others: more, nobody reads before signing. */
const VALUES_MAX_COUNT = 1_000;
/** A 256-bit number in decimal has 78 digits and a sign. */
const NUMBER_MAX_LENGTH = 80;

export type Json = string | boolean | readonly Json[] | { readonly [name: string]: Json };

export interface ReadValue {
  /** In the canonical form: numbers as decimal text, addresses checksummed, bytes in lower case. */
  readonly json: Json;
  /** As viem hashes it. */
  readonly hashed: unknown;
  /** As a person reads it. */
  readonly shown: TypedField['value'];
}

export interface ReadStruct {
  readonly json: { readonly [name: string]: Json };
  readonly hashed: Record<string, unknown>;
  readonly shown: readonly TypedField[];
}

/** Reads the values of one request, counting them. */
export function valueReader(types: Types, refuse: Refuse): (members: readonly Member[], value: unknown) => ReadStruct {
  let count = 0;

  function readStruct(members: readonly Member[], value: unknown, depth: number): ReadStruct {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('a struct is not an object');
    const given = new Map<string, unknown>(Object.entries(value));
    if (given.size !== members.length || !members.every(({ name }) => given.has(name)))
      throw refuse('a struct lacks a field or has one too many');
    const read = members.map(({ name, type }) => ({ name, type, value: readValue(type, given.get(name), depth + 1) }));
    return {
      json: Object.fromEntries(read.map(({ name, value: { json } }) => [name, json])),
      hashed: Object.fromEntries(read.map(({ name, value: { hashed } }) => [name, hashed])),
      shown: read.map(({ name, type, value: { shown } }) => ({ name, type, value: shown })),
    };
  }

  function readArray(element: string, length: number | undefined, value: unknown, depth: number): ReadValue {
    if (!Array.isArray(value)) throw refuse('an array is not a list');
    if (length !== undefined && value.length !== length) throw refuse('an array has another length than its type');
    const read = value.map((item) => readValue(element, item, depth + 1));
    return {
      json: read.map(({ json }) => json),
      hashed: read.map(({ hashed }) => hashed),
      shown: read.map(({ shown }, at) => ({ name: String(at), type: element, value: shown })),
    };
  }

  function readValue(type: string, value: unknown, depth: number): ReadValue {
    count += 1;
    if (count > VALUES_MAX_COUNT) throw refuse(`there are at most ${VALUES_MAX_COUNT} values`);
    if (depth > DEPTH_MAX) throw refuse(`values are at most ${DEPTH_MAX} deep`);
    const array = arrayOf(type);
    if (array !== undefined) return readArray(array.element, array.length, value, depth);
    if (isAtomic(type)) return readAtomic(type, value, refuse);
    return readStruct(types.get(type) ?? [], value, depth);
  }

  return (members, value) => readStruct(members, value, 0);
}

function readAtomic(type: string, value: unknown, refuse: Refuse): ReadValue {
  if (type === 'bool') {
    if (typeof value !== 'boolean') throw refuse('a bool is neither true nor false');
    return { json: value, hashed: value, shown: String(value) };
  }
  if (type.startsWith('int') || type.startsWith('uint')) {
    const number = readInteger(type, value, refuse);
    return { json: String(number), hashed: number, shown: String(number) };
  }
  if (typeof value !== 'string') throw refuse(`a value of type ${type} is not text`);
  if (type === 'string') {
    if (!value.isWellFormed()) throw refuse('a string is not Unicode text');
    return { json: value, hashed: value, shown: shownText(value) };
  }
  const canonical = type === 'address' ? readAddress(value, refuse) : readBytes(type, value, refuse);
  return { json: canonical, hashed: canonical, shown: canonical };
}

function readInteger(type: string, value: unknown, refuse: Refuse): bigint {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || text.length > NUMBER_MAX_LENGTH || !/^(?:0|-?[1-9][0-9]*|0x[0-9a-fA-F]+)$/.test(text)) {
    throw refuse('a number is not a whole number in digits');
  }
  const number = BigInt(text);
  const signed = type.startsWith('int');
  const bits = BigInt(type.replace(/^u?int/, ''));
  const [least, most] = signed ? [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n] : [0n, 2n ** bits - 1n];
  if (number < least || number > most) throw refuse(`a number does not fit ${type}`);
  return number;
}

function readAddress(value: string, refuse: Refuse): string {
  if (!isAddress(value)) throw refuse('an address is malformed, or its checksum does not hold');
  return getAddress(value);
}

function readBytes(type: string, value: string, refuse: Refuse): string {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(value)) throw refuse('bytes are not written as 0x and hex digits');
  if (type !== 'bytes' && value.length !== 2 + 2 * Number(type.slice('bytes'.length)))
    throw refuse(`bytes do not have the length of ${type}`);
  return value.toLowerCase();
}
