/** The types of EIP-712 data: which there are, that each is declared and used, and that none contains itself. */
import { z } from 'zod';

/** Told as an error of the caller while data is written, as a refusal while it is read. */
export type Refuse = (detail: string) => Error;

export interface Member {
  readonly name: string;
  readonly type: string;
}
export type Types = ReadonlyMap<string, readonly Member[]>;

export const DOMAIN_TYPE = 'EIP712Domain';
/** Larger than any data that was seen in use, and few enough to look through. */
const TYPES_MAX_COUNT = 32;
const MEMBERS_MAX_COUNT = 64;
export const DEPTH_MAX = 8;

/** The members that a domain may have, in the order that EIP-712 prescribes. */
export const DOMAIN_MEMBERS: readonly Member[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
];

const IDENTIFIER = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const ATOMIC =
  /^(?:address|bool|string|bytes(?:[1-9]|[12][0-9]|3[0-2])?|u?int(?:8|16|24|32|40|48|56|64|72|80|88|96|104|112|120|128|136|144|152|160|168|176|184|192|200|208|216|224|232|240|248|256))$/;
/** What looks like an atomic type is no name of a struct. */
const RESERVED = /^(?:(?:u?int|bytes|u?fixed).*|address|bool|string|function|byte)$/;
const ARRAY = /^(.*)\[([1-9][0-9]{0,3})?\]$/;

const identifier = z.string().regex(IDENTIFIER);
export const TypesJson = z.record(
  identifier,
  z.array(z.strictObject({ name: identifier, type: z.string().min(1).max(100) })).max(MEMBERS_MAX_COUNT),
);
export const TypeName = identifier;

export const isAtomic = (type: string): boolean => ATOMIC.test(type);

/** What an array holds, and how many of it where that is fixed; undefined for anything that is no array. */
export function arrayOf(type: string): { element: string; length: number | undefined } | undefined {
  const match = ARRAY.exec(type);
  const [, element, length] = match ?? [];
  return element === undefined ? undefined : { element, length: length === undefined ? undefined : Number(length) };
}

/** @throws what `refuse` makes */
export function assertTypes(types: Types, primaryType: string, refuse: Refuse): void {
  if (types.size > TYPES_MAX_COUNT) throw refuse(`there are at most ${TYPES_MAX_COUNT} types`);
  if (primaryType === DOMAIN_TYPE) throw refuse('the primary type is the domain itself');
  if (!types.has(primaryType)) throw refuse('the primary type is not declared');
  for (const [name, members] of types) {
    if (RESERVED.test(name)) throw refuse('a struct has the name of an atomic type');
    if (new Set(members.map((member) => member.name)).size !== members.length) throw refuse('a struct has two members of one name');
    if (members.length === 0) throw refuse('a struct has no members');
  }
  assertDomainType(types.get(DOMAIN_TYPE) ?? [], refuse);
  const used = new Set([DOMAIN_TYPE]);
  visit(primaryType, types, [], used, refuse);
  if (used.size !== types.size) throw refuse('a type is not used');
}

function assertDomainType(members: readonly Member[], refuse: Refuse): void {
  const expected = DOMAIN_MEMBERS.filter(({ name }) => members.some((member) => member.name === name));
  const same =
    expected.length === members.length && expected.every(({ name, type }, at) => members[at]?.name === name && members[at]?.type === type);
  if (!same) throw refuse('the domain has other members than EIP-712 names, or another order');
}

function visit(type: string, types: Types, above: readonly string[], used: Set<string>, refuse: Refuse): void {
  let base = type;
  for (let array = arrayOf(base), dimensions = 1; array !== undefined; array = arrayOf(base), dimensions++) {
    if (dimensions > DEPTH_MAX) throw refuse(`arrays are at most ${DEPTH_MAX} deep`);
    base = array.element;
  }
  if (isAtomic(base)) return;
  if (base === DOMAIN_TYPE) throw refuse('the domain is used as a member');
  if (above.includes(base)) throw refuse('a type contains itself');
  if (above.length >= DEPTH_MAX) throw refuse(`structs are at most ${DEPTH_MAX} deep`);
  const members = types.get(base);
  if (members === undefined) throw refuse('a type is not declared');
  // A type below several others is looked at once: its depth then shows in the values.
  if (used.has(base)) return;
  used.add(base);
  for (const member of members) visit(member.type, types, [...above, base], used, refuse);
}
