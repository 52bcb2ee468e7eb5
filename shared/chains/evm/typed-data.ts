/**
 * EIP-712. The unsigned form is 0x19 0x01 and the data as JSON in one canonical form, from which the node computes the
 * digest: members in a fixed order, types by name, struct members as declared, numbers as decimal text, no spaces.
 * `read` writes it again and compares, so nothing that is not shown can be in it.
 */
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { hashTypedData } from 'viem/utils';
import { z } from 'zod';
import { TrefoilError } from '#shared/errors.ts';
import { TRANSACTION_MAX_BYTES } from '#shared/limits.ts';
import type { TypedField } from '#shared/ports/chain.ts';
import { assertTypes, DOMAIN_MEMBERS, DOMAIN_TYPE, type Member, type Refuse, TypeName, TypesJson } from './typed-data-types.ts';
import { valueReader } from './typed-data-values.ts';

const PREFIX = Uint8Array.of(0x19, 0x01);

const Document = z.strictObject({ types: TypesJson, primaryType: TypeName, domain: z.unknown(), message: z.unknown() });

export interface ReadTypedData {
  readonly primaryType: string;
  readonly domain: readonly TypedField[];
  readonly fields: readonly TypedField[];
  /** Canonical. */
  readonly json: string;
  /** 32 bytes. */
  readonly digest: () => Uint8Array;
}

/** Told from a personal message by its second byte, from a transaction by its first. */
export const isTypedData = (unsigned: Uint8Array): boolean => unsigned[0] === PREFIX[0] && unsigned[1] === PREFIX[1];

/** @throws TrefoilError `input/malformed`, `input/too-large`, `intent/unsupported` for another chain's domain */
export function writeTypedData(json: string, chainId: number): Uint8Array {
  const operation = 'writeTypedData';
  const refuse = (detail: string): TrefoilError => new TrefoilError('input/malformed', { operation, detail });
  if (json.length > TRANSACTION_MAX_BYTES) throw tooLarge(operation);
  const unsigned = concatBytes(PREFIX, utf8ToBytes(parse(json, chainId, refuse).json));
  if (unsigned.length > TRANSACTION_MAX_BYTES) throw tooLarge(operation);
  return unsigned;
}

/** @throws TrefoilError `intent/unsupported` */
export function readTypedData(unsigned: Uint8Array, chainId: number): ReadTypedData {
  const refuse = (detail: string): TrefoilError => new TrefoilError('intent/unsupported', { operation: 'readTypedData', detail });
  if (unsigned.length > TRANSACTION_MAX_BYTES) throw refuse(`typed data has at most ${TRANSACTION_MAX_BYTES} bytes`);
  const given = textOf(unsigned.slice(PREFIX.length), refuse);
  const read = parse(given, chainId, refuse);
  if (read.json !== given) throw refuse('the typed data is not in its only encoding');
  return read;
}

function parse(text: string, chainId: number, refuse: Refuse): ReadTypedData {
  const { types: declared, primaryType, domain, message } = documentOf(text, refuse);
  const types = new Map<string, readonly Member[]>(Object.entries(declared));
  if (!types.has(DOMAIN_TYPE)) types.set(DOMAIN_TYPE, domainTypeOf(domain));
  assertTypes(types, primaryType, refuse);
  const read = valueReader(types, refuse);
  const readDomain = read(types.get(DOMAIN_TYPE) ?? [], domain);
  const readMessage = read(types.get(primaryType) ?? [], message);
  const { chainId: stated } = readDomain.hashed as { chainId?: bigint };
  if (stated !== undefined && stated !== BigInt(chainId)) {
    throw new TrefoilError('intent/unsupported', { operation: 'readTypedData', detail: 'the typed data is for another chain' });
  }
  const names = [DOMAIN_TYPE, ...[...types.keys()].filter((name) => name !== DOMAIN_TYPE).sort()];
  const ordered = Object.fromEntries(names.map((name) => [name, (types.get(name) ?? []).map(({ name, type }) => ({ name, type }))]));
  return {
    primaryType,
    domain: readDomain.shown,
    fields: readMessage.shown,
    json: JSON.stringify({ types: ordered, primaryType, domain: readDomain.json, message: readMessage.json }),
    digest: () =>
      hexToBytes(hashTypedData({ types: ordered, primaryType, domain: readDomain.hashed, message: readMessage.hashed }).slice(2)),
  };
}

function documentOf(text: string, refuse: Refuse): z.infer<typeof Document> {
  let value: unknown;
  let allowed = true;
  try {
    value = JSON.parse(text, (name, inside: unknown) => {
      // Checkers of shapes overlook this one.
      if (name === '__proto__') allowed = false;
      return inside;
    });
  } catch {
    throw refuse('typed data is not JSON');
  }
  if (!allowed) throw refuse('a name is not allowed');
  const parsed = Document.safeParse(value);
  if (parsed.success) return parsed.data;
  // Only the names of our own members: the rest is the sender's.
  const [member] = parsed.error.issues[0]?.path ?? [];
  throw refuse(
    member === undefined ? 'typed data has types, primaryType, domain and message, and nothing else' : `${String(member)} is malformed`,
  );
}

/** Writers may leave the domain's type out; then its members say it. */
function domainTypeOf(domain: unknown): readonly Member[] {
  const given = new Set(typeof domain === 'object' && domain !== null ? Object.keys(domain) : []);
  return DOMAIN_MEMBERS.filter(({ name }) => given.has(name));
}

function textOf(bytes: Uint8Array, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuse('typed data is not UTF-8');
  }
}

const tooLarge = (operation: string): TrefoilError =>
  new TrefoilError('input/too-large', { operation, detail: `typed data has at most ${TRANSACTION_MAX_BYTES} bytes` });
