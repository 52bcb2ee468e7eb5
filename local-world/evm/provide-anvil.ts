/** Finds anvil, a real Ethereum node for one machine, in the npm package for this platform. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
/** Node's word for a processor to that of the packages. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

export type Provided = { readonly path: string } | { readonly unavailable: string };

export function provideAnvil(platform: string = process.platform, architecture: string = process.arch): Provided {
  const name = `@foundry-rs/anvil-${platform}-${ARCHITECTURES[architecture] ?? architecture}`;
  try {
    const installed = require.resolve('@foundry-rs/anvil/package.json');
    const forPlatform = createRequire(installed).resolve(`${name}/package.json`);
    const path = join(dirname(forPlatform), 'bin', platform === 'win32' ? 'anvil.exe' : 'anvil');
    if (existsSync(path)) return { path };
  } catch {
    // npm leaves out what is not for this platform.
  }
  return { unavailable: `the npm package ${name} is not installed; there may be none for this platform` };
}
