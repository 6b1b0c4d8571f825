/**
 * Buckets of a run reduced to the points of a drawing, with every extreme kept.
 * A drawn bucket gives two points a trace, lowest and highest in the order in which the trace moves.
 */
import type { Buckets } from './buckets.ts';

/** Which buckets a drawing takes, and how many of them make one drawn bucket. */
export interface Selection {
  first: number;
  end: number;
  factor: number;
  /** 1 where every drawn bucket is a single tick, else 2. */
  pointsEach: 1 | 2;
  points: number;
}

/** Chooses at most `most` drawn buckets between two ticks, with one more on either side. */
export function select(buckets: Buckets, fromTick: number, untilTick: number, most: number): Selection {
  const from = Math.max(buckets.indexAt(fromTick) - 1, 0);
  const end = Math.min(buckets.indexAt(untilTick) + 2, buckets.count);
  const isSingle = buckets.width === 1 && end - from <= 2 * most;
  const factor = isSingle ? 1 : Math.max(Math.ceil((end - from) / most), 1);
  // Steady borders: while a run goes on, a drawn bucket always holds the same ticks.
  const first = Math.floor(from / factor) * factor;
  const drawn = Math.ceil((end - first) / factor);
  const pointsEach = isSingle ? 1 : 2;
  return { first, end, factor, pointsEach, points: drawn * pointsEach };
}

export function reduceTimes(buckets: Buckets, chosen: Selection, tick_s: number, times: Float64Array): void {
  let at = 0;
  for (let i = chosen.first; i < chosen.end; i += chosen.factor) {
    const endTick = buckets.endTicks[Math.min(i + chosen.factor, chosen.end) - 1]!;
    const startTick = i === 0 ? buckets.firstTick : buckets.endTicks[i - 1]!;
    if (chosen.pointsEach === 2) times[at++] = ((startTick + endTick) / 2) * tick_s;
    times[at++] = endTick * tick_s;
  }
}

/** Extremes of one trace over the drawn buckets. */
export function reduceTrace(buckets: Buckets, chosen: Selection, trace: number, values: Float64Array): void {
  const lows = buckets.low[trace]!;
  const highs = buckets.high[trace]!;
  const lasts = buckets.last[trace]!;
  let before = chosen.first === 0 ? lasts[0]! : lasts[chosen.first - 1]!;
  let at = 0;
  for (let i = chosen.first; i < chosen.end; i += chosen.factor) {
    const end = Math.min(i + chosen.factor, chosen.end);
    const last = lasts[end - 1]!;
    if (chosen.pointsEach === 1) {
      values[at++] = last;
      continue;
    }
    let low = lows[i]!;
    let high = highs[i]!;
    for (let k = i + 1; k < end; k++) {
      low = Math.min(low, lows[k]!);
      high = Math.max(high, highs[k]!);
    }
    const rises = last >= before;
    values[at++] = rises ? low : high;
    values[at++] = rises ? high : low;
    before = last;
  }
}

/** Lowest and highest cell over the drawn buckets, with their numbers counted from 1. */
export interface CellExtremes {
  lowest: Float64Array;
  highest: Float64Array;
  lowestCell: Float64Array;
  highestCell: Float64Array;
}

/** The first `series` traces are those of the cells. */
export function reduceCellExtremes(buckets: Buckets, chosen: Selection, series: number, into: CellExtremes): void {
  let at = 0;
  for (let i = chosen.first; i < chosen.end; i += chosen.factor) {
    const end = Math.min(i + chosen.factor, chosen.end);
    let low = Infinity;
    let high = -Infinity;
    let lowCell = 0;
    let highCell = 0;
    for (let cell = 0; cell < series; cell++) {
      for (let k = i; k < end; k++) {
        const cellLow = buckets.low[cell]![k]!;
        const cellHigh = buckets.high[cell]![k]!;
        if (cellLow < low) [low, lowCell] = [cellLow, cell];
        if (cellHigh > high) [high, highCell] = [cellHigh, cell];
      }
    }
    for (let point = 0; point < chosen.pointsEach; point++, at++) {
      into.lowest[at] = low;
      into.highest[at] = high;
      into.lowestCell[at] = lowCell + 1;
      into.highestCell[at] = highCell + 1;
    }
  }
}
