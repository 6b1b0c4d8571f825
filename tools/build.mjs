/**
 * Builds everything into dist/: memory layout, both kernels, page and command line, in this order.
 * A step whose inputs are the same as at its last success is skipped; everything it says goes to standard error.
 */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies } from './install.mjs';
import { ROOT, command, fail, isMain, run, say } from './run.mjs';

const KERNELS = ['dist/kernel.wasm', 'dist/kernel.scalar.wasm'];
const SHARED = ['package-lock.json', 'tsconfig.json'];

/** `reads` and `writes` are files and folders; a step is due when any of them changed or one it writes is missing. */
const STEPS = [
  {
    name: 'layout',
    // It also looks through the kernel for columns that two stages write.
    reads: ['domain', 'assembly', 'tools/layout.ts'],
    writes: ['assembly/generated/layout.ts'],
    commands: () => [command('tsx', ['tools/layout.ts'])],
  },
  {
    name: 'kernel',
    reads: ['assembly', 'asconfig.json'],
    writes: KERNELS,
    commands: () => [
      command('assemblyscript', ['assembly/index.ts', '--target', 'simd'], 'asc'),
      command('assemblyscript', ['assembly/index.scalar.ts', '--target', 'scalar'], 'asc'),
    ],
  },
  {
    name: 'page',
    reads: ['web', 'engine', 'domain', 'library', 'scenarios', 'docs', 'vite.config.ts', ...KERNELS],
    writes: ['dist/web'],
    commands: () => [command('vite', ['build', '--logLevel', 'warn'])],
  },
  {
    name: 'command line',
    reads: ['cli', 'engine', 'domain', 'library', 'scenarios', 'vite.cli.config.ts', 'package.json', ...KERNELS],
    writes: ['dist/cli.js', 'dist/simulation.js', 'dist/serialThread.js'],
    before: removeOldParts,
    commands: () => [command('vite', ['build', '--config', 'vite.cli.config.ts', '--logLevel', 'warn'])],
    after: () => chmodSync(join(ROOT, 'dist/cli.js'), 0o755),
  },
];

export function build() {
  mkdirSync(join(ROOT, 'dist/.stamp'), { recursive: true });
  for (const step of STEPS) {
    const stamp = join(ROOT, 'dist/.stamp', step.name.replace(' ', '-'));
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(step)) {
      say(`${step.name}: up to date`);
      continue;
    }
    rmSync(stamp, { force: true });
    const start = performance.now();
    step.before?.();
    for (const line of step.commands()) {
      if (run(line) !== 0) fail(`${step.name}: failed`);
    }
    step.after?.();
    writeFileSync(stamp, fingerprint(step));
    say(`${step.name}: built in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}

/** Hash over the content of what the step reads and writes. */
function fingerprint({ reads, writes }) {
  const hash = createHash('sha256').update(process.version);
  for (const path of [...SHARED, ...reads, ...writes]) {
    for (const file of filesUnder(path)) hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest('hex');
}

/** The files of a folder in the order of their names; a file itself; nothing where nothing is. */
function filesUnder(path) {
  const stat = statSync(join(ROOT, path), { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [path];
  const names = readdirSync(join(ROOT, path)).sort();
  return names.flatMap((name) => filesUnder(`${path}/${name}`));
}

function removeOldParts() {
  for (const name of readdirSync(join(ROOT, 'dist'))) {
    if (name.startsWith('part-')) rmSync(join(ROOT, 'dist', name));
  }
}

if (isMain(import.meta)) {
  ensureDependencies();
  build();
}
