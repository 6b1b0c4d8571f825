/**
 * The thread that runs one scenario file: load, advance in slices, write the CSV, answer with the result.
 * It is a thread of its own so that the main one stays free for progress and Ctrl-C.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { InputError, type InputErrorDetails } from '../domain/errors.ts';
import type { EventName } from '../domain/events.ts';
import type { Assignment } from '../domain/scenario/paths.ts';
import type { KernelModule } from '../engine/kernel.ts';
import type { RunResult } from '../engine/result.ts';
import { Run } from '../engine/run.ts';
import { CsvWriter } from './csv.ts';
import { loadKernel, withScenario } from './files.ts';

export interface SimulationTask {
  file: string;
  set: Assignment[];
  seed: number | undefined;
  until: EventName | undefined;
  csv: { out: string; channels: string[]; every: number } | undefined;
  port: MessagePort;
}

export interface Progress {
  file: string;
  tick: number;
  ticks: number;
  time_s: number;
}

export type SimulationAnswer = { result: RunResult } | { error: InputErrorDetails };

/** Any message to a running simulation means: stop and answer with what there is. */
export const CANCEL = 'cancel';

const REPORT_EVERY_MS = 250;
/** Ticks between looks at the clock while no CSV is written. */
const SLICE_TICKS = 20_000;

function advance(run: Run, task: SimulationTask, csv: CsvWriter | undefined): void {
  let reported = performance.now();
  while (run.status === 'running') {
    const next = run.tick + (csv === undefined ? SLICE_TICKS : csv.every - (run.tick % csv.every));
    run.advance(next);
    if (csv !== undefined && run.tick % csv.every === 0) csv.row();
    if (receiveMessageOnPort(task.port) !== undefined) run.cancel();
    if (performance.now() - reported < REPORT_EVERY_MS) continue;
    reported = performance.now();
    task.port.postMessage({ file: task.file, tick: run.tick, ticks: run.ticks, time_s: run.time_s } satisfies Progress);
  }
}

let kernel: Promise<KernelModule> | undefined;

/** Compiled once a thread; every run has an instance of its own. */
function compiledKernel(): Promise<KernelModule> {
  kernel ??= loadKernel();
  return kernel;
}

async function simulate(task: SimulationTask): Promise<RunResult> {
  const { file, set, seed, until } = task;
  const run = await withScenario(file, { set, ...(seed === undefined ? {} : { seed }) }, async (loaded) =>
    Run.open(loaded, await compiledKernel(), { until }),
  );
  const csv = task.csv === undefined ? undefined : new CsvWriter(run, task.csv.out, task.csv.channels, task.csv.every);
  try {
    advance(run, task, csv);
  } catch (error) {
    csv?.discard();
    throw error;
  }
  if (run.status === 'cancelled') csv?.discard();
  else csv?.publish();
  return run.result();
}

export default async function answer(task: SimulationTask): Promise<SimulationAnswer> {
  try {
    return { result: await simulate(task) };
  } catch (error) {
    if (error instanceof InputError) return { error: { file: task.file, ...error.details } };
    throw error;
  } finally {
    task.port.close();
  }
}
