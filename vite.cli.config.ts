/**
 * How the command line is built: `cli/main.ts` and its threads become ES modules for Node in `dist/`, packages stay outside.
 * All files lie flat in `dist/`, so `new URL('./kernel.wasm', import.meta.url)` means the same in each of them.
 */
import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist',
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'node20',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: { cli: 'cli/main.ts', simulation: 'cli/simulation.ts', serialThread: 'cli/serial/serialThread.ts' },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'part-[name].js' },
    },
  },
});
