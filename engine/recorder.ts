/**
 * Reads a run's kernel into buckets that take the same room however long the run is; reduce.ts answers a window from them.
 * Cell voltages and pack current come with the kernel's own extremes of every tick; the rest moves slowly and is read at a bucket's end.
 */
import { F64_BYTES, LANES_PER_CHUNK, RECORDER, RECORDER_HEADER_BYTES, RECORDER_SCALARS } from '../domain/memory.ts';
import { Buckets, type BucketValues } from './buckets.ts';
import { chunksOf, LAYOUT } from './kernel.ts';
import { PACK_TRACES, type PackTrace, recordedCount } from './recordedTraces.ts';
import type { Run } from './run.ts';

const CAPACITY = 8192;
const CHUNK_WORDS = LAYOUT.recorderOffsets.size * LANES_PER_CHUNK;

export interface RecorderOptions {
  /** Buckets at most; even. */
  capacity?: number;
  /** Ticks of a bucket until the room is full for the first time. */
  width?: number;
}

interface Spread {
  low: number;
  mean: number;
  high: number;
}

/** Lowest, mean and highest value over all cells. */
export function spreadOf(run: Run, column: 'soc' | 'temperature_degC'): Spread {
  const values = run.compiled.cells[column];
  const { series, parallel } = run.loaded.scenario.pack;
  let [low, high, sum] = [Infinity, -Infinity, 0];
  for (let position = 0; position < parallel; position++) {
    for (let group = 0; group < series; group++) {
      const value = values.get(group, position);
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
    }
  }
  return { low, mean: sum / (series * parallel), high };
}

export class Recorder {
  readonly buckets: Buckets;
  private readonly series: number;
  private readonly parallel: number;
  private readonly base: number;
  private readonly bucket: BucketValues;

  /** Takes the tick at which the run stands as the first bucket; what was before is no part of the recording. */
  constructor(
    private readonly run: Run,
    { capacity = CAPACITY, width = 1 }: RecorderOptions = {},
  ) {
    this.series = run.loaded.scenario.pack.series;
    this.parallel = run.loaded.scenario.pack.parallel;
    this.base = run.compiled.plan.recorderBase / F64_BYTES;
    this.buckets = new Buckets(recordedCount(this.series), capacity, { firstTick: run.tick, width });
    const column = () => new Float64Array(recordedCount(this.series));
    this.bucket = { low: column(), high: column(), last: column() };
    run.compiled.kernel.exports.closeBucket();
    this.takeNow();
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

  private putSlow(): void {
    const { scalars } = this.run.compiled;
    const temperature = spreadOf(this.run, 'temperature_degC');
    this.putPack('coldest_degC', temperature.low);
    this.putPack('meanTemperature_degC', temperature.mean);
    this.putPack('hottest_degC', temperature.high);
    const soc = spreadOf(this.run, 'soc');
    this.putPack('lowest_soc', soc.low);
    this.putPack('mean_soc', soc.mean);
    this.putPack('highest_soc', soc.high);
    this.putPack('estimate_soc', scalars.run.hasUnit === 0 ? NaN : scalars.estimate.soc);
  }

  /** A bucket of the present tick alone. */
  private takeNow(): void {
    const { cells, scalars } = this.run.compiled;
    for (let group = 0; group < this.series; group++) {
      let [low, high] = [Infinity, -Infinity];
      for (let position = 0; position < this.parallel; position++) {
        const voltage = cells.voltage_V.get(group, position);
        low = Math.min(low, voltage);
        high = Math.max(high, voltage);
      }
      this.put(group, low, high, cells.voltage_V.get(group));
    }
    this.putPack('current_A', scalars.pack.current_A);
    this.putSlow();
    this.buckets.append(this.run.tick, this.bucket);
  }

  /** Closes the kernel's open bucket and keeps it; a run that failed leaves out what is no number. */
  take(): void {
    const { scalars, kernel } = this.run.compiled;
    if (this.run.status === 'failed') return;
    for (let group = 0; group < this.series; group++) this.putGroup(group);
    this.put(this.series, this.currentExtreme('lowCurrent_A'), this.currentExtreme('highCurrent_A'), scalars.pack.current_A);
    this.putSlow();
    this.buckets.append(this.run.tick, this.bucket);
    kernel.exports.closeBucket();
  }

  /** Takes what is open when the run ends within a bucket. */
  close(): void {
    const { endTicks, count } = this.buckets;
    if (endTicks[count - 1]! < this.run.tick) this.take();
  }
}
