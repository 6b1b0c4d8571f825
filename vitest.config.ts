/**
 * How the tests run: in Node, with at most three workers; those that need the page drive a browser themselves.
 * `PACKBENCH_SLOW=1` adds the tests named `*.slow.test.ts`.
 */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { configDefaults, defineConfig } from 'vitest/config';
import { PATIENCE_ms } from './tests/patience.ts';

const withSlow = process.env.PACKBENCH_SLOW === '1';

export default defineConfig({
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  // Svelte's own browser build: on its server build a store's values would not follow each other.
  resolve: { conditions: ['browser'] },
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(withSlow ? [] : ['tests/**/*.slow.test.ts'])],
    pool: 'forks',
    // Of a test in the browser much is waiting, so that two processors are busy with three of them.
    maxWorkers: 3,
    expect: { poll: { timeout: PATIENCE_ms } },
    testTimeout: 6 * PATIENCE_ms,
    hookTimeout: 6 * PATIENCE_ms,
    allowOnly: false,
  },
});
