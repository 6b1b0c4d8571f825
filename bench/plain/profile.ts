/**
 * Mean of a measured profile over a tick, in plain JavaScript.
 * It is separate because, as in the kernel, a cursor follows the run so that each tick looks at few rows.
 */
import type { Profile, State } from './state.ts';

const PREVIOUS = 0;
const NEXT = 1;
/** Times closer than this share of a tick are the same time: n * dt is not exact. */
const SAME = 1e-9;

function pieceValue({ time_s, value }: Profile, interpolation: number, index: number, from: number, to: number): number {
  const last = value.length - 1;
  if (index < 0) return value[0]!;
  if (index >= last) return value[last]!;
  if (interpolation === PREVIOUS) return value[index]!;
  if (interpolation === NEXT) return value[index + 1]!;
  const along = ((from + to) * 0.5 - time_s[index]!) / (time_s[index + 1]! - time_s[index]!);
  return value[index]! + along * (value[index + 1]! - value[index]!);
}

/** Moves the cursor to the last row at or before t; -1 before the first row. */
function seek({ time_s }: Profile, { cursor }: State['sources'], row: number, t: number, same: number): number {
  const last = time_s.length - 1;
  let index = cursor[row]!;
  if (index >= 0 && time_s[index]! > t + same) index = -1;
  while (index < last && time_s[index + 1]! <= t + same) index++;
  cursor[row] = index;
  return index;
}

function meanWithin(profile: Profile, sources: State['sources'], row: number, from: number, to: number, same: number): number {
  const { time_s } = profile;
  const last = time_s.length - 1;
  const interpolation = sources.interpolation[row]!;
  let index = seek(profile, sources, row, from, same);
  let at = from;
  let sum = 0;
  for (;;) {
    const next = index < last ? time_s[index + 1]! : Infinity;
    const whole = next >= to - same;
    const end = whole ? to : next;
    const value = pieceValue(profile, interpolation, index, at, end);
    if (whole && at === from) return value;
    sum += value * (end - at);
    if (whole) return sum / (to - from);
    at = end;
    index++;
  }
}

/** Keeps the piece that begins at `t` of a period which began at `start`, as a line over the run's own time: the coming ticks lie in it. */
function keepPiece(profile: Profile, sources: State['sources'], row: number, start: number, t: number, same: number): void {
  const { time_s } = profile;
  const interpolation = sources.interpolation[row]!;
  const index = seek(profile, sources, row, t, same);
  const from = index < 0 ? 0 : time_s[index]!;
  const end = sources.period_s[row]! > 0 ? sources.period_s[row]! : Infinity;
  const to = index < time_s.length - 1 ? Math.min(time_s[index + 1]!, end) : end;
  const value = pieceValue(profile, interpolation, index, from, from);
  sources.pieceFrom_s[row] = start + from;
  sources.pieceTo_s[row] = start + to;
  sources.pieceValue[row] = value;
  sources.pieceSlope_per_s[row] = to < Infinity ? (pieceValue(profile, interpolation, index, to, to) - value) / (to - from) : 0;
}

/** Over the tick [from, from + dt], which lies in no single piece or in another one than the tick before. */
function meanAcross(profile: Profile, sources: State['sources'], row: number, from: number, dt: number, same: number): number {
  const period = sources.period_s[row]!;
  const start = period > 0 ? Math.floor((from + same) / period) * period : 0;
  const begin = Math.max(from - start, 0);
  const end = begin + dt;
  if (period <= 0 || end <= period + same) {
    const mean = meanWithin(profile, sources, row, begin, end, same);
    const turns = period > 0 && end >= period - same;
    keepPiece(profile, sources, row, turns ? start + period : start, turns ? 0 : end, same);
    return mean;
  }
  const head = meanWithin(profile, sources, row, begin, period, same) * (period - begin);
  const tail = meanWithin(profile, sources, row, 0, end - period, same) * (end - period);
  keepPiece(profile, sources, row, start + period, end - period, same);
  return (head + tail) / dt;
}

/** Mean over [from, from + dt], exact for all three interpolations. */
export function profileMean(profile: Profile, sources: State['sources'], row: number, from: number, dt: number): number {
  const same = dt * SAME;
  const to = from + dt;
  const first = sources.pieceFrom_s[row]!;
  if (from < first - same || to > sources.pieceTo_s[row]! + same) return meanAcross(profile, sources, row, from, dt, same);
  return sources.pieceValue[row]! + sources.pieceSlope_per_s[row]! * ((from + to) * 0.5 - first);
}
