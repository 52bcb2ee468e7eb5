/** Parsing of protobuf messages at a border: bytes in, a message or a typed error out. */
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { equalBytes } from '../channel/bytes.ts';
import { TrefoilError } from '../errors.ts';

/**
 * Decodes one message in its only form: unknown fields, other wire types and other orders are refused, so that what was
 * signed or hashed has one meaning for every reader.
 * @throws TrefoilError `input/too-large`, `input/malformed`
 */
export function decode<Desc extends DescMessage>(schema: Desc, bytes: Uint8Array, maxBytes: number): MessageShape<Desc> {
  const operation = `decode ${schema.typeName}`;
  if (bytes.length > maxBytes) throw new TrefoilError('input/too-large', { operation, detail: `at most ${maxBytes} bytes` });
  try {
    const message = fromBinary(schema, bytes);
    if (equalBytes(toBinary(schema, message, { writeUnknownFields: false }), bytes)) return message;
  } catch (cause) {
    throw new TrefoilError('input/malformed', { operation, detail: `not a ${schema.typeName}`, cause });
  }
  throw new TrefoilError('input/malformed', { operation, detail: `a ${schema.typeName} of another form` });
}
