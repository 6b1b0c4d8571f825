/**
 * Programs of the benchmark as bundles in dist/, where the built kernels and the command line lie beside them.
 * They run in Node processes of their own: what a loader does to typed arrays would be counted against them.
 */
import { join } from 'node:path';
import { build } from 'vite';

export const ROOT = join(import.meta.dirname, '..');

/** Bundles each entry, named by its key; returns the path of each bundle. */
export async function bundle<Name extends string>(entries: Record<Name, string>): Promise<Record<Name, string>> {
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
      rolldownOptions: { input: entries, output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'bench-[name].js' } },
    },
  });
  const names = Object.keys(entries) as Name[];
  return Object.fromEntries(names.map((name) => [name, join(ROOT, 'dist', `${name}.js`)])) as Record<Name, string>;
}
