/**
 * The room of a recording: which rings of buckets a run gets, and the head of the recorder in the kernel's memory.
 * It lies behind everything else, so that no address in the state depends on whether or how a run is recorded.
 */
import { assert } from '../domain/errors.ts';
import { alignTo } from '../domain/layout.ts';
import { F64_BYTES, LANES_PER_CHUNK } from '../domain/memory.ts';
import { FOLD, LEAST_CAPACITY, MOST_LEVELS, PACK_TRACES } from '../domain/memoryRecorder.ts';
import { chunksOf, type Kernel, LAYOUT, type RecordPlan } from './kernel.ts';

/** The top level of a long run then has at least 1024 buckets, more than a drawing takes. */
const CAPACITY = 8192;
const WIDTH_TICKS = 8;

export interface RecordingOptions {
  /** Buckets of a ring at most; a multiple of FOLD. */
  capacity?: number;
  /** Ticks of a bucket at the finest level. */
  width_ticks?: number;
}

/** The rows of one level. */
export interface Ring {
  base: number;
  capacity: number;
  /** Buckets of the finest level in a row. */
  fold: number;
}

export interface RecordingPlan {
  /** 0 where there are no levels. */
  width_ticks: number;
  rowBytes: number;
  /** From the finest to one that holds the whole run. */
  levels: readonly Ring[];
  end: number;
}

/** Values in a third of a row: groups with the padding of the last chunk, then the pack's traces. */
export function thirdOfRow(series: number): number {
  return chunksOf(series) * LANES_PER_CHUNK + PACK_TRACES.length;
}

/** Places in a third of a row: the voltages of the groups, then the pack's traces in their order. */
export function placesOfTraces(series: number): number[] {
  const first = thirdOfRow(series) - PACK_TRACES.length;
  return [...Array.from({ length: series }, (_, group) => group), ...PACK_TRACES.map((_, index) => first + index)];
}

/** Without options there are no levels, and only the extremes of the whole run are kept. */
export function planRecording(series: number, ticks: number, start: number, options: RecordingOptions | undefined): RecordingPlan {
  const { capacity = CAPACITY, width_ticks = options === undefined ? 0 : WIDTH_TICKS } = options ?? {};
  assert(capacity >= LEAST_CAPACITY && capacity % FOLD === 0, 'a fold must not wrap around a ring', { capacity });
  const rowBytes = 3 * thirdOfRow(series) * F64_BYTES;
  const levels: Ring[] = [];
  let end = alignTo(start, 64);
  // The first bucket holds the first tick alone.
  let rows = options === undefined ? 0 : Math.ceil(ticks / width_ticks) + 1;
  for (let fold = 1; rows > 0; fold *= FOLD) {
    const ring = Math.min(capacity, alignTo(Math.max(rows, LEAST_CAPACITY), FOLD));
    levels.push({ base: end, capacity: ring, fold });
    end += ring * rowBytes;
    rows = rows > capacity ? Math.ceil(rows / FOLD) : 0;
  }
  assert(levels.length <= MOST_LEVELS, 'the run is too long to be recorded', { ticks, capacity });
  return { width_ticks, rowBytes, levels, end };
}

/** Word of the recorder's head. */
export function headWord(plan: RecordPlan, name: string): number {
  return (plan.recorderBase + LAYOUT.recorder.offsets.get(name)!.offset) / 4;
}

export function writeRecorder(kernel: Kernel, plan: RecordPlan, recording: RecordingPlan): void {
  const { i32 } = kernel;
  i32[headWord(plan, 'width_ticks')] = recording.width_ticks;
  i32[headWord(plan, 'levelCount')] = recording.levels.length;
  i32[headWord(plan, 'rowBytes')] = recording.rowBytes;
  const { bytes, offsets } = LAYOUT.recorderLevel;
  recording.levels.forEach((level, index) => {
    const at = plan.recorderBase + LAYOUT.recorder.bytes + index * bytes;
    for (const name of ['base', 'capacity'] as const) i32[(at + offsets.get(name)!.offset) / 4] = level[name];
  });
}

/** Ticks of the buckets in which a window of so many ticks is shown if it is rerun and recorded anew. */
export function finestWidth(ticks: number): number {
  let width_ticks = 1;
  // The first bucket holds one tick, and the last may hold fewer than the others.
  while (Math.ceil(ticks / width_ticks) + 1 > CAPACITY) width_ticks *= FOLD;
  return width_ticks;
}
