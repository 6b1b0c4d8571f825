/**
 * Where the time of a tick goes, by the functions of the kernel: samples of the engine's own machine code by Linux' `perf`.
 */
import { spawnSync } from 'node:child_process';

const SAMPLES_PER_SECOND = '4000';

export interface FunctionShare {
  name: string;
  share: number;
  /** Machine instructions that the engine has made of it. */
  instructions: number;
}

export interface Samples {
  nsPerCellTick: number;
  /** Of the kernel's functions among themselves, largest first. */
  shares: FunctionShare[];
}

function call(file: string, args: readonly string[], folder: string): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error === undefined && status === 0) return stdout;
  throw new Error(error === undefined ? `${file} ${args.join(' ')} failed:\n${stderr}` : `${file} cannot be started: ${error.message}`);
}

function instructionsOf(folder: string, symbol: string): number {
  const listing = call('perf', ['annotate', '-i', 'named.data', '--stdio', '-s', symbol], folder);
  return [...listing.matchAll(/^\s+[\d.]+\s+:\s+[0-9a-f]+:\s/gm)].length;
}

/** Runs a program on a kernel, which prints ns per cell-tick, under `perf` in a folder of its own. Throws where `perf` is not installed. */
export function sample(program: string, kernel: string, folder: string): Samples {
  const record = ['record', '-q', '-k', 'mono', '-F', SAMPLES_PER_SECOND, '-o', 'raw.data'];
  const nsPerCellTick = Number(call('perf', [...record, process.execPath, '--perf-prof', program, kernel], folder));
  call('perf', ['inject', '--jit', '-i', 'raw.data', '-o', 'named.data'], folder);
  const report = call('perf', ['report', '-i', 'named.data', '--stdio', '--sort', 'symbol'], folder);
  const rows = [...report.matchAll(/^\s*([\d.]+)%\s+\[\.\]\s+(JS:assembly\/(\S+)-\d+-turbofan)/gm)].map(([, percent, symbol, name]) => ({
    name: name!,
    share: Number(percent),
    instructions: instructionsOf(folder, symbol!),
  }));
  const sum = rows.reduce((total, { share }) => total + share, 0);
  const shares = rows.map((row) => ({ ...row, share: row.share / sum })).toSorted((a, b) => b.share - a.share);
  return { nsPerCellTick, shares };
}
