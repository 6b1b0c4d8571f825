/**
 * Installs the packages that package-lock.json names, if they are not there yet.
 * Separate because start, test, build and check all stand on it; it runs on a fresh clone, so it uses nothing but Node.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, fail, isMain, run, say } from './run.mjs';

const OLDEST_NODE = [20, 19];

export function ensureDependencies() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    fail(`Packbench needs Node ${OLDEST_NODE.join('.')} or newer; this is Node ${process.versions.node}.`);
  }
  const reason = whyInstall();
  if (reason === undefined) return;
  say(`Installing packages (${reason})`);
  // Development packages build the page and the kernel, so they are wanted even where NODE_ENV says "production".
  const install = ['npm', 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  if (run(install) === 0) return;
  say('The packages could not be installed; trying once more');
  if (run(install) === 0) return;
  fail('The packages could not be installed. Is the package registry reachable? The reason stands above; `npm ci` tries again.');
}

/** Why node_modules does not serve, or undefined where it does: npm notes there what it has installed. */
function whyInstall() {
  const noted = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(noted)) return 'none are there yet';
  const wanted = packagesOf(join(ROOT, 'package-lock.json'));
  const installed = packagesOf(noted);
  for (const [path, row] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = installed[path];
    // Packages for other machines are optional and rightly missing.
    if (found === undefined ? !row.optional && !row.devOptional && !row.peer : found.version !== row.version) {
      return `${path.replace('node_modules/', '')} ${row.version} is missing`;
    }
  }
  return undefined;
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

if (isMain(import.meta)) ensureDependencies();
