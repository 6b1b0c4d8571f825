/**
 * Makes the frames of a run: its latest values, and a recording reduced to the part that is drawn.
 * The order of a frame's numbers stands in traces.ts.
 */
import type { Buckets } from '../../engine/buckets.ts';
import { recordedCount } from '../../engine/recordedTraces.ts';
import { spreadOf } from '../../engine/recorder.ts';
import { reduceCellExtremes, reduceTimes, reduceTrace, select } from '../../engine/reduce.ts';
import type { Run } from '../../engine/run.ts';
import type { View } from './protocol.ts';
import { DERIVED_TRACES, type DerivedTrace, frameLength, latestLength } from './traces.ts';

function writeLatest(run: Run, values: Float64Array): void {
  const { series } = run.loaded.scenario.pack;
  const { cells, groups, scalars, structures } = run.compiled;
  const temperature = spreadOf(run, 'temperature_degC');
  const { pack, unit, estimate } = scalars;
  const hasUnit = scalars.run.hasUnit !== 0;
  values.set([
    pack.voltage_V,
    pack.current_A,
    spreadOf(run, 'soc').mean,
    hasUnit ? estimate.soc : NaN,
    temperature.low,
    temperature.high,
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

/** One frame's numbers: at most `view.buckets` drawn buckets of two points. */
export function frameOf(run: Run, buckets: Buckets, view: View): { points: number; values: Float64Array<ArrayBuffer> } {
  const { tick_s, pack } = run.loaded.scenario;
  const chosen = select(buckets, view.from_s / tick_s, view.until_s / tick_s, view.buckets);
  const { points } = chosen;
  const values = new Float64Array(frameLength(pack.series, points));
  writeLatest(run, values);
  const block = (index: number) => {
    const start = latestLength(pack.series) + index * points;
    return values.subarray(start, start + points);
  };
  const recorded = recordedCount(pack.series);
  const derived = (name: DerivedTrace) => block(1 + recorded + DERIVED_TRACES.indexOf(name));
  reduceTimes(buckets, chosen, tick_s, block(0));
  for (let trace = 0; trace < recorded; trace++) reduceTrace(buckets, chosen, trace, block(1 + trace));
  reduceCellExtremes(buckets, chosen, pack.series, {
    lowest: derived('lowest_V'),
    highest: derived('highest_V'),
    lowestCell: derived('lowestCell'),
    highestCell: derived('highestCell'),
  });
  return { points, values };
}
