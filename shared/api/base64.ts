/** Bytes in JSON: base64url without padding (RFC 4648 §5). */
import { base64urlnopad } from '@scure/base';
import { z } from 'zod';

/** A JSON string of base64url that decodes to at most `maxBytes`. */
export const bytesField = (maxBytes: number): z.ZodType<string, string> =>
  z
    .string()
    .max(Math.ceil((maxBytes * 4) / 3))
    .regex(/^[A-Za-z0-9_-]*$/, 'base64url without padding');

/** Bytes to base64url. */
export const toBase64 = (bytes: Uint8Array): string => base64urlnopad.encode(bytes);
/** Base64url to bytes; the text must have passed {@link bytesField}. @throws Error for impossible lengths */
export const fromBase64 = (text: string): Uint8Array => base64urlnopad.decode(text);
