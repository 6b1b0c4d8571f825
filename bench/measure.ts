/**
 * Times implementations side by side: in slices that take turns, so that a slow moment of the machine meets all of them.
 * Every slice runs the same ticks from the same start.
 */
import { type Contestants, type Implementation, IMPLEMENTATIONS } from './implementations.ts';

const SLICE_TICKS = 20_000;
const WARM_UP_SLICES = 2;
const ROUNDS = 31;

export interface Timing {
  min: number;
  median: number;
}

/** Milliseconds of one slice. */
function timeSlice({ runners }: Contestants, name: Implementation): number {
  const runner = runners[name];
  runner.restart();
  const before = performance.now();
  runner.runTo(SLICE_TICKS);
  return performance.now() - before;
}

function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Nanoseconds per cell and tick of each implementation. */
export function measure(contestants: Contestants, cells: number): Record<Implementation, Timing> {
  for (const name of IMPLEMENTATIONS) for (let slice = 0; slice < WARM_UP_SLICES; slice++) timeSlice(contestants, name);
  const times: Record<Implementation, number[]> = { simd: [], scalar: [], javascript: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of IMPLEMENTATIONS) times[name].push((timeSlice(contestants, name) * 1e6) / (SLICE_TICKS * cells));
  }
  const timing = (values: number[]): Timing => ({ min: Math.min(...values), median: middleOf(values) });
  return { simd: timing(times.simd), scalar: timing(times.scalar), javascript: timing(times.javascript) };
}
