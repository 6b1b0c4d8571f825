/**
 * The order of what a frame holds: latest values, time axis and traces, for any number of cells.
 * Worker and page both count with it, so that a frame needs no names.
 */
import { PACK_TRACES, type PackTrace, recordedCount } from '../../domain/memoryRecorder.ts';

/** Single values at the head of every frame. */
export const LATEST = [
  'packVoltage_V',
  'current_A',
  'soc',
  'estimate_soc',
  'coldest_degC',
  'hottest_degC',
  'chargeClosed',
  'dischargeClosed',
  'unitRunning',
] as const;
export type LatestName = (typeof LATEST)[number];

/** Traces that are derived from those of the cells when a frame is made. */
export const DERIVED_TRACES = ['lowest_V', 'highest_V', 'lowestCell', 'highestCell'] as const;
export type DerivedTrace = (typeof DERIVED_TRACES)[number];

/** Latest values of the cells follow the single ones: voltage and bleed current of each. */
export function latestLength(series: number): number {
  return LATEST.length + 2 * series;
}

export function frameLength(series: number, points: number): number {
  return latestLength(series) + (1 + recordedCount(series) + DERIVED_TRACES.length) * points;
}

/** A frame's numbers by name; the views share its memory. */
export class FrameReader {
  constructor(
    private readonly values: Float64Array,
    private readonly series: number,
    private readonly points: number,
  ) {}

  latest(name: LatestName): number {
    return this.values[LATEST.indexOf(name)]!;
  }

  get cellVoltages(): Float64Array {
    return this.values.subarray(LATEST.length, LATEST.length + this.series);
  }

  get bleedCurrents(): Float64Array {
    return this.values.subarray(LATEST.length + this.series, latestLength(this.series));
  }

  private block(index: number): Float64Array {
    const start = latestLength(this.series) + index * this.points;
    return this.values.subarray(start, start + this.points);
  }

  get time_s(): Float64Array {
    return this.block(0);
  }

  cell(group: number): Float64Array {
    return this.block(1 + group);
  }

  pack(name: PackTrace): Float64Array {
    return this.block(1 + this.series + PACK_TRACES.indexOf(name));
  }

  derived(name: DerivedTrace): Float64Array {
    return this.block(1 + recordedCount(this.series) + DERIVED_TRACES.indexOf(name));
  }
}
