import { defineConfig } from 'vite';

/** Builds the first-party wallet page and its Worker into `browser/dist`: hashed files, nothing inline, nothing from elsewhere. */
export default defineConfig({
  root: `${import.meta.dirname}/wallet`,
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    outDir: `${import.meta.dirname}/dist`,
    emptyOutDir: true,
    target: 'es2022',
    // A data: URL could not be loaded as WebAssembly under the page's policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
