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

function meanWithin(profile: Profile, sources: State['sources'], row: number, from: number, to: number, same: number): number {
  const { time_s } = profile;
  const last = time_s.length - 1;
  const interpolation = sources.interpolation[row]!;
  let index = sources.cursor[row]!;
  if (index >= 0 && time_s[index]! > from + same) index = -1;
  while (index < last && time_s[index + 1]! <= from + same) index++;
  sources.cursor[row] = index;
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

/** Mean over [from, from + dt], exact for all three interpolations. */
export function profileMean(profile: Profile, sources: State['sources'], row: number, from: number, dt: number): number {
  const same = dt * SAME;
  const period = sources.period_s[row]!;
  if (period <= 0) return meanWithin(profile, sources, row, from, from + dt, same);
  const begin = Math.max(from - Math.floor((from + same) / period) * period, 0);
  const end = begin + dt;
  if (end <= period + same) return meanWithin(profile, sources, row, begin, end, same);
  const head = meanWithin(profile, sources, row, begin, period, same) * (period - begin);
  const tail = meanWithin(profile, sources, row, 0, end - period, same) * (end - period);
  return (head + tail) / dt;
}
