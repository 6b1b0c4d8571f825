/**
 * `npm test`: installs packages, browser and build as far as they are missing, then runs every test.
 * Further arguments go to vitest; `--slow` runs the slow tests instead of the others.
 */
import { ensureBrowser } from './browser.mjs';
import { build } from './build.mjs';
import { ensureDependencies } from './install.mjs';
import { become, command } from './run.mjs';

const given = process.argv.slice(2);
const slow = given.includes('--slow');
const args = given.filter((argument) => argument !== '--slow');

ensureDependencies();
const browser = await ensureBrowser();
build();
become(command('vitest', ['run', ...args, ...(slow ? ['.slow.test'] : [])]), {
  env: { ...(browser === undefined ? {} : { PACKBENCH_CHROMIUM: browser }), ...(slow ? { PACKBENCH_SLOW: '1' } : {}) },
});
