/** Where the engine's tests are. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CORE = 'wasm/crates/core';

let sources: ReadonlyMap<string, string> | undefined;

/** The files, from the root of the repository, that have the test function: once for each time that it stands there. */
export function cargoFilesOf(root: string, name: string): string[] {
  sources ??= readSources(root);
  const pattern = new RegExp(`#\\[test\\]\\s(?:\\s*#\\[.*\\]\\s)*\\s*fn ${name}\\(`, 'g');
  return [...sources].flatMap(([file, text]) => [...text.matchAll(pattern)].map(() => file));
}

const readSources = (root: string): Map<string, string> =>
  new Map(
    ['src', 'tests']
      .flatMap((folder) =>
        readdirSync(join(root, CORE, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(CORE, folder, name)),
      )
      .filter((file) => file.endsWith('.rs'))
      .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
  );
