/**
 * How many times as long one run takes as another, for each cell and tick: both in turns, the middle of all quotients.
 * A quotient of neighbouring slices is steadier than one of medians where the machine has other work as well.
 */
import type { Runner } from './implementations.ts';
import { medianOf, timeSlice } from './measure.ts';

export interface Contender {
  runner: Runner;
  cells: number;
}

const ROUNDS = 41;
const WARM_UP_ROUNDS = 3;
/** Cells times ticks of a slice: long enough that the clock does not show, short enough that both meet the same machine. */
const CELL_TICKS = 160_000;

export async function pairedRatio(first: Contender, second: Contender): Promise<number> {
  const quotients: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const quotient = (await timeSlice(first.runner, first.cells, CELL_TICKS)) / (await timeSlice(second.runner, second.cells, CELL_TICKS));
    if (round >= WARM_UP_ROUNDS) quotients.push(quotient);
  }
  return medianOf(quotients);
}
