/**
 * `npm run bench:profile`: the machine instructions that a cell-tick executes, stage by stage, in both builds of the kernel and of the C program,
 * and where the kernel's time goes, function by function. Linux on x86-64; exit code 2 where a C compiler or `perf` is missing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { bundle, ROOT } from './bundle.ts';
import { buildNative } from './native.ts';
import { type Instructions, kernelInstructions, nativeInstructions, STAGE_NAMES } from './profile/instructions.ts';
import { type Samples, sample } from './profile/samples.ts';

const TRACER = join(ROOT, 'bench', 'profile', 'tracer.c');
const NOT_INSTALLED = 2;
/** Of the case that is followed. */
const CELLS = 16;
/** Functions below this share are summed up. */
const LEAST_SHARE = 0.01;

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(NOT_INSTALLED);
}

function call(file: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(file, args, { cwd: ROOT, encoding: 'utf8' });
  if (error !== undefined || status !== 0)
    fail(error === undefined ? `${file} ${args.join(' ')} failed:\n${stderr}` : `${file}: ${error.message}`);
}

function printInstructions(columns: Record<string, Instructions>): void {
  const titles = Object.keys(columns);
  const cell = (value: string) => value.padStart(14);
  const perCell = (instructions: number) => cell((instructions / CELLS).toFixed(1));
  const of = (stage: string) => titles.map((title) => perCell(columns[title]!.get(stage) ?? 0)).join('');
  const sums = titles.map((title) => perCell(STAGE_NAMES.reduce((sum, stage) => sum + (columns[title]!.get(stage) ?? 0), 0)));
  const lines = STAGE_NAMES.map((stage) => `${stage.padEnd(40)}${of(stage)}`);
  const head = `${'instructions of a cell-tick'.padEnd(40)}${titles.map(cell).join('')}`;
  process.stdout.write([head, ...lines, `${'all'.padEnd(40)}${sums.join('')}`, '', ''].join('\n'));
}

function printSamples({ nsPerCellTick, shares }: Samples): void {
  const large = shares.filter(({ share }) => share >= LEAST_SHARE);
  const rest = 1 - large.reduce((sum, { share }) => sum + share, 0);
  const line = (name: string, share: number, instructions: string) =>
    `${name.padEnd(44)} ${(100 * share).toFixed(1).padStart(6)} ${(share * nsPerCellTick).toFixed(2).padStart(8)} ${instructions.padStart(13)}`;
  const lines = large.map(({ name, share, instructions }) => line(name, share, String(instructions)));
  process.stdout.write(
    [
      `${'function'.padEnd(44)} ${'%'.padStart(6)} ${'ns'.padStart(8)} ${'instructions'.padStart(13)}`,
      ...lines,
      line(`${shares.length - large.length} others`, rest, ''),
      line('cell-tick', 1, ''),
      '',
    ].join('\n'),
  );
}

/** A build of the kernel whose functions have names. */
function namedKernel(entry: string, target: string): string {
  const file = join(ROOT, 'dist', `kernel.${target}.named.wasm`);
  call(process.execPath, ['node_modules/assemblyscript/bin/asc.js', entry, '--target', target, '--debug', '--outFile', file]);
  return file;
}

const simd = namedKernel('assembly/index.ts', 'simd');
const scalar = namedKernel('assembly/index.scalar.ts', 'scalar');
const { profiled } = await bundle({ profiled: 'bench/profile/profiled.ts' });
const programs = buildNative();
if (typeof programs === 'string') fail(programs);
const folder = mkdtempSync(join(tmpdir(), 'packbench-profile-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const tracer = join(folder, 'tracer');
call(programs.command, ['-O2', '-o', tracer, TRACER]);
const memoryFile = join(folder, 'start.memory');
process.stderr.write('following the kernel and the C program, instruction by instruction: some minutes\n');
printInstructions({
  simd: await kernelInstructions(profiled, simd, tracer, memoryFile),
  scalar: await kernelInstructions(profiled, scalar, tracer, memoryFile),
  'native -O3': await nativeInstructions(programs, 'nativeVector', tracer, memoryFile),
  'native -O2': await nativeInstructions(programs, 'nativeScalar', tracer, memoryFile),
});
try {
  printSamples(sample(profiled, simd, folder));
} catch (error) {
  fail(String(error));
}
