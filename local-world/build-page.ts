/** Builds the wallet page when its sources changed since the last build. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TrefoilError } from '#shared/errors.ts';
import { ROOT, VITE } from './paths.ts';
import { runCommand } from './run-command.ts';

const SOURCES = ['browser', 'shared', 'wasm/js', 'wasm/pkg', 'package-lock.json', 'tsconfig.json'];
const NOT_SOURCES = new Set(['dist', 'node_modules', '.wrangler']);
const STAMP = join(ROOT, 'node_modules', '.cache', 'trefoil', 'page-sources.sha256');
const DIST = join(ROOT, 'browser', 'dist');

/** @returns folder of the built page @throws TrefoilError `service/configuration` with what the build said */
export async function buildPage(say: (line: string) => void): Promise<string> {
  const sources = await hashSources();
  const built = await readFile(STAMP, 'utf8').catch(() => '');
  if (built === sources && existsSync(join(DIST, 'index.html'))) return DIST;
  say('Building the wallet page');
  const result = await runCommand(process.execPath, [VITE, 'build', '-c', join(ROOT, 'browser', 'vite.config.ts'), '--logLevel', 'warn'], {
    NODE_ENV: 'production',
  });
  if (!result.ok)
    throw new TrefoilError('service/configuration', { operation: 'buildPage', detail: `the page does not build: ${result.said}` });
  await mkdir(join(STAMP, '..'), { recursive: true });
  await writeFile(STAMP, sources);
  return DIST;
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const path of await filesOf(join(ROOT, source))) hash.update(`${path}\0`).update(await readFile(path));
  }
  return hash.digest('hex');
}

/** Sorted, so that the hash depends on the files only. */
async function filesOf(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !file
          .slice(path.length)
          .split('/')
          .some((part) => NOT_SOURCES.has(part)) && !file.endsWith('.test.ts'),
    )
    .sort();
}
