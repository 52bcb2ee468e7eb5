/**
 * EIP-191 version `E` (`personal_sign`). The unsigned form is the very preimage of the digest: 0x19,
 * `Ethereum Signed Message:`, a line end, the message's length in decimal, the message. The length of the whole tells
 * how many digits there are, so there is one reading only.
 */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { TrefoilError } from '#shared/errors.ts';

const PREFIX = utf8ToBytes('\u0019Ethereum Signed Message:\n');
/** A few screens of text: more, nobody reads before signing. */
export const MESSAGE_MAX_BYTES = 16 * 1024;

/** Told from a transaction (first byte 0x01, 0x02 or from 0xc0) and from typed data (0x19 0x01). */
export const isPersonalMessage = (unsigned: Uint8Array): boolean => unsigned[0] === PREFIX[0] && unsigned[1] === PREFIX[1];

/** @throws TrefoilError `input/malformed` for empty text and halves of surrogate pairs, `input/too-large` */
export function writePersonalMessage(text: string): Uint8Array {
  const operation = 'writePersonalMessage';
  if (text === '' || !text.isWellFormed()) throw new TrefoilError('input/malformed', { operation, detail: 'a message is text' });
  const message = utf8ToBytes(text);
  if (message.length > MESSAGE_MAX_BYTES) {
    throw new TrefoilError('input/too-large', { operation, detail: `a message has at most ${MESSAGE_MAX_BYTES} bytes` });
  }
  return preimage(message);
}

/** The message inside. @throws TrefoilError `intent/unsupported` */
export function readPersonalMessage(unsigned: Uint8Array): Uint8Array {
  const refuse = (detail: string): TrefoilError => new TrefoilError('intent/unsupported', { operation: 'readPersonalMessage', detail });
  const rest = unsigned.length - PREFIX.length;
  if (rest > MESSAGE_MAX_BYTES + String(MESSAGE_MAX_BYTES).length) throw refuse(`a message has at most ${MESSAGE_MAX_BYTES} bytes`);
  for (let digits = 1; digits < rest && digits <= String(MESSAGE_MAX_BYTES).length; digits++) {
    const message = unsigned.slice(PREFIX.length + digits);
    const again = preimage(message);
    if (again.length === unsigned.length && again.every((byte, at) => byte === unsigned[at])) return message;
  }
  throw refuse('the bytes are not a message with its own length');
}

const preimage = (message: Uint8Array): Uint8Array => concatBytes(PREFIX, utf8ToBytes(String(message.length)), message);
