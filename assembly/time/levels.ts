/**
 * The recorder's levels of detail: rings of rows, each row the lowest, highest and last value of every trace over a stretch of ticks.
 * A row of level 0 is one bucket, a row of any other the fold of FOLD rows below it, so one count says what every level holds.
 */
import { cell, estimate, group, layout, pack, packTrace, recorder, recorderLevel, run } from '../generated/layout';
import { highestLane, lowestLane, maximum, minimum, splat, sumProducts, whereGreater } from '../lane';

const FOLD: i32 = layout.recorderFold;

function rowAt(base: usize, level: i32, index: i32): usize {
  const at = base + <usize>recorder.bytes + <usize>level * <usize>recorderLevel.bytes;
  const place = <usize>(<u32>index % <u32>load<i32>(at, recorderLevel.capacity));
  return <usize>load<i32>(at, recorderLevel.base) + place * <usize>load<i32>(base, recorder.rowBytes);
}

/** Rows that a level has closed. */
function closedRows(base: usize, level: i32): i32 {
  let rows = <u32>load<i32>(base, recorder.closed);
  for (let below = 0; below < level; below++) rows /= <u32>FOLD;
  return <i32>rows;
}

/** Address of the row that a level fills at present. */
export function openRow(base: usize, level: i32): usize {
  return rowAt(base, level, closedRows(base, level));
}

/** Folds `count` rows from the `first` of a level into one of the level above; they lie one after the other, since FOLD divides every ring. */
function foldRows<T>(base: usize, level: i32, first: i32, count: i32): void {
  const rowBytes = <usize>load<i32>(base, recorder.rowBytes);
  const third = rowBytes / 3;
  const from = rowAt(base, level, first);
  const past = from + <usize>count * rowBytes;
  const into = rowAt(base, level + 1, first / FOLD);
  for (let w: usize = 0; w < third; w += sizeof<T>()) {
    let low = load<T>(from + w);
    let high = load<T>(from + w + third);
    for (let row = from + rowBytes; row < past; row += rowBytes) {
      low = minimum<T>(low, load<T>(row + w));
      high = maximum<T>(high, load<T>(row + w + third));
    }
    store<T>(into + w, low);
    store<T>(into + w + third, high);
    store<T>(into + w + 2 * third, load<T>(past - third + w));
  }
}

/** Counts the row that level 0 has just filled, and folds every level that has become full by it. */
export function closeRow<T>(base: usize): void {
  let rows = load<i32>(base, recorder.closed) + 1;
  store<i32>(base, rows, recorder.closed);
  const lastLevel = load<i32>(base, recorder.levelCount) - 1;
  for (let level = 0; level < lastLevel && <u32>rows % <u32>FOLD == 0; level++) {
    foldRows<T>(base, level, rows - FOLD, FOLD);
    rows /= FOLD;
  }
}

/** Fills the open row of every level above 0 with what has not been folded yet; `isOpen` says whether level 0 has filled some of its own. */
export function foldOpenRows<T>(base: usize, isOpen: bool): void {
  const lastLevel = load<i32>(base, recorder.levelCount) - 1;
  for (let level = 0; level < lastLevel; level++) {
    const first = closedRows(base, level + 1) * FOLD;
    const count = closedRows(base, level) - first + (isOpen ? 1 : 0);
    isOpen = count > 0;
    if (isOpen) foldRows<T>(base, level, first, count);
  }
}

export function forgetRows(base: usize): void {
  store<i32>(base, 0, recorder.closed);
}

/** A trace that is sampled at the end of a bucket: one value is its lowest, highest and last. */
function sample(at: usize, third: usize, value: f64): void {
  store<f64>(at, value);
  store<f64>(at + third, value);
  store<f64>(at + 2 * third, value);
}

/** Lowest, mean and highest value of a column over all cells but the padding, as three traces in this order. */
function sampleSpread<T>(at: usize, third: usize, column: usize): void {
  const layer = <usize>load<i32>(run.chunkBytes);
  const positions = <usize>load<i32>(run.positionCount);
  const present = <usize>load<i32>(run.groupBase) + <usize>group.present;
  const first = <usize>layout.cellBase + column;
  let low = splat<T>(Infinity);
  let high = splat<T>(-Infinity);
  let sum = 0.0;
  for (let from = first; from < first + positions * layer; from += layer) {
    let p = present;
    for (let c = from; c < from + layer; c += <usize>layout.cellChunkBytes) {
      for (let lane: usize = 0; lane < <usize>layout.laneBytes; lane += sizeof<T>()) {
        const value = load<T>(c + lane);
        const inPack = load<T>(p + lane);
        low = minimum<T>(low, whereGreater<T>(inPack, splat<T>(0.0), value, splat<T>(Infinity)));
        high = maximum<T>(high, whereGreater<T>(inPack, splat<T>(0.0), value, splat<T>(-Infinity)));
      }
      p += <usize>layout.groupChunkBytes;
    }
    sum += sumProducts<T>(from, from + layer, <usize>layout.cellChunkBytes, present, <usize>layout.groupChunkBytes);
  }
  sample(at, third, lowestLane<T>(low));
  sample(at + 8, third, sum / <f64>(<i32>positions * load<i32>(run.groupCount)));
  sample(at + 16, third, highestLane<T>(high));
}

/** The pack's traces over the open bucket: the current with the extremes of every tick, the slow ones as they are now. */
export function writePackTraces<T>(base: usize, row: usize): void {
  const third = <usize>load<i32>(base, recorder.rowBytes) / 3;
  const at = row + third - <usize>layout.packTraceBytes;
  store<f64>(at, load<f64>(base, recorder.lowCurrent_A), packTrace.current_A);
  store<f64>(at + third, load<f64>(base, recorder.highCurrent_A), packTrace.current_A);
  store<f64>(at + 2 * third, load<f64>(pack.current_A), packTrace.current_A);
  sampleSpread<T>(at + packTrace.coldest_degC, third, <usize>cell.temperature_degC);
  sampleSpread<T>(at + packTrace.lowest_soc, third, <usize>cell.soc);
  sample(at + packTrace.estimate_soc, third, load<i32>(run.hasUnit) ? load<f64>(estimate.soc) : NaN);
}
