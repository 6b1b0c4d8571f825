/**
 * What observes a run from outside its state: the recorder with its levels of detail, and the watched channels.
 * A part of domain/memory.ts, where the rules stand; no hash and no snapshot of a state sees any of it.
 */
import { type Column, f64, i32 } from './column.ts';

/** Single values at the head of the recorder; its levels and the cells of the open bucket follow. */
export const RECORDER = {
  lowCurrent_A: f64('time/record', 'lowest current in the open bucket'),
  highCurrent_A: f64('time/record', 'highest current in the open bucket'),
  width_ticks: i32('time/record', 'ticks of a bucket at the finest level; 0 where no bucket is ever full'),
  firstTick: i32('time/record', 'the tick that the first bucket holds alone'),
  filled: i32('time/record', 'ticks in the open bucket'),
  closed: i32('time/levels', 'buckets closed at the finest level'),
  levelCount: i32('compile', 'levels of detail, 0 where nobody reads them'),
  rowBytes: i32('compile', 'bytes of a bucket: lowest, highest and last value of every trace'),
} as const satisfies Record<string, Column>;

/** Chunked columns of the open bucket. */
export const OPEN_BUCKET = {
  low_V: f64('time/record', 'lowest cell voltage in the bucket'),
  high_V: f64('time/record', 'highest cell voltage in the bucket'),
} as const satisfies Record<string, Column>;

/** A level of detail: a ring of buckets. */
export const RECORDER_LEVEL = {
  base: i32('compile', 'address of the ring'),
  capacity: i32('compile', 'buckets of the ring, a multiple of FOLD'),
} as const satisfies Record<string, Column>;

/** Enough for 2^31 ticks in rings of LEAST_CAPACITY. */
export const MOST_LEVELS = 10;
/** A bucket of a level holds so many of the level below. */
export const FOLD = 8;
/** Two folds, so that the buckets that are about to be folded are still there. */
export const LEAST_CAPACITY = 2 * FOLD;

/** Traces of a bucket after those of the groups' cell voltages; the count is even, for the kernel's two lanes. */
export const PACK_TRACES = [
  'current_A',
  'coldest_degC',
  'meanTemperature_degC',
  'hottest_degC',
  'lowest_soc',
  'mean_soc',
  'highest_soc',
  'estimate_soc',
] as const;
export type PackTrace = (typeof PACK_TRACES)[number];

/** Traces of a recording. */
export function recordedCount(series: number): number {
  return series + PACK_TRACES.length;
}

/** Rows of the watch table, all f64, after its count; `low` and `high` are the extremes from `fromTick` to `untilTick`. */
export const WATCH_ROW = ['address', 'isInteger', 'fromTick', 'untilTick', 'low', 'high'] as const;
export const WATCH_HEADER_BYTES = 64;
