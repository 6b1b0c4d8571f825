/**
 * Times implementations side by side: in slices that take turns, so that a slow moment of the machine meets all of them.
 * Every slice runs the same ticks from the same start.
 */
import type { Contestants, Implementation, Runner } from './implementations.ts';

const SLICE_TICKS = 20_000;
const WARM_UP_SLICES = 2;
const ROUNDS = 31;

export interface Timing {
  min: number;
  median: number;
}

/** Nanoseconds of one slice. */
async function timeSlice(runner: Runner): Promise<number> {
  await runner.restart();
  return runner.runTo(SLICE_TICKS);
}

function timingOf(values: readonly number[]): Timing {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: sorted[0]!, median: sorted[Math.floor(sorted.length / 2)]! };
}

/** Nanoseconds per cell and tick of each implementation that takes part. */
export async function measure({ runners }: Contestants, cells: number): Promise<Map<Implementation, Timing>> {
  for (const runner of runners.values()) for (let slice = 0; slice < WARM_UP_SLICES; slice++) await timeSlice(runner);
  const times = new Map([...runners.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, runner] of runners) times.get(name)!.push((await timeSlice(runner)) / (SLICE_TICKS * cells));
  }
  return new Map([...times].map(([name, values]) => [name, timingOf(values)]));
}
