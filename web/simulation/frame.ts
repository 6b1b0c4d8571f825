/**
 * Makes the frames of a run: its latest values, and a recording reduced to the part that is drawn.
 * The order of a frame's numbers stands in traces.ts.
 */
import { recordedCount } from '../../domain/memoryRecorder.ts';
import type { Recorder } from '../../engine/recorder.ts';
import { reduceCellExtremes, reduceTimes, reduceTraces, select } from '../../engine/reduce.ts';
import type { Run } from '../../engine/run.ts';
import type { View } from './protocol.ts';
import { DERIVED_TRACES, type DerivedTrace, frameLength, latestLength } from './traces.ts';

function writeLatest(run: Run, recorder: Recorder, values: Float64Array): void {
  const { series } = run.loaded.scenario.pack;
  const { cells, groups, scalars, structures } = run.compiled;
  const { pack, unit } = scalars;
  values.set([
    pack.voltage_V,
    pack.current_A,
    ...recorder.latest('mean_soc', 'estimate_soc', 'coldest_degC', 'hottest_degC'),
    structures.relay[0]!.closed,
    structures.relay[1]!.closed,
    unit.running,
  ]);
  const first = latestLength(series) - 2 * series;
  for (let group = 0; group < series; group++) {
    values[first + group] = cells.voltage_V.get(group);
    values[first + series + group] = groups.bleed_A.get(group);
  }
}

/** What a frame is made of: the run's own recording, and the one that is drawn where a close-up is finer. */
export interface FrameSources {
  run: Run;
  recorder: Recorder;
  drawn: Recorder;
}

/** One frame's numbers: at most `view.buckets` drawn buckets of two points. */
export function frameOf({ run, recorder, drawn }: FrameSources, view: View): { points: number; values: Float64Array<ArrayBuffer> } {
  const { tick_s, pack } = run.loaded.scenario;
  const [fromTick, untilTick] = [view.from_s / tick_s, view.until_s / tick_s];
  const chosen = select(drawn.levelFor(fromTick, untilTick, view.buckets), fromTick, untilTick, view.buckets);
  const { points } = chosen;
  const values = new Float64Array(frameLength(pack.series, points));
  writeLatest(run, recorder, values);
  const blocks = (index: number, count: number) => {
    const start = latestLength(pack.series) + index * points;
    return values.subarray(start, start + count * points);
  };
  const recorded = recordedCount(pack.series);
  const derived = (name: DerivedTrace) => blocks(1 + recorded + DERIVED_TRACES.indexOf(name), 1);
  reduceTimes(chosen, tick_s, blocks(0, 1));
  reduceTraces(chosen, blocks(1, recorded));
  reduceCellExtremes(chosen, pack.series, {
    lowest: derived('lowest_V'),
    highest: derived('highest_V'),
    lowestCell: derived('lowestCell'),
    highestCell: derived('highestCell'),
  });
  return { points, values };
}
