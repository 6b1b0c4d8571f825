/**
 * Nanoseconds per cell-tick of the kernel in SIMD and scalar WebAssembly, plain JavaScript and C; main.ts bundles and starts it.
 * Figures come out only after all have been found to compute the same; exit code 1 where they do not, 2 without a kernel.
 */
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { compileKernel, type KernelModule } from '../engine/kernel.ts';
import { type Agreement, checkAgreement } from './agreement.ts';
import { openCases, WHOLE_MODEL } from './cases.ts';
import { type Contestants, type Implementation, openContestants, TITLES } from './implementations.ts';
import { measure, type Timing } from './measure.ts';
import { buildNative } from './native.ts';

const DIFFERENT = 1;
const NOT_BUILT = 2;

interface CaseFigures {
  name: string;
  cells: number;
  implementation: Implementation;
  nsPerCellTick: Timing;
}

interface Figures {
  machine: { cpu: string; cores: number; node: string; platform: string; compiler?: string };
  cases: CaseFigures[];
  /** Medians of the whole model over the SIMD kernel's, `toNative` the other way round; native ones where a compiler was found. */
  ratios: { ofRecording: number; overScalarWasm: number; overJavaScript: number; toNative?: number; overNativeScalar?: number };
}

interface Opened {
  name: string;
  timed: boolean;
  cells: number;
  contestants: Contestants;
}

function fail(message: string, code: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

async function readKernel(file: string): Promise<KernelModule> {
  const bytes = await readFile(new URL(`../dist/${file}`, import.meta.url)).catch(() =>
    fail(`dist/${file} is missing: build it with "npm run build"`, NOT_BUILT),
  );
  return compileKernel(bytes);
}

function machine(compiler: string | undefined): Figures['machine'] {
  const all = cpus();
  const cpu = all[0]?.model ?? 'unknown';
  return { cpu, cores: all.length, node: process.version, platform: `${process.platform} ${process.arch}`, compiler };
}

function ratiosOf(cases: CaseFigures[]): Figures['ratios'] {
  const median = (name: Implementation) =>
    cases.find((row) => row.name === WHOLE_MODEL && row.implementation === name)?.nsPerCellTick.median;
  const simd = median('simd')!;
  const vector = median('nativeVector');
  const scalar = median('nativeScalar');
  return {
    ofRecording: median('recording')! / simd,
    overScalarWasm: median('scalar')! / simd,
    overJavaScript: median('javascript')! / simd,
    toNative: vector === undefined ? undefined : simd / vector,
    overNativeScalar: scalar === undefined ? undefined : scalar / simd,
  };
}

function describe(name: string, { distances, events }: Agreement): string {
  const others = [...distances].map(
    ([other, { voltage_V, soc }]) =>
      `, ${TITLES[other]} at most ${voltage_V.toExponential(1)} V and ${soc.toExponential(1)} of SOC from them`,
  );
  return `${name}: kernels equal in every byte${others.join('')}; ${events} events\n`;
}

async function measureAll(opened: readonly Opened[]): Promise<CaseFigures[]> {
  const rows: CaseFigures[] = [];
  for (const { name, timed, contestants, cells } of opened) {
    if (!timed) continue;
    for (const [implementation, nsPerCellTick] of await measure(contestants, cells))
      rows.push({ name, cells, implementation, nsPerCellTick });
  }
  return rows;
}

async function run(): Promise<Figures> {
  const kernels = { simd: await readKernel('kernel.wasm'), scalar: await readKernel('kernel.scalar.wasm') };
  const built = buildNative();
  const programs = typeof built === 'string' ? undefined : built;
  if (typeof built === 'string') process.stderr.write(`The native rows are left out: ${built}\n`);
  const opened: Opened[] = [];
  for (const { name, timed, loaded } of await openCases()) {
    const contestants = await openContestants(name, loaded, kernels, programs);
    const agreement = await checkAgreement(contestants);
    if (agreement.complaint !== undefined) fail(`No figures, the implementations differ in "${name}": ${agreement.complaint}`, DIFFERENT);
    process.stderr.write(describe(name, agreement));
    opened.push({ name, timed, contestants, cells: loaded.scenario.pack.series * loaded.scenario.pack.parallel });
  }
  const cases = await measureAll(opened);
  for (const { contestants } of opened) for (const runner of contestants.runners.values()) runner.close();
  return { machine: machine(programs?.compiler), cases, ratios: ratiosOf(cases) };
}

function sentences({ ofRecording, overJavaScript, overScalarWasm, toNative, overNativeScalar }: Figures['ratios']): string[] {
  const lines = [
    `${WHOLE_MODEL}: SIMD is ${overJavaScript.toFixed(2)} times as fast as plain JavaScript, ` +
      `${overScalarWasm.toFixed(2)} times as fast as scalar WebAssembly (medians)`,
    `recording every level of detail takes ${ofRecording.toFixed(3)} times as long as recording none`,
  ];
  if (toNative === undefined || overNativeScalar === undefined) return lines;
  const native = `it takes ${toNative.toFixed(2)} times as long as native -O3 and is ${overNativeScalar.toFixed(2)} times as fast as native -O2`;
  return [...lines, `${native} without vectorising`];
}

function table({ machine: { cpu, cores, node, platform, compiler }, cases, ratios }: Figures): string {
  const nameWidth = Math.max(...cases.map(({ name }) => name.length));
  const titleWidth = Math.max(...cases.map(({ implementation }) => TITLES[implementation].length));
  const line = (name: string, title: string, min: string, median: string) =>
    `${name.padEnd(nameWidth)}  ${title.padEnd(titleWidth)} ${min.padStart(8)} ${median.padStart(8)}`;
  return [
    [cpu, `${cores} cores`, `Node ${node}`, platform, compiler].filter((part) => part !== undefined).join(', '),
    '',
    line('ns per cell-tick', '', 'min', 'median'),
    ...cases.map(({ name, implementation, nsPerCellTick: { min, median } }) =>
      line(name, TITLES[implementation], min.toFixed(1), median.toFixed(1)),
    ),
    '',
    ...sentences(ratios),
  ].join('\n');
}

const unknown = process.argv.slice(2).filter((word) => word !== '--json');
if (unknown.length > 0) fail(`Unknown argument ${unknown[0]}; allowed: --json`, NOT_BUILT);
const figures = await run();
process.stdout.write(`${process.argv.includes('--json') ? JSON.stringify(figures, null, 2) : table(figures)}\n`);
