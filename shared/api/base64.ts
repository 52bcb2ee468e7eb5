/** Bytes in JSON: base64url without padding (RFC 4648 §5). */
import { base64urlnopad } from '@scure/base';
import { z } from 'zod';
import { TrefoilError } from '../errors.ts';

/** A JSON string of base64url that decodes to at most `maxBytes`. */
export const bytesField = (maxBytes: number): z.ZodType<string, string> =>
  z
    .string()
    .max(Math.ceil((maxBytes * 4) / 3))
    .regex(/^[A-Za-z0-9_-]*$/, 'base64url without padding');

/** Bytes to base64url. */
export const toBase64 = (bytes: Uint8Array): string => base64urlnopad.encode(bytes);
/** Base64url to bytes, in its only encoding. @throws TrefoilError `input/malformed` */
export function fromBase64(text: string): Uint8Array {
  try {
    return base64urlnopad.decode(text);
  } catch (cause) {
    throw new TrefoilError('input/malformed', { operation: 'fromBase64', detail: 'not base64url without padding', cause });
  }
}
