/**
 * A run's traces in a fixed room: buckets of ticks with the lowest, highest and last value of every trace.
 * When the room is full, pairs of buckets become one, so that a spike stays visible however long the run is.
 */
import { assert } from '../domain/errors.ts';

/** Values of one bucket, by trace. */
export interface BucketValues {
  low: Float64Array;
  high: Float64Array;
  last: Float64Array;
}

export interface BucketOptions {
  /** The tick at whose end the first bucket is closed; it holds that tick alone. */
  firstTick?: number;
  /** Ticks of a bucket at the finest level. */
  width?: number;
}

export class Buckets {
  /** How often pairs have become one: level 0 is the finest. */
  level = 0;
  /** Ticks that one bucket covers at present. */
  width: number;
  count = 0;
  readonly firstTick: number;
  /** Here the borders of every level are counted from, so that `firstTick` ends a bucket. */
  private readonly origin: number;
  readonly endTicks: Float64Array;
  readonly low: Float64Array[];
  readonly high: Float64Array[];
  readonly last: Float64Array[];

  constructor(
    readonly traces: number,
    /** Even. */
    readonly capacity: number,
    { firstTick = 0, width = 1 }: BucketOptions = {},
  ) {
    assert(capacity >= 2 && capacity % 2 === 0, 'buckets merge in pairs', { capacity });
    this.width = width;
    this.firstTick = firstTick;
    this.origin = firstTick + 1 - width;
    const columns = () => Array.from({ length: traces }, () => new Float64Array(capacity));
    this.endTicks = new Float64Array(capacity);
    this.low = columns();
    this.high = columns();
    this.last = columns();
  }

  /** The tick at whose end the bucket that holds `tick` is closed. */
  endOf(tick: number): number {
    return this.origin + (Math.floor((tick - this.origin) / this.width) + 1) * this.width - 1;
  }

  /** Appends a closed bucket with the extremes and last value of every trace. */
  append(endTick: number, bucket: BucketValues): void {
    for (let trace = 0; trace < this.traces; trace++) {
      this.low[trace]![this.count] = bucket.low[trace]!;
      this.high[trace]![this.count] = bucket.high[trace]!;
      this.last[trace]![this.count] = bucket.last[trace]!;
    }
    this.endTicks[this.count++] = endTick;
    // At once, so that the next bucket starts on a border of the new width.
    if (this.count === this.capacity) this.mergePairs();
  }

  private mergePairs(): void {
    this.level++;
    this.width *= 2;
    const pairs = this.count / 2;
    for (let i = 0; i < pairs; i++) this.endTicks[i] = this.endTicks[2 * i + 1]!;
    for (let trace = 0; trace < this.traces; trace++) {
      const low = this.low[trace]!;
      const high = this.high[trace]!;
      const last = this.last[trace]!;
      for (let i = 0; i < pairs; i++) {
        low[i] = Math.min(low[2 * i]!, low[2 * i + 1]!);
        high[i] = Math.max(high[2 * i]!, high[2 * i + 1]!);
        last[i] = last[2 * i + 1]!;
      }
    }
    this.count = pairs;
  }

  /** Room that the buckets take, however long the run is. */
  get bytes(): number {
    return (1 + 3 * this.traces) * this.endTicks.byteLength;
  }

  /** Index of the first bucket that ends at or after a tick; `count` where there is none. */
  indexAt(tick: number): number {
    let from = 0;
    let until = this.count;
    while (from < until) {
      const middle = (from + until) >> 1;
      if (this.endTicks[middle]! < tick) from = middle + 1;
      else until = middle;
    }
    return from;
  }
}
