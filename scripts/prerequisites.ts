/** What the tests need of the system beyond Node: installed when we may, otherwise named with the one command to run. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

interface Prerequisite {
  readonly package: string;
  /** Stands when the package is there. */
  readonly file: string;
}

/** Debian's packages for `npm test`: a browser, and a Rust that can run the engine's own tests. */
const PREREQUISITES: readonly Prerequisite[] = [
  { package: 'chromium', file: '/usr/bin/chromium' },
  { package: 'rustc-web', file: '/usr/bin/rustc' },
  { package: 'cargo-web', file: '/usr/bin/cargo' },
  { package: 'rust-web-clippy', file: '/usr/bin/cargo-clippy' },
  { package: 'gcc', file: '/usr/bin/cc' },
];

/** Makes sure that everything is there. Exits with the command to run where it may not install. */
export function providePrerequisites(): void {
  const missing = PREREQUISITES.filter(({ file }) => !existsSync(file)).map((prerequisite) => prerequisite.package);
  if (missing.length === 0) return;
  const install = `apt-get install --yes --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    process.stderr.write(`The tests need these Debian packages. Run this once and start again:\n  sudo ${install}\n`);
    process.exit(1);
  }
  process.stdout.write(`Installing the Debian packages ${missing.join(', ')}\n`);
  const options = { stdio: ['ignore', 2, 2] as ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  execFileSync('apt-get', ['update', '--quiet'], options);
  execFileSync('apt-get', install.split(' ').slice(1), options);
}
