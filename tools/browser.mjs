/**
 * Finds the browser that the tests of the page drive, and installs one where there is none.
 * With arguments it runs them as a command that finds the browser in PACKBENCH_CHROMIUM, without it prints the path.
 */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ensureDependencies } from './install.mjs';
import { become, collect, command, fail, isMain, run, say } from './run.mjs';

/** The path of a Chromium that starts; undefined only where PACKBENCH_ALLOW_SKIP=1 allows to go on without. */
export async function ensureBrowser() {
  const chosen = process.env.PACKBENCH_CHROMIUM;
  if (chosen) {
    if (!starts(chosen)) fail(`PACKBENCH_CHROMIUM names ${chosen}, which does not start.`);
    return chosen;
  }
  const found = (await findBrowser()) ?? (await installBrowser());
  if (found !== undefined) return found;
  const advice = 'On Debian: sudo apt-get install -y chromium. Elsewhere: npx playwright install chromium, or set PACKBENCH_CHROMIUM.';
  if (process.env.PACKBENCH_ALLOW_SKIP !== '1') fail(`No browser for the tests of the page. ${advice}`);
  say(`No browser: the tests of the page are left out. ${advice}`);
  return undefined;
}

async function findBrowser() {
  const inPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'chromium'));
  return ['/usr/bin/chromium', ...inPath, await playwrightsOwn()].find((file) => starts(file));
}

async function installBrowser() {
  if (isDebian() && process.getuid?.() === 0) {
    say('Installing Chromium with apt-get');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    run(['apt-get', 'update'], { env });
    if (run(['apt-get', 'install', '-y', 'chromium'], { env }) === 0) {
      const installed = await findBrowser();
      if (installed !== undefined) return installed;
    }
  }
  say('Downloading Chromium with Playwright');
  const withLibraries = process.platform === 'linux' && process.getuid?.() === 0 ? ['--with-deps'] : [];
  run(command('playwright', ['install', ...withLibraries, 'chromium']));
  return findBrowser();
}

/** Where Playwright's own download lies or would lie. */
async function playwrightsOwn() {
  const { chromium } = await import('playwright');
  return chromium.executablePath();
}

function starts(file) {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    return false;
  }
  return collect([file, '--version', '--no-sandbox']).code === 0;
}

function isDebian() {
  return existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

if (isMain(import.meta)) {
  ensureDependencies();
  const browser = await ensureBrowser();
  const args = process.argv.slice(2);
  if (args.length === 0) process.stdout.write(`${browser ?? ''}\n`);
  else become(args, { env: browser === undefined ? {} : { PACKBENCH_CHROMIUM: browser } });
}
