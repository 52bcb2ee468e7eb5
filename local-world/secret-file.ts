/** A secret that only this machine knows: made once, readable by its owner only. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** 32 random bytes as hex. */
export async function secretFile(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(path, 'wx', 0o600);
    const secret = randomBytes(32).toString('hex');
    await file.writeFile(secret);
    await file.sync();
    await file.close();
    return secret;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    return (await readFile(path, 'utf8')).trim();
  }
}
