/**
 * `npm run check`: everything about the source that can be told without running it, one line each.
 * All checks run even if one fails; names as arguments run only those.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies } from './install.mjs';
import { ROOT, collect, command, fail, say } from './run.mjs';

const CHECKS = {
  layout: () => command('tsx', ['tools/layout.ts', '--check']),
  schemas: () => command('tsx', ['tools/schema.ts', '--check']),
  serial: () => command('tsx', ['tools/serialPage.ts', '--check']),
  faq: () => command('tsx', ['tools/faqPage.ts', '--check']),
  imports: () => [process.execPath, 'tools/imports.mjs'],
  format: () => command('prettier', ['--check', '--log-level', 'warn', '.']),
  lint: () => command('eslint', ['--max-warnings', '0', '.']),
  types: () => command('typescript', ['--noEmit'], 'tsc'),
  page: () => command('svelte-check', ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human']),
  library: () => command('tsx', ['library/build/main.ts', '--check']),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in CHECKS));
if (unknown.length > 0) fail(`No such check: ${unknown.join(', ')} (there are: ${Object.keys(CHECKS).join(', ')})`);

ensureDependencies();
for (const name of asked.length > 0 ? asked : Object.keys(CHECKS)) {
  if (name === 'library' && !existsSync(join(ROOT, 'library/build/main.ts'))) continue;
  const start = performance.now();
  const { code, output } = collect(CHECKS[name]());
  say(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  if (code !== 0) {
    say(output.trimEnd());
    process.exitCode = 1;
  }
}
