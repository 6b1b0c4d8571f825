/**
 * A step of the build: the document names the files of `start.ts`, so that they come beside the first script and not after it.
 * Separate from the page's code, which never runs it.
 */
import type { HtmlTagDescriptor, Plugin } from 'vite';

interface Chunk {
  type: string;
  fileName: string;
  moduleIds?: string[];
  imports?: string[];
  viteMetadata?: { importedCss: Set<string> };
}

/** A chunk and all that it needs before it can run. */
function withImports(bundle: Record<string, Chunk>, name: string, found = new Set<Chunk>()): Set<Chunk> {
  const chunk = bundle[name];
  if (chunk === undefined || found.has(chunk)) return found;
  found.add(chunk);
  for (const imported of chunk.imports ?? []) withImports(bundle, imported, found);
  return found;
}

export function preloading(): Plugin {
  return {
    name: 'packbench-preloading',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const chunks = bundle as unknown as Record<string, Chunk>;
        const start = Object.values(chunks).find(({ moduleIds = [] }) => moduleIds.some((id) => id.endsWith('web/start.ts')));
        if (start === undefined) throw new Error('The page has no start.ts.');
        const needed = [...withImports(chunks, start.fileName)];
        const missing = (file: string) => !html.includes(file);
        const scripts = needed.map(({ fileName }) => fileName).filter(missing);
        const styles = needed.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]).filter(missing);
        const link = (rel: string, file: string): HtmlTagDescriptor => ({
          tag: 'link',
          attrs: { rel, crossorigin: true, href: `./${file}` },
          injectTo: 'head',
        });
        return [...scripts.map((file) => link('modulepreload', file)), ...styles.map((file) => link('stylesheet', file))];
      },
    },
  };
}
