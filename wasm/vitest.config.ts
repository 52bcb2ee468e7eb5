import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['wasm/js/**/*.test.ts'], environment: 'node' } });
