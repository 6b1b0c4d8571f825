/**
 * `npm run bench [-- --json] [-- --keep]`: bundles run.ts into dist/ and runs it in a Node process of its own, whose exit code it takes over.
 * Under tsx the plain JavaScript would be a quarter slower: its loader detaches an ArrayBuffer, and from then on V8 guards
 * every access to every typed array in that process.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'vite';

const ROOT = join(import.meta.dirname, '..');
const BUNDLE = join(ROOT, 'dist', 'bench.js');

await build({
  root: ROOT,
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: true,
    outDir: 'dist',
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      input: { bench: 'bench/run.ts', dayWorker: 'bench/dayWorker.ts' },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'bench-[name].js' },
    },
  },
});

const { status } = spawnSync(process.execPath, [BUNDLE, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
