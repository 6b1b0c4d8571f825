/**
 * The answer of the benchmark as one value, and how people read it.
 * Apart from the measuring, so that what is printed, kept and sent as JSON is the same.
 */
import { cpus } from 'node:os';
import { type Implementation, TITLES } from './implementations.ts';
import type { Timing } from './measure.ts';

export interface CaseFigures {
  name: string;
  cells: number;
  implementation: Implementation;
  nsPerCellTick: Timing;
}

export interface Machine {
  cpu: string;
  cores: number;
  node: string;
  platform: string;
  compiler?: string | undefined;
}

/** What each ratio is, in the order in which they are printed; native ones where a compiler was found. */
export const RATIOS = {
  toNative: 'times as long as native -O3',
  overNativeScalar: 'times as fast as native -O2 without vectorising',
  overScalarWasm: 'times as fast as scalar WebAssembly',
  overJavaScript: 'times as fast as plain JavaScript',
  parallel4: 'times as long for a cell among 4 in parallel',
  parallel40: 'times as long for a cell among 40 in parallel',
  ensemble: 'times as long in a study of 10,000 different runs',
  recorder: 'times as long while every level of detail is recorded',
  armedFaults: 'times as long with 20 faults that wait',
  twoWorkers: 'times as many days on two threads as on one',
} as const;
export type RatioName = keyof typeof RATIOS;

export const DURATIONS = {
  day16S: 'a day of home storage, from its file to its indicators, warm',
  year16S: 'a year of it in one run',
  thousandDays: 'a thousand different days on all cores',
  firstResult: 'the command line runs the day, from start to end of the program',
} as const;
export type DurationName = keyof typeof DURATIONS;

export interface Figures {
  machine: Machine;
  cases: CaseFigures[];
  ratios: Partial<Record<RatioName, number>>;
  seconds: Record<DurationName, number>;
  /** Bytes: of a kernel that runs the year, of one that records, and the most that this process had resident. */
  memory: { kernel: number; recordingKernel: number; resident: number };
}

export function thisMachine(compiler: string | undefined): Machine {
  const all = cpus();
  const cpu = all[0]?.model ?? 'unknown';
  return { cpu, cores: all.length, node: process.version, platform: `${process.platform} ${process.arch}`, compiler };
}

const WIDTH = 8;
const KIB = 1024;

function caseLines(cases: readonly CaseFigures[]): string[] {
  const nameWidth = Math.max(...cases.map(({ name }) => name.length));
  const titleWidth = Math.max(...cases.map(({ implementation }) => TITLES[implementation].length));
  const line = (name: string, title: string, min: string, median: string) =>
    `${name.padEnd(nameWidth)}  ${title.padEnd(titleWidth)} ${min.padStart(WIDTH)} ${median.padStart(WIDTH)}`;
  return [
    line('ns per cell-tick', '', 'min', 'median'),
    ...cases.map(({ name, implementation, nsPerCellTick: { min, median } }) =>
      line(name, TITLES[implementation], min.toFixed(1), median.toFixed(1)),
    ),
  ];
}

function named(name: string, value: string, meaning: string): string {
  return `${name.padEnd(16)} ${value.padStart(WIDTH)}  ${meaning}`;
}

/** The figures as a text of several lines. */
export function describeFigures({ machine: { cpu, cores, node, platform, compiler }, cases, ratios, seconds, memory }: Figures): string {
  const names = (Object.keys(RATIOS) as RatioName[]).filter((name) => ratios[name] !== undefined);
  const kib = (bytes: number) => `${Math.round(bytes / KIB)} KiB`;
  return [
    [cpu, `${cores} cores`, `Node ${node}`, platform, compiler].filter((part) => part !== undefined).join(', '),
    '',
    ...caseLines(cases),
    '',
    'ratios of the whole model (SIMD)',
    ...names.map((name) => named(name, ratios[name]!.toFixed(3), RATIOS[name])),
    '',
    'seconds',
    ...(Object.keys(DURATIONS) as DurationName[]).map((name) => named(name, seconds[name].toFixed(3), DURATIONS[name])),
    '',
    `memory: kernel ${kib(memory.kernel)}, recording ${kib(memory.recordingKernel)}, this process at most ${kib(memory.resident)}`,
  ].join('\n');
}
