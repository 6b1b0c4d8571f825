/**
 * Reads a run's kernel into buckets and makes frames of them.
 * Cell voltages and pack current come with the kernel's own extremes of every tick; the rest moves slowly and is read at a bucket's end.
 */
import { F64_BYTES, LANES_PER_CHUNK, RECORDER, RECORDER_HEADER_BYTES, RECORDER_SCALARS } from '../../domain/memory.ts';
import { chunksOf, LAYOUT } from '../../engine/kernel.ts';
import type { Run } from '../../engine/run.ts';
import { Buckets, type BucketValues } from './buckets.ts';
import type { View } from './protocol.ts';
import { reduceCellExtremes, reduceTimes, reduceTrace, select } from './reduce.ts';
import { DERIVED_TRACES, type DerivedTrace, frameLength, latestLength, PACK_TRACES, type PackTrace, recordedCount } from './traces.ts';

const CAPACITY = 8192;
const CHUNK_WORDS = LAYOUT.recorderOffsets.size * LANES_PER_CHUNK;

interface Slow {
  low: number;
  mean: number;
  high: number;
}

export class Recorder {
  readonly buckets: Buckets;
  private readonly series: number;
  private readonly parallel: number;
  private readonly base: number;
  private readonly bucket: BucketValues;

  /** Takes the state at time 0 as the first bucket. */
  constructor(private readonly run: Run) {
    this.series = run.loaded.scenario.pack.series;
    this.parallel = run.loaded.scenario.pack.parallel;
    this.base = run.compiled.plan.recorderBase / F64_BYTES;
    this.buckets = new Buckets(recordedCount(this.series), CAPACITY);
    const column = () => new Float64Array(recordedCount(this.series));
    this.bucket = { low: column(), high: column(), last: column() };
    this.take();
  }

  /** The tick at which the open bucket is to be taken. */
  get nextTick(): number {
    const next = this.buckets.endOf(this.run.tick);
    return next > this.run.tick ? next : this.buckets.endOf(this.run.tick + 1);
  }

  private extreme(column: keyof typeof RECORDER, group: number, position: number): number {
    const place = position * chunksOf(this.series) + Math.floor(group / LANES_PER_CHUNK);
    const chunk = this.base + RECORDER_HEADER_BYTES / F64_BYTES + place * CHUNK_WORDS;
    return this.run.compiled.kernel.f64[chunk + LAYOUT.recorderOffsets.get(column)! / F64_BYTES + (group % LANES_PER_CHUNK)]!;
  }

  private currentExtreme(name: (typeof RECORDER_SCALARS)[number]): number {
    return this.run.compiled.kernel.f64[this.base + RECORDER_SCALARS.indexOf(name)]!;
  }

  private over(column: 'soc' | 'temperature_degC'): Slow {
    const values = this.run.compiled.cells[column];
    let [low, high, sum] = [Infinity, -Infinity, 0];
    for (let position = 0; position < this.parallel; position++) {
      for (let group = 0; group < this.series; group++) {
        const value = values.get(group, position);
        low = Math.min(low, value);
        high = Math.max(high, value);
        sum += value;
      }
    }
    return { low, mean: sum / (this.series * this.parallel), high };
  }

  private put(trace: number, low: number, high: number, last: number): void {
    this.bucket.low[trace] = low;
    this.bucket.high[trace] = high;
    this.bucket.last[trace] = last;
  }

  private putPack(name: PackTrace, value: number): void {
    this.put(this.series + PACK_TRACES.indexOf(name), value, value, value);
  }

  /** A group's trace holds the extremes of its parallel cells and ends at the voltage of the first. */
  private putGroup(group: number): void {
    let [low, high] = [Infinity, -Infinity];
    for (let position = 0; position < this.parallel; position++) {
      low = Math.min(low, this.extreme('low_V', group, position));
      high = Math.max(high, this.extreme('high_V', group, position));
    }
    this.put(group, low, high, this.run.compiled.cells.voltage_V.get(group));
  }

  /** Closes the kernel's open bucket and keeps it; a run that failed leaves out what is no number. */
  take(): void {
    const { scalars, kernel } = this.run.compiled;
    if (this.run.status === 'failed') return;
    for (let group = 0; group < this.series; group++) this.putGroup(group);
    this.put(this.series, this.currentExtreme('lowCurrent_A'), this.currentExtreme('highCurrent_A'), scalars.pack.current_A);
    const temperature = this.over('temperature_degC');
    this.putPack('coldest_degC', temperature.low);
    this.putPack('meanTemperature_degC', temperature.mean);
    this.putPack('hottest_degC', temperature.high);
    const soc = this.over('soc');
    this.putPack('lowest_soc', soc.low);
    this.putPack('mean_soc', soc.mean);
    this.putPack('highest_soc', soc.high);
    this.putPack('estimate_soc', scalars.run.hasUnit === 0 ? NaN : scalars.estimate.soc);
    this.buckets.append(this.run.tick, this.bucket);
    kernel.exports.closeBucket();
  }

  private writeLatest(values: Float64Array): void {
    const { cells, groups, scalars } = this.run.compiled;
    const temperature = this.over('temperature_degC');
    const { pack, relay, unit, estimate } = scalars;
    const hasUnit = scalars.run.hasUnit !== 0;
    values.set([
      pack.voltage_V,
      pack.current_A,
      this.over('soc').mean,
      hasUnit ? estimate.soc : NaN,
      temperature.low,
      temperature.high,
      relay.chargeClosed,
      relay.dischargeClosed,
      unit.running,
    ]);
    const first = latestLength(this.series) - 2 * this.series;
    for (let group = 0; group < this.series; group++) {
      values[first + group] = cells.voltage_V.get(group);
      values[first + this.series + group] = groups.bleed_A.get(group);
    }
  }

  /** One frame's numbers: at most `view.buckets` drawn buckets of two points. */
  frame(view: View): { points: number; values: Float64Array<ArrayBuffer> } {
    const { tick_s } = this.run.loaded.scenario;
    const chosen = select(this.buckets, view.from_s / tick_s, view.until_s / tick_s, view.buckets);
    const { points } = chosen;
    const values = new Float64Array(frameLength(this.series, points));
    this.writeLatest(values);
    const block = (index: number) => {
      const start = latestLength(this.series) + index * points;
      return values.subarray(start, start + points);
    };
    const recorded = recordedCount(this.series);
    const derived = (name: DerivedTrace) => block(1 + recorded + DERIVED_TRACES.indexOf(name));
    reduceTimes(this.buckets, chosen, tick_s, block(0));
    for (let trace = 0; trace < recorded; trace++) reduceTrace(this.buckets, chosen, trace, block(1 + trace));
    reduceCellExtremes(this.buckets, chosen, this.series, {
      lowest: derived('lowest_V'),
      highest: derived('highest_V'),
      lowestCell: derived('lowestCell'),
      highestCell: derived('highestCell'),
    });
    return { points, values };
  }
}
