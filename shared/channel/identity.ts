/**
 * Long-lived Ed25519 identities of parties (RFC 8032), through WebCrypto, which is constant-time and the same in
 * browsers, Workers and Node.
 *
 * Must never: log, return or serialise the seed once it has become an identity.
 */
import { TrefoilError } from '../errors.ts';

/** Bytes of a seed, of a public key. */
export const IDENTITY_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** RFC 8410: the fixed head of a PKCS #8 Ed25519 private key; the 32-byte seed follows. */
const PKCS8_HEAD = Uint8Array.from([0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]);

/** What WebCrypto takes, in the words of whichever platform's types are in use. */
type WebCryptoData = Parameters<typeof crypto.subtle.sign>[2];

/** A party that can sign. */
export interface Identity {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** A 64-byte signature. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/**
 * An identity from its 32-byte seed. The private key is imported as non-extractable.
 */
export async function identityFromSeed(seed: Uint8Array): Promise<Identity> {
  if (seed.length !== IDENTITY_KEY_BYTES) {
    throw new TrefoilError('input/malformed', { operation: 'identityFromSeed', detail: `a seed has ${IDENTITY_KEY_BYTES} bytes` });
  }
  const pkcs8 = new Uint8Array([...PKCS8_HEAD, ...seed]);
  const extractable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const jwk = (await crypto.subtle.exportKey('jwk', extractable)) as { x?: string };
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  pkcs8.fill(0);
  const publicKey = decodeBase64Url(jwk.x ?? '');
  return { publicKey, sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', key, message as WebCryptoData)) };
}

/** True when `signature` is `publicKey`'s over `message`; false for anything malformed. */
export async function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (publicKey.length !== IDENTITY_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  try {
    const key = await crypto.subtle.importKey('raw', publicKey as WebCryptoData, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature as WebCryptoData, message as WebCryptoData);
  } catch {
    return false;
  }
}

const decodeBase64Url = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
