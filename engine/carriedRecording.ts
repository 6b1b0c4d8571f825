/**
 * What a run has recorded, brought into the memory of another that goes on in its place.
 * Apart from the room of a recording, which knows of one run only.
 */
import { assert } from '../domain/errors.ts';
import { F64_BYTES } from '../domain/memory.ts';
import { FOLD } from '../domain/memoryRecorder.ts';
import type { CompiledRun } from './compile.ts';
import { LAYOUT } from './kernel.ts';
import { headWord, type Ring } from './recording.ts';

/** Lowest of the lows, highest of the highs and the last values of rows of a level, as one row. */
function foldedRow(rows: readonly Float64Array[]): Float64Array {
  const folded = rows.at(-1)!.slice();
  const third = folded.length / 3;
  for (let place = 0; place < third; place++) {
    folded[place] = Math.min(...rows.map((row) => row[place]!));
    folded[third + place] = Math.max(...rows.map((row) => row[third + place]!));
  }
  return folded;
}

/**
 * Brings what a run has recorded into the memory of another of its pack that goes on in its place and may last longer.
 * A ring of a longer run is larger only where the old one still holds everything, and so does the one below a level that the old one did without.
 */
export function carryRecording(from: CompiledRun, to: CompiledRun): void {
  const { bytes } = LAYOUT.recorder;
  const { rowBytes, width_ticks } = to.recording;
  if (to.recording.levels.length === 0) return;
  assert(from.recording.rowBytes === rowBytes && from.recording.width_ticks === width_ticks, 'the recordings are of different kinds');
  const part = ({ kernel, plan }: CompiledRun, start: number, end: number) =>
    kernel.bytes.subarray(plan.recorderBase + start, plan.recorderBase + end);
  const levelCount = headWord(to.plan, 'levelCount');
  const levels = to.kernel.i32[levelCount]!;
  part(to, 0, bytes).set(part(from, 0, bytes));
  to.kernel.i32[levelCount] = levels;
  const openEnd = from.plan.ringBase - from.plan.recorderBase;
  part(to, LAYOUT.openBucketStart, openEnd).set(part(from, LAYOUT.openBucketStart, openEnd));
  const closed = from.kernel.i32[headWord(from.plan, 'closed')]!;
  const rowOf = ({ kernel }: CompiledRun, { base, capacity }: Ring, row: number) =>
    kernel.f64.subarray((base + (row % capacity) * rowBytes) / F64_BYTES).subarray(0, rowBytes / F64_BYTES);
  to.recording.levels.forEach((ring, level) => {
    const old = from.recording.levels[level];
    const below = to.recording.levels[level - 1];
    const rows = Math.floor(closed / ring.fold);
    for (let row = Math.max(rows - ring.capacity, 0); row < rows; row++) {
      const parts = () => Array.from({ length: FOLD }, (_, each) => rowOf(to, below!, row * FOLD + each));
      rowOf(to, ring, row).set(old === undefined ? foldedRow(parts()) : rowOf(from, old, row));
    }
  });
}
