/**
 * Mean value of a measured profile over a tick, and its value at the start.
 * A profile is two arrays, times and values; a cursor follows the run so that each tick looks at few rows.
 */
import { source } from '../generated/layout';
import { maximum, minimum } from '../lane';

const PREVIOUS: i32 = 0;
const NEXT: i32 = 1;
/** Times closer than this share of a tick are the same time: n * dt is not exact. */
const SAME: f64 = 1e-9;

function timeOf(row: usize, index: i32): f64 {
  return load<f64>(<usize>load<i32>(row, source.times) + ((<usize>index) << 3));
}

function valueOf(row: usize, index: i32): f64 {
  return load<f64>(<usize>load<i32>(row, source.values) + ((<usize>index) << 3));
}

/** Value over the piece [from, to] that lies between rows `index` and `index + 1` (index -1: before the first). */
function pieceValue(row: usize, index: i32, from: f64, to: f64): f64 {
  const last = load<i32>(row, source.rows) - 1;
  if (index < 0) return valueOf(row, 0);
  if (index >= last) return valueOf(row, last);
  const interpolation = load<i32>(row, source.interpolation);
  if (interpolation == PREVIOUS) return valueOf(row, index);
  if (interpolation == NEXT) return valueOf(row, index + 1);
  const t0 = timeOf(row, index);
  const v0 = valueOf(row, index);
  const along = ((from + to) * 0.5 - t0) / (timeOf(row, index + 1) - t0);
  return v0 + along * (valueOf(row, index + 1) - v0);
}

/** Moves the cursor to the last row at or before t; -1 before the first row. */
function seek(row: usize, t: f64, same: f64): i32 {
  const last = load<i32>(row, source.rows) - 1;
  let index = load<i32>(row, source.cursor);
  if (index >= 0 && timeOf(row, index) > t + same) index = -1;
  while (index < last && timeOf(row, index + 1) <= t + same) index++;
  store<i32>(row, index, source.cursor);
  return index;
}

/** Mean over [from, to] within one period: exact for all three interpolations. */
function meanWithin(row: usize, from: f64, to: f64, same: f64): f64 {
  const last = load<i32>(row, source.rows) - 1;
  let index = seek(row, from, same);
  let at = from;
  let sum = 0.0;
  while (true) {
    const next = index < last ? timeOf(row, index + 1) : Infinity;
    const whole = next >= to - same;
    const end = whole ? to : next;
    const value = pieceValue(row, index, at, end);
    if (whole && at == from) return value;
    sum += value * (end - at);
    if (whole) return sum / (to - from);
    at = end;
    index++;
  }
}

/** Keeps the piece that begins at `t` of a period which began at `start`, as a line over the run's own time: the coming ticks lie in it. */
function keepPiece(row: usize, start: f64, t: f64, same: f64): void {
  const last = load<i32>(row, source.rows) - 1;
  const index = seek(row, t, same);
  const from = index < 0 ? 0.0 : timeOf(row, index);
  const end = load<f64>(row, source.period_s) > 0.0 ? load<f64>(row, source.period_s) : Infinity;
  const to = index < last ? minimum<f64>(timeOf(row, index + 1), end) : end;
  const value = pieceValue(row, index, from, from);
  store<f64>(row, start + from, source.pieceFrom_s);
  store<f64>(row, start + to, source.pieceTo_s);
  store<f64>(row, value, source.pieceValue);
  store<f64>(row, to < Infinity ? (pieceValue(row, index, to, to) - value) / (to - from) : 0.0, source.pieceSlope_per_s);
}

/** Mean of the profile over the tick [from, from + dt], which lies in no single piece or in another one than the tick before. */
function meanAcross(row: usize, from: f64, dt: f64, same: f64): f64 {
  const period = load<f64>(row, source.period_s);
  const start = period > 0.0 ? floor<f64>((from + same) / period) * period : 0.0;
  const begin = maximum<f64>(from - start, 0.0);
  const end = begin + dt;
  if (period <= 0.0 || end <= period + same) {
    const mean = meanWithin(row, begin, end, same);
    const turns = period > 0.0 && end >= period - same;
    keepPiece(row, turns ? start + period : start, turns ? 0.0 : end, same);
    return mean;
  }
  const head = meanWithin(row, begin, period, same) * (period - begin);
  const tail = meanWithin(row, 0.0, end - period, same) * (end - period);
  keepPiece(row, start + period, end - period, same);
  return (head + tail) / dt;
}

/** Mean of the profile over the tick [from, from + dt]. */
export function profileMean(row: usize, from: f64, dt: f64): f64 {
  const same = dt * SAME;
  const to = from + dt;
  const first = load<f64>(row, source.pieceFrom_s);
  if (from < first - same || to > load<f64>(row, source.pieceTo_s) + same) return meanAcross(row, from, dt, same);
  return load<f64>(row, source.pieceValue) + load<f64>(row, source.pieceSlope_per_s) * ((from + to) * 0.5 - first);
}

/** The profile at the very start, for the row at time 0. */
export function profileAtStart(row: usize): f64 {
  const index = seek(row, 0.0, SAME);
  return pieceValue(row, index, 0.0, 0.0);
}
