/**
 * Rebuilds every cell file, profile and pack of the library from the committed measurements: `npx tsx library/build/main.ts`.
 * With `--check` nothing is written, and the exit code is 1 when a file on disk differs from what the measurements give.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { leafFiles } from './leafPack.ts';
import { library } from './library.ts';
import { profiles } from './profiles.ts';
import { jsonText, roundedCell } from './write.ts';

const checkOnly = process.argv.includes('--check');
const files = [
  ...library.map(({ id, build }) => ({ path: `cells/${id}.json`, text: () => `${jsonText(roundedCell(build()))}\n` })),
  ...profiles.map(({ file, build }) => ({ path: `profiles/${file}`, text: build })),
  ...leafFiles().map(({ file, text }) => ({ path: `packs/${file}`, text: () => text })),
];

let differing = 0;
for (const { path, text } of files) {
  const url = new URL(`../${path}`, import.meta.url);
  const built = text();
  const same = existsSync(url) && readFileSync(url, 'utf8') === built;
  if (!same) differing++;
  if (!same && !checkOnly) writeFileSync(url, built);
  console.log(`${same ? 'same   ' : checkOnly ? 'differs' : 'written'} library/${path}`);
}
if (checkOnly && differing > 0) {
  console.error(`${differing} of ${files.length} library files differ from what the measurements give; run: npx tsx library/build/main.ts`);
  process.exit(1);
}
