/**
 * AES-256-GCM for everything that a node seals at rest. A sealed value is: version (1 byte), IV (12 bytes, fresh each
 * time), ciphertext and tag. The additional data names what the value is and whose, so that rows can't be swapped.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { TrefoilError } from '#shared/errors.ts';

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** @param key 32 bytes */
export function sealAtRest(key: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Uint8Array {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(additionalData);
  return Buffer.concat([Uint8Array.of(VERSION), iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @throws TrefoilError `service/configuration` when key, additional data or bytes are not those of the seal */
export function openAtRest(key: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): Uint8Array {
  const operation = 'openAtRest';
  if (sealed.length < 1 + IV_BYTES + TAG_BYTES || sealed[0] !== VERSION) {
    throw new TrefoilError('service/configuration', { operation, detail: 'a sealed value is damaged or of another version' });
  }
  try {
    const decipher = createDecipheriv(CIPHER, key, sealed.subarray(1, 1 + IV_BYTES))
      .setAAD(additionalData)
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(1 + IV_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new TrefoilError('service/configuration', { operation, detail: 'a sealed value does not open with this key', cause });
  }
}
