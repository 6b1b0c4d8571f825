/**
 * Times implementations side by side: in slices that take turns, so that a slow moment of the machine meets all of them.
 * Every slice of a pack runs the same ticks from the same start.
 */
import type { Contestants, Implementation, Runner } from './implementations.ts';

/** Cells times ticks of a slice: 20,000 ticks of sixteen cells. */
const SLICE_CELL_TICKS = 320_000;
const WARM_UP_SLICES = 2;
const ROUNDS = 31;

export interface Timing {
  min: number;
  median: number;
}

/** Nanoseconds of each cell and tick of one slice. */
export async function timeSlice(runner: Runner, cells: number, cellTicks: number): Promise<number> {
  const ticks = Math.ceil(cellTicks / cells);
  await runner.restart();
  return (await runner.runTo(ticks)) / (ticks * cells);
}

export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function timingOf(values: readonly number[]): Timing {
  return { min: Math.min(...values), median: medianOf(values) };
}

/** Nanoseconds per cell and tick of each implementation that takes part. */
export async function measure({ runners }: Contestants, cells: number): Promise<Map<Implementation, Timing>> {
  for (const runner of runners.values())
    for (let slice = 0; slice < WARM_UP_SLICES; slice++) await timeSlice(runner, cells, SLICE_CELL_TICKS);
  const times = new Map([...runners.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, runner] of runners) times.get(name)!.push(await timeSlice(runner, cells, SLICE_CELL_TICKS));
  }
  return new Map([...times].map(([name, values]) => [name, timingOf(values)]));
}
