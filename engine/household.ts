/**
 * A solar household's day as power of the pack: surplus in, deficit out, within what the hybrid inverter can.
 * Computed while compiling, exactly: both series are steps, so the result is steps at all their times.
 *
 * Equation in docs/model.md: household (26).
 */
import type { Household } from '../domain/scenario/equipment.ts';
import type { Rows } from './profile.ts';

type Steps = Household['solar'];

/** Value over the interval that begins at `time`; `cursor` is the last row at or before it. */
function stepValue({ value }: Rows, cursor: number, spec: Steps): number {
  const row = spec.interpolation === 'next' ? cursor + 1 : cursor;
  return spec.scale * value[Math.min(Math.max(row, 0), value.length - 1)]!;
}

/** Equation (26). */
function packPower(surplus_W: number, spec: Household): number {
  if (surplus_W >= 0) return Math.min(surplus_W * spec.efficiency_ratio, spec.maximumCharge_W);
  return -Math.min(-surplus_W / spec.efficiency_ratio, spec.maximumDischarge_W);
}

/** Power of the pack in steps that hold until the next row. */
export function householdPower(solar: Rows, load: Rows, spec: Household): Rows {
  const time_s = Float64Array.from(new Set([...solar.time_s, ...load.time_s])).sort();
  const cursors = { solar: -1, load: -1 };
  const value = time_s.map((time) => {
    while (cursors.solar + 1 < solar.time_s.length && solar.time_s[cursors.solar + 1]! <= time) cursors.solar++;
    while (cursors.load + 1 < load.time_s.length && load.time_s[cursors.load + 1]! <= time) cursors.load++;
    return packPower(stepValue(solar, cursors.solar, spec.solar) - stepValue(load, cursors.load, spec.load), spec);
  });
  return { time_s, value };
}
