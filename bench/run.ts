/**
 * Nanoseconds per cell-tick of the SIMD kernel, the scalar kernel and plain JavaScript; main.ts bundles and starts it.
 * Figures come out only after all three have been found to compute the same; exit code 1 where they do not, 2 without a kernel.
 */
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { compileKernel, type KernelModule } from '../engine/kernel.ts';
import { checkAgreement } from './agreement.ts';
import { openCases, WHOLE_MODEL } from './cases.ts';
import { type Implementation, IMPLEMENTATIONS, openContestants } from './implementations.ts';
import { measure, type Timing } from './measure.ts';

const DIFFERENT = 1;
const NOT_BUILT = 2;

interface CaseFigures {
  name: string;
  cells: number;
  implementation: Implementation;
  nsPerCellTick: Timing;
}

interface Figures {
  machine: { cpu: string; cores: number; node: string; platform: string };
  cases: CaseFigures[];
  ratios: { overScalarWasm: number; overJavaScript: number };
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

function machine(): Figures['machine'] {
  const all = cpus();
  return { cpu: all[0]?.model ?? 'unknown', cores: all.length, node: process.version, platform: `${process.platform} ${process.arch}` };
}

function ratiosOf(cases: CaseFigures[]): Figures['ratios'] {
  const median = (name: Implementation) =>
    cases.find((row) => row.name === WHOLE_MODEL && row.implementation === name)!.nsPerCellTick.median;
  return { overScalarWasm: median('scalar') / median('simd'), overJavaScript: median('javascript') / median('simd') };
}

async function run(): Promise<Figures> {
  const kernels = { simd: await readKernel('kernel.wasm'), scalar: await readKernel('kernel.scalar.wasm') };
  const opened = [];
  for (const { name, timed, loaded } of await openCases()) {
    const contestants = await openContestants(loaded, kernels);
    const { complaint, voltage_V, soc, events } = checkAgreement(contestants);
    if (complaint !== undefined) fail(`No figures, the implementations differ in "${name}": ${complaint}`, DIFFERENT);
    const most = `at most ${voltage_V.toExponential(1)} V and ${soc.toExponential(1)} of SOC apart`;
    process.stderr.write(`${name}: kernels equal in every byte, plain JavaScript ${most}, ${events} events\n`);
    opened.push({ name, timed, contestants, cells: loaded.scenario.pack.series * loaded.scenario.pack.parallel });
  }
  const cases = opened
    .filter(({ timed }) => timed)
    .flatMap(({ name, contestants, cells }) => {
      const timings = measure(contestants, cells);
      return IMPLEMENTATIONS.map((implementation) => ({ name, cells, implementation, nsPerCellTick: timings[implementation] }));
    });
  return { machine: machine(), cases, ratios: ratiosOf(cases) };
}

function table({ machine: { cpu, cores, node, platform }, cases, ratios }: Figures): string {
  const width = Math.max(...cases.map(({ name }) => name.length));
  const line = (name: string, implementation: string, min: string, median: string) =>
    `${name.padEnd(width)}  ${implementation.padEnd(10)} ${min.padStart(8)} ${median.padStart(8)}`;
  return [
    `${cpu}, ${cores} cores, Node ${node}, ${platform}`,
    '',
    line('ns per cell-tick', '', 'min', 'median'),
    ...cases.map((row) => line(row.name, row.implementation, row.nsPerCellTick.min.toFixed(1), row.nsPerCellTick.median.toFixed(1))),
    '',
    `${WHOLE_MODEL}: SIMD is ${ratios.overJavaScript.toFixed(2)} times as fast as plain JavaScript, ` +
      `${ratios.overScalarWasm.toFixed(2)} times as fast as scalar WebAssembly (medians)`,
  ].join('\n');
}

const unknown = process.argv.slice(2).filter((word) => word !== '--json');
if (unknown.length > 0) fail(`Unknown argument ${unknown[0]}; allowed: --json`, NOT_BUILT);
const figures = await run();
process.stdout.write(`${process.argv.includes('--json') ? JSON.stringify(figures, null, 2) : table(figures)}\n`);
