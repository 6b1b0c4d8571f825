/**
 * What lies between two moments of a run as it is drawn: time, voltage, charge and energy.
 * Charge and energy are summed over the drawn points, so they are as fine as the drawing.
 */
import type { FrameReader } from '../../simulation/traces.ts';

export interface Between {
  time_s: number;
  packVoltage_V: number;
  charge_Ah: number;
  energy_Wh: number;
}

const SECONDS_PER_HOUR = 3600;

/** A function that gives a trace's value at a time, on the straight line between its points. */
function valueAt(times: Float64Array, values: Float64Array, time_s: number): number {
  const next = times.findIndex((time) => time >= time_s);
  if (next < 0) return values.at(-1)!;
  if (next === 0) return values[0]!;
  const [before, after] = [times[next - 1]!, times[next]!];
  const share = after > before ? (time_s - before) / (after - before) : 1;
  return values[next - 1]! + share * (values[next]! - values[next - 1]!);
}

function packVoltages(reader: FrameReader, series: number): Float64Array {
  const sum = new Float64Array(reader.time_s.length);
  for (let group = 0; group < series; group++) reader.cell(group).forEach((value, point) => (sum[point]! += value));
  return sum;
}

export function between(reader: FrameReader, series: number, from_s: number, until_s: number): Between {
  const times = reader.time_s;
  const current = reader.pack('current_A');
  const voltage = packVoltages(reader, series);
  const [start, end] = [Math.min(from_s, until_s), Math.max(from_s, until_s)];
  const inside = [...times].flatMap((time, point) => (time > start && time < end ? [point] : []));
  const points = [
    { time: start, amperes: valueAt(times, current, start), volts: valueAt(times, voltage, start) },
    ...inside.map((point) => ({ time: times[point]!, amperes: current[point]!, volts: voltage[point]! })),
    { time: end, amperes: valueAt(times, current, end), volts: valueAt(times, voltage, end) },
  ];
  let [charge, energy] = [0, 0];
  for (let index = 1; index < points.length; index++) {
    const [one, other] = [points[index - 1]!, points[index]!];
    const hours = (other.time - one.time) / SECONDS_PER_HOUR;
    charge += ((one.amperes + other.amperes) / 2) * hours;
    energy += ((one.amperes * one.volts + other.amperes * other.volts) / 2) * hours;
  }
  const sign = until_s < from_s ? -1 : 1;
  return {
    time_s: until_s - from_s,
    packVoltage_V: sign * (points.at(-1)!.volts - points[0]!.volts),
    charge_Ah: charge,
    energy_Wh: energy,
  };
}
