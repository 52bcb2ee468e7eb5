/** Where things are in this repository. */
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');
export const WRANGLER = join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
export const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
export const NODE_MAIN = join(ROOT, 'party-nodes', 'main.ts');
export const CHAINS_MAIN = join(ROOT, 'local-world', 'chains-main.ts');
export const REAPER = join(ROOT, 'local-world', 'reaper.ts');
