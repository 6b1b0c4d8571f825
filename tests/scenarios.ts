/**
 * Scenarios as objects, the built kernels, and runs opened from both: what every test of behaviour starts from.
 * It is separate so that a test says what its pack is, and nothing about files and builds.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Cell } from '../domain/cells.ts';
import { InputError } from '../domain/errors.ts';
import type { EventName } from '../domain/events.ts';
import { printJson } from '../domain/scenario/json.ts';
import type { ScenarioFile } from '../domain/scenario/schema.ts';
import { compileKernel, type KernelModule, sha256 } from '../engine/kernel.ts';
import { type FileReader, type LoadedScenario, loadScenario } from '../engine/load.ts';
import { type RunResult, stateBytes } from '../engine/result.ts';
import { Run } from '../engine/run.ts';

export type RunEvent = RunResult['events'][number];
export type KernelName = 'simd' | 'scalar';
export type CellFile = Exclude<NonNullable<ScenarioFile['cells']>[string], string>;

/** A scenario file without what every file has; `cell` is short for the only entry of `cells`. */
export type ScenarioObject = Omit<ScenarioFile, 'formatVersion' | 'name' | 'pack'> & {
  name?: string;
  cell?: CellFile;
  pack?: Partial<ScenarioFile['pack']>;
};

export interface OpenOptions {
  kernel?: KernelName;
  /** Contents of the files that the scenario names. */
  files?: Record<string, string>;
  until?: EventName;
}

const ROOT = new URL('../', import.meta.url);
const KERNEL_FILES: Record<KernelName, string> = { simd: 'dist/kernel.wasm', scalar: 'dist/kernel.scalar.wasm' };
const modules = new Map<KernelName, Promise<KernelModule>>();

/** Path of a file of the repository. */
export function inRepository(path: string): string {
  return fileURLToPath(new URL(path, ROOT));
}

/** The built kernel; it is compiled once a test file. */
export function kernelModule(name: KernelName = 'simd'): Promise<KernelModule> {
  let module = modules.get(name);
  if (module === undefined) {
    module = readFile(inRepository(KERNEL_FILES[name])).then((bytes) => compileKernel(new Uint8Array(bytes)));
    modules.set(name, module);
  }
  return module;
}

/** Reads the library from the repository and everything else from `files`, then from `folder`. */
export function readerOf(files: Record<string, string> = {}, folder?: string): FileReader {
  return {
    beside: async (name) => {
      if (Object.hasOwn(files, name)) return new TextEncoder().encode(files[name]);
      if (folder !== undefined) return new Uint8Array(await readFile(inRepository(`${folder}/${name}`)));
      throw new InputError({ code: 'file', message: 'there is no such file', value: name });
    },
    libraryCell: async (id) => new Uint8Array(await readFile(inRepository(`library/cells/${id}.json`))),
  };
}

/** The text of a scenario file. */
export function scenarioText({ cell, ...scenario }: ScenarioObject): string {
  const pack = { series: 1, cell: 'mine', ...scenario.pack };
  const cells = cell === undefined ? scenario.cells : { mine: cell, ...scenario.cells };
  return printJson({ formatVersion: 1, name: 'test', ...scenario, ...(cells === undefined ? {} : { cells }), pack });
}

export function loadObject(scenario: ScenarioObject, files: Record<string, string> = {}): Promise<LoadedScenario> {
  return loadScenario(scenarioText(scenario), readerOf(files));
}

/** A run at time 0. */
export async function openRun(scenario: ScenarioObject, options: OpenOptions = {}): Promise<Run> {
  const loaded = await loadObject(scenario, options.files);
  return Run.open(loaded, await kernelModule(options.kernel), { until: options.until });
}

/** A run at its end. */
export async function finishedRun(scenario: ScenarioObject, options: OpenOptions = {}): Promise<Run> {
  const run = await openRun(scenario, options);
  run.advance();
  return run;
}

/** Opens a file of `scenarios/`. */
export async function openShipped(file: string, kernel: KernelName = 'simd'): Promise<Run> {
  const text = readFileSync(inRepository(`scenarios/${file}`), 'utf8');
  return Run.open(await loadScenario(text, readerOf({}, 'scenarios'), { file }), await kernelModule(kernel));
}

/** A cell without temperature dependence: by default 10 Ah, 3 to 4 V in one straight line and one resistor. */
export function constantCell(changes: Partial<CellFile> = {}): CellFile {
  return { capacity_Ah: 10, ocv: { soc: [0, 1], voltage_V: [3, 4] }, seriesResistance_Ohm: 0.01, ...changes };
}

/** The same voltage at every state of charge. */
export function flatOcv(voltage_V: number): Cell['ocv'] {
  return { soc: [0, 1], voltage_V: [voltage_V, voltage_V] };
}

/** A curve as a table of equal steps of SOC: smooth to about the square of the step. */
export function tabled(f: (soc: number) => number, points = 1025): { soc: number[]; value: number[] } {
  const soc = Array.from({ length: points }, (_, index) => index / (points - 1));
  return { soc, value: soc.map(f) };
}

/** A profile as CSV text. */
export function csvOf(column: string, rows: readonly (readonly [number, number])[]): string {
  return `time_s,${column}\n${rows.map(([time, value]) => `${time},${value}`).join('\n')}\n`;
}

/** Calls `each` at time 0 and after every tick. */
export function everyTick(run: Run, each: (tick: number) => void, ticks = run.ticks): void {
  each(run.tick);
  while (run.status === 'running' && run.tick < ticks) {
    run.advance(run.tick + 1);
    each(run.tick);
  }
}

/** Values of a channel at time 0 and after every `every` ticks. */
export function traceOf(run: Run, channel: string, every = 1): number[] {
  const found = run.channel(channel);
  const values = [run.value(found)];
  while (run.status === 'running') {
    run.advance(run.tick + every);
    values.push(run.value(found));
  }
  return values;
}

/** Everything that two runs can be compared by. */
export async function outcomeOf(run: Run): Promise<{ resultHash: string; state: string; events: RunEvent[]; result: RunResult }> {
  const result = await run.result();
  return { resultHash: result.resultHash, state: await sha256(stateBytes(run.compiled)), events: result.events, result };
}

/** Events of a run by name. */
export function eventsNamed(run: Run, code: EventName, active = true): RunEvent[] {
  return run.events.filter((event) => event.code === code && event.active === active);
}

/** Where two lists of values first differ in a bit, as text; undefined where they are the same. */
export function firstDifference(a: readonly unknown[], b: readonly unknown[]): string | undefined {
  if (a.length !== b.length) return `${a.length} and ${b.length} entries`;
  const index = a.findIndex((value, place) => !Object.is(value, b[place]));
  return index < 0 ? undefined : `entry ${index}: ${String(a[index])} and ${String(b[index])}`;
}
