/** Generates `shared/proto/gen` from the protobuf files: `node scripts/contract.ts`, or with `--check` compares instead of writing. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROTO = join(import.meta.dirname, '../shared/proto');

const filesOf = (folder: string): Map<string, string> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length), readFileSync(file, 'utf8')]),
  );

function generate(folder: string): void {
  execFileSync('buf', ['lint'], { cwd: folder, stdio: 'inherit' });
  execFileSync('buf', ['generate'], { cwd: folder, stdio: 'inherit' });
}

function isFresh(): boolean {
  const copy = mkdtempSync(join(tmpdir(), 'trefoil-proto-'));
  try {
    cpSync(PROTO, copy, { recursive: true });
    generate(copy);
    const [committed, fresh] = [filesOf(join(PROTO, 'gen')), filesOf(join(copy, 'gen'))];
    const stale = [...new Set([...committed.keys(), ...fresh.keys()])].filter((name) => committed.get(name) !== fresh.get(name));
    if (stale.length > 0) process.stderr.write(`stale: ${stale.join(', ')}\nRun node scripts/contract.ts\n`);
    return stale.length === 0;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

if (!process.argv.includes('--check')) generate(PROTO);
else if (!isFresh()) process.exitCode = 1;
