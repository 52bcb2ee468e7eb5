/**
 * The default KMS: a keyring file that only the node's user can read. Good for one machine and for tests of the real
 * thing; operators with a cloud KMS or an HSM use those.
 *
 * Must never: print a key, or start with a keyring that others can read.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { TrefoilError } from '#shared/errors.ts';
import type { Kms } from './kms.ts';
import { openAtRest, sealAtRest } from './seal.ts';
import { writeSecretFile } from './secret-file.ts';

const KEY_BYTES = 32;
const KEY_ID_BYTES = 8;

const Keyring = z.object({
  version: z.literal(1),
  /** The key that wraps; the others only unwrap. */
  primary: z.string().regex(/^[0-9a-f]{16}$/),
  keys: z.record(z.string().regex(/^[0-9a-f]{16}$/), z.string().regex(/^[0-9a-f]{64}$/)),
});

/** Makes a keyring with one fresh key, unless the file exists. */
export function createKeyring(path: string): void {
  if (existsSync(path)) return;
  const id = randomBytes(KEY_ID_BYTES).toString('hex');
  writeSecretFile(path, JSON.stringify({ version: 1, primary: id, keys: { [id]: randomBytes(KEY_BYTES).toString('hex') } }));
}

/** @throws TrefoilError `service/configuration` when the file is missing, readable by others, or not a keyring */
export function openKeyring(path: string): Kms {
  const { primary, keys } = readKeyring(path);
  const keyOf = (id: string): Uint8Array => {
    const hex = keys[id];
    if (hex === undefined) throw new TrefoilError('service/configuration', { operation: 'unwrap', detail: `the keyring has no key ${id}` });
    return Buffer.from(hex, 'hex');
  };
  return {
    wrap: async (dataKey, context) => Buffer.concat([Buffer.from(primary, 'hex'), sealAtRest(keyOf(primary), dataKey, context)]),
    unwrap: async (wrapped, context) => {
      const id = Buffer.from(wrapped.subarray(0, KEY_ID_BYTES)).toString('hex');
      return openAtRest(keyOf(id), wrapped.subarray(KEY_ID_BYTES), context);
    },
  };
}

function readKeyring(path: string): z.infer<typeof Keyring> {
  const operation = 'openKeyring';
  if (!existsSync(path)) throw new TrefoilError('service/configuration', { operation, detail: 'there is no keyring; run init first' });
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new TrefoilError('service/configuration', { operation, detail: 'others can read the keyring file; make it mode 600' });
  }
  try {
    return Keyring.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new TrefoilError('service/configuration', { operation, detail: 'the keyring file is damaged' });
  }
}
