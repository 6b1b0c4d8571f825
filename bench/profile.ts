/**
 * `npm run bench:profile`: where the time of a tick goes, by the functions of the kernel, and how many machine instructions each has.
 * It samples the engine's own machine code with Linux' `perf`, which has to be installed; exit code 2 where it is not.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, ROOT } from './bundle.ts';

const NAMED_KERNEL = join(ROOT, 'dist', 'kernel.named.wasm');
const NOT_INSTALLED = 2;
const SAMPLES_PER_SECOND = '4000';
/** Functions below this share are summed up. */
const LEAST_SHARE = 0.01;

interface FunctionShare {
  name: string;
  symbol: string;
  share: number;
}

function call(file: string, args: readonly string[], cwd = ROOT): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error === undefined && status === 0) return stdout;
  process.stderr.write(
    error === undefined ? `${file} ${args.join(' ')} failed:\n${stderr}\n` : `${file} cannot be started: ${error.message}\n`,
  );
  process.exit(NOT_INSTALLED);
}

/** Shares of the kernel's functions among themselves, largest first. */
function sharesIn(report: string): FunctionShare[] {
  const rows = [...report.matchAll(/^\s*([\d.]+)%\s+\[\.\]\s+(JS:assembly\/(\S+)-\d+-turbofan)/gm)].map(([, percent, symbol, name]) => ({
    name: name!,
    symbol: symbol!,
    share: Number(percent),
  }));
  const sum = rows.reduce((total, { share }) => total + share, 0);
  return rows.map((row) => ({ ...row, share: row.share / sum })).toSorted((a, b) => b.share - a.share);
}

function instructionsOf(folder: string, symbol: string): number {
  const listing = call('perf', ['annotate', '-i', 'named.data', '--stdio', '-s', symbol], folder);
  return [...listing.matchAll(/^\s+[\d.]+\s+:\s+[0-9a-f]+:\s/gm)].length;
}

/** Runs the program under `perf` in a folder of its own; returns ns per cell-tick and the report. */
function sample(program: string, folder: string): { nsPerCellTick: number; report: string } {
  const run = ['perf', 'record', '-q', '-k', 'mono', '-F', SAMPLES_PER_SECOND, '-o', 'raw.data', process.execPath, '--perf-prof', program];
  const nsPerCellTick = Number(call(run[0]!, run.slice(1), folder));
  call('perf', ['inject', '--jit', '-i', 'raw.data', '-o', 'named.data'], folder);
  return { nsPerCellTick, report: call('perf', ['report', '-i', 'named.data', '--stdio', '--sort', 'symbol'], folder) };
}

function print(nsPerCellTick: number, shares: readonly FunctionShare[], folder: string): void {
  const large = shares.filter(({ share }) => share >= LEAST_SHARE);
  const rest = 1 - large.reduce((sum, { share }) => sum + share, 0);
  const line = (name: string, share: number, instructions: string) =>
    `${name.padEnd(44)} ${(100 * share).toFixed(1).padStart(6)} ${(share * nsPerCellTick).toFixed(2).padStart(8)} ${instructions.padStart(13)}`;
  const lines = large.map(({ name, symbol, share }) => line(name, share, String(instructionsOf(folder, symbol))));
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

call(process.execPath, [
  'node_modules/assemblyscript/bin/asc.js',
  'assembly/index.ts',
  '--target',
  'simd',
  '--debug',
  '--outFile',
  NAMED_KERNEL,
]);
const { profiled } = await bundle({ profiled: 'bench/profiled.ts' });
const folder = mkdtempSync(join(tmpdir(), 'packbench-profile-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const { nsPerCellTick, report } = sample(profiled, folder);
print(nsPerCellTick, sharesIn(report), folder);
