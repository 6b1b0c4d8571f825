/**
 * Reads the recorder in a run's kernel: which level of detail shows a window, and where its buckets lie.
 * It only reads; what is recorded, and that the room is bounded, is the kernel's and recording.ts's.
 */
import { assert } from '../domain/errors.ts';
import { F64_BYTES } from '../domain/memory.ts';
import { PACK_TRACES, type PackTrace, type RECORDER } from '../domain/memoryRecorder.ts';
import { headWord, placesOfTraces, type Ring, thirdOfRow } from './recording.ts';
import type { Level } from './reduce.ts';
import type { Run } from './run.ts';

/** What of the recorder's head is counted in ticks or buckets, and read as integers. */
type HeadCount = Exclude<keyof typeof RECORDER, 'lowCurrent_A' | 'highCurrent_A'>;

/** How far a recording has come. */
interface Extent {
  firstTick: number;
  lastTick: number;
  width_ticks: number;
  /** Buckets at the finest level, the open one included. */
  buckets: number;
}

class RecordedLevel implements Level {
  readonly width_ticks: number;
  readonly firstRow: number;
  readonly endRow: number;

  constructor(
    readonly values: Float64Array,
    readonly third: number,
    readonly places: readonly number[],
    private readonly ring: Ring,
    private readonly extent: Extent,
  ) {
    this.width_ticks = extent.width_ticks * ring.fold;
    this.endRow = Math.ceil(extent.buckets / ring.fold);
    this.firstRow = Math.max(this.endRow - ring.capacity, 0);
  }

  at(row: number): number {
    const { base, capacity } = this.ring;
    return base / F64_BYTES + (row % capacity) * 3 * this.third;
  }

  endTick(row: number): number {
    const { firstTick, lastTick, width_ticks } = this.extent;
    return Math.min(firstTick + ((row + 1) * this.ring.fold - 1) * width_ticks, lastTick);
  }

  startTick(row: number): number {
    return row === 0 ? this.extent.firstTick : this.endTick(row - 1);
  }

  rowOf(tick: number): number {
    const { firstTick, width_ticks } = this.extent;
    const buckets = Math.ceil((tick - firstTick) / width_ticks) + 1;
    return Math.min(Math.max(Math.ceil(buckets / this.ring.fold) - 1, this.firstRow), this.endRow);
  }
}

export class Recorder {
  private readonly third: number;
  private readonly places: readonly number[];

  constructor(private readonly run: Run) {
    assert(run.compiled.recording.levels.length > 0, 'the run was opened without a recording', { scenario: run.loaded.scenario.name });
    const { series } = run.loaded.scenario.pack;
    this.third = thirdOfRow(series);
    this.places = placesOfTraces(series);
  }

  /** Records anew from the present tick on, which is the first bucket; the levels are emptied. */
  restart(width_ticks: number): void {
    const { settle, restartRecorder } = this.run.compiled.kernel.exports;
    // What the open bucket has belongs to the extremes of the run.
    settle();
    restartRecorder(width_ticks);
  }

  private head(name: HeadCount): number {
    return this.run.compiled.kernel.i32[headWord(this.run.compiled.plan, name)]!;
  }

  private extent(): Extent {
    this.run.compiled.kernel.exports.settle();
    const [firstTick, width_ticks] = [this.head('firstTick'), this.head('width_ticks')];
    const [closed, filled] = [this.head('closed'), this.head('filled')];
    const buckets = closed + (filled > 0 ? 1 : 0);
    return { firstTick, width_ticks, buckets, lastTick: firstTick + (closed - 1) * width_ticks + filled };
  }

  private level(ring: Ring, extent: Extent): RecordedLevel {
    return new RecordedLevel(this.run.compiled.kernel.f64, this.third, this.places, ring, extent);
  }

  /** Every level as it stands, the finest first; good until the run goes on. */
  levels(): Level[] {
    const extent = this.extent();
    return this.run.compiled.recording.levels.map((ring) => this.level(ring, extent));
  }

  /**
   * The level that shows a window with at least so many buckets: the coarsest of them, since every level keeps every extreme
   * and less is to be read. Where none has as many, the finest that still holds the window's start.
   */
  levelFor(fromTick: number, untilTick: number, most: number): Level {
    const levels = this.levels();
    let chosen = levels.at(-1)!;
    for (const finer of levels.slice(0, -1).reverse()) {
      const isFineEnough = chosen.rowOf(untilTick) - chosen.rowOf(fromTick) >= most;
      const holdsStart = finer.firstRow === 0 || finer.startTick(finer.firstRow) <= fromTick;
      if (isFineEnough || !holdsStart) break;
      chosen = finer;
    }
    return chosen;
  }

  /** Traces of the pack at the end of the last tick. */
  latest(...names: PackTrace[]): number[] {
    const level = this.level(this.run.compiled.recording.levels[0]!, this.extent());
    const lasts = level.at(level.endRow - 1) + 2 * this.third;
    const { series } = this.run.loaded.scenario.pack;
    return names.map((name) => level.values[lasts + this.places[series + PACK_TRACES.indexOf(name)]!]!);
  }
}
