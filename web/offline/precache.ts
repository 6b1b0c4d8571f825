/**
 * A step of the build: writes the service worker with the list of all files of the page.
 * Separate from the page's code, which never runs it.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const SOURCE = new URL('./worker.js', import.meta.url);
/** Files of `public/` that the page names; the build does not list them. */
const PUBLIC = ['icon.svg', 'manifest.webmanifest'];

export function precache(): Plugin {
  return {
    name: 'packbench-precache',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const hash = createHash('sha256');
      for (const [name, file] of Object.entries(bundle).sort(([one], [other]) => (one < other ? -1 : 1)))
        hash.update(name).update(file.type === 'chunk' ? file.code : file.source);
      const files = ['./', ...PUBLIC, ...Object.keys(bundle).filter((name) => name.startsWith('assets/'))];
      const version = hash.digest('hex').slice(0, 16);
      const head = `const VERSION = ${JSON.stringify(version)};\nconst FILES = ${JSON.stringify(files)};\n`;
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: head + readFileSync(SOURCE, 'utf8') });
    },
  };
}
