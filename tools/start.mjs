/**
 * `npm start`: installs and builds what is missing, then serves the page and prints its address.
 * Separate from `packbench serve`, which expects everything to be built.
 */
import { build } from './build.mjs';
import { ensureDependencies } from './install.mjs';
import { become } from './run.mjs';

ensureDependencies();
build();
become([process.execPath, 'dist/cli.js', 'serve', ...process.argv.slice(2)]);
