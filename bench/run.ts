/**
 * The benchmark: kernel, plain JavaScript and C side by side, ratios of kernel against kernel, and whole days; main.ts starts it.
 * Figures come out only after all have been found to compute the same; exit code 1 where they do not, 2 without a kernel.
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileKernel, type KernelModule } from '../engine/kernel.ts';
import { type Agreement, checkAgreement } from './agreement.ts';
import { ARMED, openCases, PARALLEL_4, PARALLEL_40, WHOLE_MODEL } from './cases.ts';
import { DAY_FILE, dayOf, yearOf } from './day.ts';
import { ensembleRatio } from './ensemble.ts';
import { type CaseFigures, describeFigures, type Figures, thisMachine } from './figures.ts';
import { type Contestants, type Implementation, openContestants, TITLES } from './implementations.ts';
import { keepFigures } from './keep.ts';
import { measure, medianOf } from './measure.ts';
import { buildNative } from './native.ts';
import { type Contender, pairedRatio } from './pairs.ts';
import { thousandDays, twoWorkersRatio } from './threads.ts';

const DIFFERENT = 1;
const NOT_BUILT = 2;
const DAYS = 21;
/** Beside this bundle. */
const COMMAND_LINE = join(import.meta.dirname, 'cli.js');
const MS = 1000;
const KIB = 1024;

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

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Says every quarter of a longer piece of work. */
function progress(what: string): (share: number) => void {
  let said = 0;
  return (share) => {
    const quarters = Math.floor(share * 4);
    if (quarters > said) say(`${what}: ${25 * quarters} %`);
    said = Math.max(said, quarters);
  };
}

async function readKernel(file: string): Promise<KernelModule> {
  const bytes = await readFile(new URL(`../dist/${file}`, import.meta.url)).catch(() =>
    fail(`dist/${file} is missing: build it with "npm run build"`, NOT_BUILT),
  );
  return compileKernel(bytes);
}

function describe(name: string, { distances, events }: Agreement): string {
  const others = [...distances].map(
    ([other, { voltage_V, soc }]) =>
      `, ${TITLES[other]} at most ${voltage_V.toExponential(1)} V and ${soc.toExponential(1)} of SOC from them`,
  );
  return `${name}: kernels equal in every byte${others.join('')}; ${events} events`;
}

async function measureAll(opened: readonly Opened[]): Promise<CaseFigures[]> {
  const rows: CaseFigures[] = [];
  for (const { name, timed, contestants, cells } of opened) {
    if (!timed) continue;
    for (const [implementation, nsPerCellTick] of await measure(contestants, cells))
      rows.push({ name, cells, implementation, nsPerCellTick });
    say(`${name}: measured`);
  }
  return rows;
}

/** Ratios of medians of the whole model, which all implementations computed in turns. */
function ratiosBetween(cases: readonly CaseFigures[]): Figures['ratios'] {
  const median = (name: Implementation) =>
    cases.find((row) => row.name === WHOLE_MODEL && row.implementation === name)?.nsPerCellTick.median;
  const simd = median('simd')!;
  const vector = median('nativeVector');
  const scalar = median('nativeScalar');
  return {
    ...(vector === undefined ? {} : { toNative: simd / vector }),
    ...(scalar === undefined ? {} : { overNativeScalar: scalar / simd }),
    overScalarWasm: median('scalar')! / simd,
    overJavaScript: median('javascript')! / simd,
  };
}

/** Ratios of kernel against kernel, each pair in turns. */
async function ratiosOfPairs(opened: readonly Opened[]): Promise<Figures['ratios']> {
  const contender = (name: string, implementation: Implementation = 'simd'): Contender => {
    const { contestants, cells } = opened.find((each) => each.name === name)!;
    return { runner: contestants.runners.get(implementation)!, cells };
  };
  const whole = contender(WHOLE_MODEL);
  return {
    parallel4: await pairedRatio(contender(PARALLEL_4), whole),
    parallel40: await pairedRatio(contender(PARALLEL_40), whole),
    recorder: await pairedRatio(contender(WHOLE_MODEL, 'recording'), whole),
    armedFaults: await pairedRatio(contender(ARMED), whole),
  };
}

async function warmDay(module: KernelModule): Promise<number> {
  const seconds: number[] = [];
  for (let day = 0; day < DAYS; day++) seconds.push(await dayOf(module, 1));
  return medianOf(seconds);
}

function firstResult(): number {
  const before = performance.now();
  const { status } = spawnSync(process.execPath, [COMMAND_LINE, 'run', DAY_FILE, '--json'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) fail(`The command line ended with ${status}`, DIFFERENT);
  return (performance.now() - before) / MS;
}

async function run(): Promise<{ figures: Figures; vectorised: string | undefined }> {
  const kernels = { simd: await readKernel('kernel.wasm'), scalar: await readKernel('kernel.scalar.wasm') };
  const built = buildNative();
  const programs = typeof built === 'string' ? undefined : built;
  if (typeof built === 'string') say(`The native rows are left out: ${built}`);
  const opened: Opened[] = [];
  const all = await openCases();
  for (const { name, timed, loaded } of all) {
    const contestants = await openContestants(name, loaded, kernels, programs);
    const agreement = await checkAgreement(contestants);
    if (agreement.complaint !== undefined) fail(`No figures, the implementations differ in "${name}": ${agreement.complaint}`, DIFFERENT);
    say(describe(name, agreement));
    opened.push({ name, timed, contestants, cells: loaded.scenario.pack.series * loaded.scenario.pack.parallel });
  }
  const cases = await measureAll(opened);
  const pairs = await ratiosOfPairs(opened);
  const { recording } = opened.find(({ name }) => name === WHOLE_MODEL)!.contestants;
  for (const { contestants } of opened) for (const runner of contestants.runners.values()) runner.close();
  const whole = all.find(({ name }) => name === WHOLE_MODEL)!.loaded;
  const ensemble = await ensembleRatio(whole, kernels.simd, progress('10,000 different runs'));
  const day16S = await warmDay(kernels.simd);
  const year = await yearOf(kernels.simd);
  say('a year: measured');
  const twoWorkers = await twoWorkersRatio(progress('two threads'));
  const figures: Figures = {
    machine: thisMachine(programs?.compiler),
    cases,
    ratios: { ...ratiosBetween(cases), ...pairs, ensemble, twoWorkers },
    seconds: { day16S, year16S: year.seconds, thousandDays: await thousandDays(progress('a thousand days')), firstResult: firstResult() },
    memory: {
      kernel: year.kernelBytes,
      recordingKernel: recording.kernel.bytes.length,
      resident: process.resourceUsage().maxRSS * KIB,
    },
  };
  return { figures, vectorised: programs?.vectorised };
}

const ALLOWED = ['--json', '--keep'];
const unknown = process.argv.slice(2).filter((word) => !ALLOWED.includes(word));
if (unknown.length > 0) fail(`Unknown argument ${unknown[0]}; allowed: ${ALLOWED.join(', ')}`, NOT_BUILT);
const { figures, vectorised } = await run();
if (process.argv.includes('--keep')) say(`kept in ${await keepFigures(figures, vectorised)}`);
process.stdout.write(`${process.argv.includes('--json') ? JSON.stringify(figures, null, 2) : describeFigures(figures)}\n`);
