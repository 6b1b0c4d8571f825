/**
 * A receiver on COM3 for some time of a run: what it decodes and what it has to throw away.
 */
import { LineDecoder } from '../../engine/serial/lineDecoder.ts';
import { lineWrites } from '../../engine/serial/line.ts';
import { openRun, type ScenarioObject } from '../scenarios.ts';
import type { LineCount } from './stories.ts';

/** Counts of the seconds of a window; `wrongVoltages` are frames whose voltages are not those that the unit measured. */
export async function listenTo(scenario: ScenarioObject, [from, until]: readonly [number, number]): Promise<Record<LineCount, number>> {
  const run = await openRun(scenario);
  const { series } = run.loaded.scenario.pack;
  let wrongVoltages = 0;
  const decoder = new LineDecoder((frame) => {
    if (frame.frame !== 'cellVoltages') return;
    const measured = Array.from({ length: series }, (_, group) => run.read(`measuredCell.voltage_V[${group}]`));
    if (measured.some((voltage, group) => voltage !== frame.values.cell_V[group])) wrongVoltages++;
  });
  for (let second = from; second <= until; second++) {
    run.advance(second / run.loaded.scenario.tick_s);
    for (const { bytes } of lineWrites(run, second)) decoder.push(bytes);
  }
  const { frames, badSums, cutFrames, garbageBytes } = decoder.counts;
  return { frames, badSums, cutFrames, garbageBytes, wrongVoltages };
}
