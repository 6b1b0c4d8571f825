/**
 * The thread that runs a scenario at the pace of the clock and hands every write of its serial line to the main thread.
 * It is a thread of its own so that a slow tick never holds up readers, nor readers a tick.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { once } from 'node:events';
import { assert, InputError, type InputErrorDetails } from '../../domain/errors.ts';
import type { Assignment } from '../../domain/scenario/paths.ts';
import { WRITE_SPACING_s } from '../../domain/serialFrames.ts';
import { Run } from '../../engine/run.ts';
import { lineWrites } from '../../engine/serial/line.ts';
import { loadKernel, withScenario } from '../files.ts';
import { Pace } from './pace.ts';

export interface SerialTask {
  file: string;
  set: Assignment[];
  seed: number | undefined;
  /** Simulated seconds per second. */
  speed: number;
}

export type RunEnd = { status: 'completed' } | { status: 'failed'; failure: string };

/** `ready` waits for any message before time begins. */
export type FromThread =
  { kind: 'ready' } | { kind: 'write'; bytes: Uint8Array } | { kind: 'ended'; end: RunEnd } | { kind: 'refused'; error: InputErrorDetails };

const CLOSE_TO_TICK = 1e-9;

async function openRun(task: SerialTask): Promise<Run> {
  const { file, set, seed } = task;
  return withScenario(file, { set, ...(seed === undefined ? {} : { seed }) }, async (loaded) => {
    if (loaded.scenario.bms === null)
      throw new InputError({
        code: 'value',
        path: 'bms',
        value: null,
        message: 'without a BMS there is no serial output',
        allowed: 'a BMS',
      });
    return Run.open(loaded, await loadKernel());
  });
}

/** Plays the run from its present moment to its end; a run that fails ends there. */
async function play(run: Run, speed: number, send: (bytes: Uint8Array) => void): Promise<void> {
  const { duration_s, tick_s } = run.loaded.scenario;
  const pace = new Pace(speed);
  let silent_s = duration_s;
  for (let second = 0; second <= duration_s; second++) {
    await pace.until(second);
    run.advance(Math.floor(second / tick_s + CLOSE_TO_TICK));
    if (run.status === 'failed') return;
    for (const { time_s, bytes } of lineWrites(run, second)) {
      await pace.until(time_s);
      send(bytes);
      silent_s = Math.max(duration_s, time_s + WRITE_SPACING_s);
    }
  }
  run.advance();
  await pace.until(silent_s);
}

async function answer(task: SerialTask): Promise<void> {
  const port = parentPort;
  assert(port !== null, 'this file is started as a thread');
  const tell = (message: FromThread) => port.postMessage(message);
  try {
    const run = await openRun(task);
    tell({ kind: 'ready' });
    await once(port, 'message');
    await play(run, task.speed, (bytes) => tell({ kind: 'write', bytes }));
    const { failure } = await run.result();
    tell({ kind: 'ended', end: failure === undefined ? { status: 'completed' } : { status: 'failed', failure } });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tell({ kind: 'refused', error: { file: task.file, ...error.details } });
  }
}

await answer(workerData as SerialTask);
