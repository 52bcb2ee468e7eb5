/**
 * The node's long-lived identity: an Ed25519 seed in a file of mode 600. Other parties pin its public key.
 *
 * Must never: print the seed.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { hexToBytes } from '@noble/hashes/utils.js';
import { IDENTITY_KEY_BYTES, type Identity, identityFromSeed } from '#shared/channel/identity.ts';
import { TrefoilError } from '#shared/errors.ts';
import { writeSecretFile } from './at-rest/secret-file.ts';

/** Makes an identity unless the file exists. */
export function createIdentity(path: string): void {
  if (!existsSync(path)) writeSecretFile(path, randomBytes(IDENTITY_KEY_BYTES).toString('hex'));
}

/** @throws TrefoilError `service/configuration` when the file is missing, readable by others or damaged */
export async function openIdentity(path: string): Promise<Identity> {
  const operation = 'openIdentity';
  if (!existsSync(path)) throw new TrefoilError('service/configuration', { operation, detail: 'there is no identity; run init first' });
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new TrefoilError('service/configuration', { operation, detail: 'others can read the identity file; make it mode 600' });
  }
  const hex = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new TrefoilError('service/configuration', { operation, detail: 'the identity file is damaged' });
  return identityFromSeed(hexToBytes(hex));
}
