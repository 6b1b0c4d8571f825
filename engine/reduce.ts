/**
 * A level of a recording reduced to the points of a drawing, with every extreme kept.
 * A drawn bucket gives two points a trace, lowest and highest in the order in which the trace moves.
 */

/** Buckets of one width in the order of time: rows from `firstRow` up to `endRow`, counted since the recording began. */
export interface Level {
  /** Ticks of a row; the first holds one tick alone and the last may hold fewer. */
  readonly width_ticks: number;
  readonly firstRow: number;
  readonly endRow: number;
  /** What rows are made of: the lowest values of all traces, then the highest, then the last ones. */
  readonly values: Float64Array;
  /** Distance between a trace's lowest and highest value, and between that and its last one. */
  readonly third: number;
  /** Where each trace stands in a third of a row. */
  readonly places: readonly number[];
  /** Index of a row's first value. */
  at(row: number): number;
  /** The last tick that a row holds. */
  endTick(row: number): number;
  /** The last tick before a row; the first row holds its own start. */
  startTick(row: number): number;
  /** The first row that ends at or after a tick; `endRow` where there is none. */
  rowOf(tick: number): number;
}

/** Which rows a drawing takes, and how many of them make one drawn bucket. */
export interface Selection {
  level: Level;
  first: number;
  end: number;
  factor: number;
  /** 1 where every drawn bucket is a single tick, else 2. */
  pointsEach: 1 | 2;
  points: number;
}

/** Chooses at most `most` drawn buckets between two ticks, with one more on either side. */
export function select(level: Level, fromTick: number, untilTick: number, most: number): Selection {
  const from = Math.max(level.rowOf(fromTick) - 1, level.firstRow);
  const end = Math.min(level.rowOf(untilTick) + 2, level.endRow);
  const isSingle = level.width_ticks === 1 && end - from <= 2 * most;
  const factor = isSingle ? 1 : Math.max(Math.ceil((end - from) / most), 1);
  // Steady borders: while a run goes on, a drawn bucket always holds the same ticks.
  const first = Math.max(Math.floor(from / factor) * factor, level.firstRow);
  const drawn = Math.ceil((end - first) / factor);
  const pointsEach = isSingle ? 1 : 2;
  return { level, first, end, factor, pointsEach, points: drawn * pointsEach };
}

export function reduceTimes({ level, first, end, factor, pointsEach }: Selection, tick_s: number, times: Float64Array): void {
  let at = 0;
  for (let row = first; row < end; row += factor) {
    const endTick = level.endTick(Math.min(row + factor, end) - 1);
    if (pointsEach === 2) times[at++] = ((level.startTick(row) + endTick) / 2) * tick_s;
    times[at++] = endTick * tick_s;
  }
}

/** Every trace over the drawn buckets, one trace after the other. */
export function reduceTraces({ level, first, end, factor, pointsEach, points }: Selection, into: Float64Array): void {
  const { values, third, places } = level;
  const rowBefore = level.at(Math.max(first - 1, level.firstRow));
  const before = places.map((place) => values[rowBefore + place + 2 * third]!);
  for (let row = first, point = 0; row < end; row += factor, point += pointsEach) {
    const past = Math.min(row + factor, end);
    places.forEach((place, trace) => {
      const at = trace * points + point;
      const last = values[level.at(past - 1) + place + 2 * third]!;
      if (pointsEach === 1) {
        into[at] = last;
        return;
      }
      const low = lowestOf(level, place, row, past);
      const high = highestOf(level, place, row, past);
      const rises = last >= before[trace]!;
      into[at] = rises ? low : high;
      into[at + 1] = rises ? high : low;
      before[trace] = last;
    });
  }
}

function lowestOf(level: Level, place: number, first: number, end: number): number {
  let low = level.values[level.at(first) + place]!;
  for (let row = first + 1; row < end; row++) low = Math.min(low, level.values[level.at(row) + place]!);
  return low;
}

function highestOf(level: Level, place: number, first: number, end: number): number {
  let high = level.values[level.at(first) + place + level.third]!;
  for (let row = first + 1; row < end; row++) high = Math.max(high, level.values[level.at(row) + place + level.third]!);
  return high;
}

/** Lowest and highest cell over the drawn buckets, with their numbers counted from 1. */
export interface CellExtremes {
  lowest: Float64Array;
  highest: Float64Array;
  lowestCell: Float64Array;
  highestCell: Float64Array;
}

/** The first `series` traces are those of the cells. */
export function reduceCellExtremes({ level, first, end, factor, pointsEach }: Selection, series: number, into: CellExtremes): void {
  let at = 0;
  for (let row = first; row < end; row += factor) {
    const past = Math.min(row + factor, end);
    let [low, lowCell] = [Infinity, 0];
    let [high, highCell] = [-Infinity, 0];
    for (let cell = 0; cell < series; cell++) {
      const place = level.places[cell]!;
      const cellLow = lowestOf(level, place, row, past);
      const cellHigh = highestOf(level, place, row, past);
      if (cellLow < low) [low, lowCell] = [cellLow, cell];
      if (cellHigh > high) [high, highCell] = [cellHigh, cell];
    }
    for (let point = 0; point < pointsEach; point++, at++) {
      into.lowest[at] = low;
      into.highest[at] = high;
      into.lowestCell[at] = lowCell + 1;
      into.highestCell[at] = highCell + 1;
    }
  }
}
