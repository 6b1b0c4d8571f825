/**
 * How the page is built: `web/` becomes `dist/web/`, which works from any folder of any static server.
 * Separate from the command line's build, which is made for Node.
 */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { precache } from './web/offline/precache.ts';
import { preloading } from './web/preloading.ts';

export default defineConfig({
  root: 'web',
  base: './',
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } }), preloading(), precache()],
  worker: { format: 'es' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // The page's content security policy allows no inlined scripts or wasm.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    // All that the first screen needs comes as one file and not as twenty that wait for one another's connection.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'screen', test: /web[\\/]start\.ts$/ }] } } },
  },
});
