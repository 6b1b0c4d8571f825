/**
 * The whole course of a run in as much detail as a file is to hold, made by repeating it from its start.
 * Without a word of the page, so that a worker and a test do the same.
 */
import { FOLD } from '../../domain/memoryRecorder.ts';
import type { KernelModule } from '../../engine/kernel.ts';
import type { LoadedScenario } from '../../engine/load.ts';
import { Recorder } from '../../engine/recorder.ts';
import { reduceTimes, reduceTraces } from '../../engine/reduce.ts';
import { Run } from '../../engine/run.ts';

/** Rows of a file at most: three days of seconds one by one, and still no burden for a browser or a spreadsheet. */
export const MOST_ROWS = 1 << 18;
/** Rows that are read at once; the finest ring of a recording holds twice as many. */
const PART_ROWS = 4096;

/** Ticks of a row: one where all of them have room, else the least power of the recorder's fold that fits with a lowest and a highest value each. */
export function rowWidth(ticks: number): number {
  if (ticks + 1 <= MOST_ROWS) return 1;
  let width_ticks = FOLD;
  while (2 * (Math.ceil(ticks / width_ticks) + 1) > MOST_ROWS) width_ticks *= FOLD;
  return width_ticks;
}

/** Some rows of the course, in columns: time, cells, then the traces of the pack. */
export type CoursePart = Float64Array[];

/** Repeats a run to a tick and gives its course part by part. */
export class Course {
  private row = 0;

  private constructor(
    readonly run: Run,
    private readonly ticks: number,
    private readonly width_ticks: number,
    private readonly recorder: Recorder,
  ) {}

  static async open(loaded: LoadedScenario, module: KernelModule, ticks: number): Promise<Course> {
    const width_ticks = rowWidth(ticks);
    const run = await Run.open(loaded, module, { recording: { width_ticks } });
    return new Course(run, ticks, width_ticks, new Recorder(run));
  }

  get progress(): number {
    return this.ticks === 0 ? 1 : this.run.tick / this.ticks;
  }

  get isOver(): boolean {
    return this.run.tick >= this.ticks || this.run.status === 'failed';
  }

  /** The next rows; the last ones hold what is left. */
  next(): CoursePart {
    this.run.advance(Math.min(this.run.tick + PART_ROWS * this.width_ticks, this.ticks));
    const [level] = this.recorder.levels();
    const first = this.row;
    const end = level!.endRow;
    this.row = end;
    const pointsEach = this.width_ticks === 1 ? 1 : 2;
    const points = (end - first) * pointsEach;
    const selection = { level: level!, first, end, factor: 1, pointsEach, points } as const;
    const values = new Float64Array((1 + level!.places.length) * points);
    reduceTimes(selection, this.run.loaded.scenario.tick_s, values.subarray(0, points));
    reduceTraces(selection, values.subarray(points));
    return Array.from({ length: 1 + level!.places.length }, (_, column) => values.subarray(column * points, (column + 1) * points));
  }
}
