/** Parsing of protobuf messages at a border: bytes in, a message or a typed error out. */
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { fromBinary } from '@bufbuild/protobuf';
import { TrefoilError } from '../errors.ts';

/**
 * Decodes one message.
 * @throws TrefoilError `input/too-large`, `input/malformed`
 */
export function decode<Desc extends DescMessage>(schema: Desc, bytes: Uint8Array, maxBytes: number): MessageShape<Desc> {
  const operation = `decode ${schema.typeName}`;
  if (bytes.length > maxBytes) throw new TrefoilError('input/too-large', { operation, detail: `at most ${maxBytes} bytes` });
  try {
    return fromBinary(schema, bytes);
  } catch (cause) {
    throw new TrefoilError('input/malformed', { operation, detail: `not a ${schema.typeName}`, cause });
  }
}
