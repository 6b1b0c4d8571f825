/**
 * Checks that files import only in the allowed direction and never in a circle.
 * The table below is the rule; it is read by people before it is read by this program.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { ROOT, say } from './run.mjs';

/** Code of a folder (left) may import code of these folders. Nobody imports tests. */
const MAY_IMPORT = {
  domain: ['domain'],
  assembly: ['assembly'],
  engine: ['engine', 'domain'],
  cli: ['cli', 'engine', 'domain'],
  web: ['web', 'engine', 'domain'],
  library: ['library', 'domain'],
  bench: ['bench', 'engine', 'domain'],
  // The layout generator writes the kernel's generated file, the golden logs are written from runs.
  tools: ['tools', 'domain', 'assembly', 'engine', 'cli'],
  tests: ['tests', 'domain', 'assembly', 'engine', 'cli', 'web', 'library', 'bench', 'tools'],
};

/** Files that are not code (the built kernel, cells, scenarios, words) may be read from these folders as well … */
const DATA = ['dist', 'library', 'scenarios', 'docs'];

/** … but not by the code of these, which stand on nothing. */
const READS_NO_DATA = ['domain', 'assembly'];

/** Folders that may use only these packages; the others may use any. */
const MAY_USE = {
  domain: ['zod'],
  assembly: [],
};

const CODE = /\.(ts|mts|js|mjs|svelte)$/;

const IMPORTS = [
  /\b(?:import|export)\b[^'"`;()=]*?\bfrom\s*['"]([^'"]+)['"]/g,
  /\bimport\s*['"]([^'"]+)['"]/g,
  /\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g,
  /\bnew\s+URL\(\s*['"`]([^'"`$]+)['"`]\s*,\s*import\.meta\.url/g,
  /\bimport\.meta\.glob(?:<[^>]*>)?\(\s*['"`]([^'"`*]+)/g,
];

const faults = [];
const graph = new Map();
for (const folder of Object.keys(MAY_IMPORT)) {
  for (const file of codeUnder(folder)) graph.set(file, importsOf(file, folder));
}
const circles = findCircles(graph);
for (const circle of circles) faults.push(`circle: ${circle.join(' -> ')}`);
for (const fault of faults) say(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

/** The code files that a file imports; what it may not import goes to the faults. */
function importsOf(file, folder) {
  const text = withoutComments(readFileSync(join(ROOT, file), 'utf8'));
  const named = new Set(IMPORTS.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1].replace(/\?.*$/, ''))));
  const targets = [];
  for (const name of named) {
    const allowed = name.startsWith('.') || name.startsWith('/') ? mayImport(folder, target(file, name)) : mayUse(folder, name);
    if (!allowed) faults.push(`${file}: may not import ${name}`);
    else if (graphHas(target(file, name))) targets.push(target(file, name));
  }
  return targets;
}

function mayImport(folder, path) {
  // Tests and tools may name the root itself: to start what is built there, and to write what stands there.
  if (['tests', 'tools'].includes(folder) && path.replaceAll('/', '') === '.') return true;
  const top = path.split('/')[0];
  if (MAY_IMPORT[folder].includes(top)) return true;
  return DATA.includes(top) && !CODE.test(path) && !READS_NO_DATA.includes(folder);
}

function mayUse(folder, name) {
  const packageName = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
  return MAY_USE[folder] === undefined || MAY_USE[folder].includes(packageName);
}

/** The file in the repository that a relative name means; the name itself, where there is no such file (yet). */
function target(file, name) {
  const path = name.startsWith('/') ? posix.join(file.split('/')[0], name) : posix.join(posix.dirname(file), name);
  const tries = [path, path.replace(/\.(m?)js$/, '.$1ts'), `${path}.ts`, `${path}.svelte`, `${path}.mjs`, `${path}/index.ts`];
  return tries.find(graphHas) ?? path;
}

function graphHas(path) {
  return CODE.test(path) && existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isFile();
}

function codeUnder(folder) {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : codeUnder(path);
      return CODE.test(entry.name) ? [path] : [];
    });
}

function withoutComments(text) {
  return text.replace(/('(?:[^'\\\n]|\\.)*')|\/\*[\s\S]*?\*\//g, '$1').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** Each circle that a walk along the imports closes, as the files on it with the first one again at the end. */
function findCircles(edges) {
  const found = [];
  const finished = new Set();
  const walk = (file, path) => {
    if (finished.has(file)) return;
    const start = path.indexOf(file);
    if (start >= 0) {
      found.push([...path.slice(start), file]);
      return;
    }
    for (const next of edges.get(file) ?? []) walk(next, [...path, file]);
    finished.add(file);
  };
  for (const file of edges.keys()) walk(file, []);
  return found;
}
