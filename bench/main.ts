/**
 * `npm run bench [-- --json] [-- --keep]`: bundles run.ts into dist/ and runs it in a Node process of its own, whose exit code it takes over.
 * Under tsx the plain JavaScript would be a quarter slower: its loader detaches an ArrayBuffer, and from then on V8 guards
 * every access to every typed array in that process.
 */
import { spawnSync } from 'node:child_process';
import { bundle } from './bundle.ts';

const { bench } = await bundle({ bench: 'bench/run.ts', dayWorker: 'bench/dayWorker.ts' });
const { status } = spawnSync(process.execPath, [bench, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
