/**
 * Puts a page together for one world: the built files, what they are told (`release.json`) and the headers that their
 * host must send. The policy names every server that this page may talk to, and nothing else.
 */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRelease, type Release } from '#shared/release.ts';

/** @param distDir what vite built @param outDir is replaced @throws TrefoilError `service/configuration` */
export async function composePage(distDir: string, outDir: string, release: Release): Promise<void> {
  const checked = parseRelease(release);
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  await cp(distDir, outDir, { recursive: true });
  await writeFile(join(outDir, 'release.json'), `${JSON.stringify(checked, null, 2)}\n`);
  await writeFile(join(outDir, '_headers'), headersFile(checked));
}

/** The Content-Security-Policy of a page of this release. */
export function contentSecurityPolicy(release: Release): string {
  const chains = release.chains.flatMap((chain) => ('url' in chain ? [chain.url] : []));
  const servers = [release.gateway, ...chains, ...(release.faucet === null ? [] : [release.faucet])];
  const origins = new Set(servers.map((url) => new URL(url).origin));
  return [
    `default-src 'none'`,
    // Only WebAssembly may be compiled; no script text becomes code.
    `script-src 'self' 'wasm-unsafe-eval'`,
    `style-src 'self'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self' ${[...origins].join(' ')}`,
    `worker-src 'self'`,
    `manifest-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `require-trusted-types-for 'script'`,
    // The one policy of the page: it makes the URL of the wallet's Worker (browser/worker-link/connect-worker.ts).
    'trusted-types trefoil-worker',
  ].join('; ');
}

/** Format: https://developers.cloudflare.com/workers/static-assets/headers/ */
function headersFile(release: Release): string {
  const forEverything = {
    'Content-Security-Policy': contentSecurityPolicy(release),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), serial=(), hid=()',
    'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  };
  const rules = Object.entries(forEverything).map(([name, value]) => `  ${name}: ${value}`);
  return ['/*', ...rules, '', '/assets/*', '  Cache-Control: public, max-age=31536000, immutable', ''].join('\n');
}
