/**
 * What a recording keeps of a run: held against every single tick, at the finest level and after every merging of pairs.
 * The voltages and the current keep the extremes of every tick; what moves slowly keeps its value at a bucket's end.
 */
import { expect, it } from 'vitest';
import { Recorder } from '../../engine/recorder.ts';
import { PACK_TRACES } from '../../engine/recordedTraces.ts';
import { reduceTrace, select } from '../../engine/reduce.ts';
import type { Run } from '../../engine/run.ts';
import { constantCell, csvOf, openRun, type ScenarioObject } from '../scenarios.ts';

const SERIES = 3;
const CURRENT = SERIES;
const MEAN_SOC = SERIES + PACK_TRACES.indexOf('mean_soc');

/** A load that jumps every few ticks, so that neighbours differ. */
function jumpy(ticks: number): { scenario: ScenarioObject; files: Record<string, string> } {
  const rows = Array.from({ length: Math.ceil(ticks / 3) }, (_, i) => [i * 3, ((i * 7919) % 31) - 15] as const);
  return {
    scenario: {
      duration_s: ticks,
      tick_s: 1,
      cell: constantCell(),
      pack: { series: SERIES, parallel: 2, initialSoc: 0.5 },
      source: { csv: 'load.csv', column: 'current_A', interpolation: 'previous' },
    },
    files: { 'load.csv': csvOf('current_A', rows) },
  };
}

/** Values of every voltage trace and the current after each tick: lowest, highest and last. */
interface Tick {
  low: number[];
  high: number[];
  last: number[];
  soc: number;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function tickOf(run: Run): Tick {
  const groups = Array.from({ length: SERIES }, (_, group) => [0, 1].map((position) => run.compiled.cells.voltage_V.get(group, position)));
  const current = run.compiled.scalars.pack.current_A;
  return {
    low: [...groups.map((cells) => Math.min(...cells)), current],
    high: [...groups.map((cells) => Math.max(...cells)), current],
    last: [...groups.map((cells) => cells[0]!), current],
    soc: mean(Array.from({ length: 2 * SERIES }, (_, index) => run.compiled.cells.soc.get(index % SERIES, Math.floor(index / SERIES)))),
  };
}

async function bruteForce(ticks: number): Promise<Tick[]> {
  const { scenario, files } = jumpy(ticks);
  const run = await openRun(scenario, { files });
  const all = [tickOf(run)];
  while (run.status === 'running') {
    run.advance(run.tick + 1);
    all.push(tickOf(run));
  }
  return all;
}

async function recorded(ticks: number, capacity: number, width = 1): Promise<Recorder> {
  const { scenario, files } = jumpy(ticks);
  const run = await openRun(scenario, { files });
  const recorder = new Recorder(run, { capacity, width });
  while (run.status === 'running') {
    const end = recorder.nextTick;
    run.advance(end);
    if (run.tick >= end) recorder.take();
  }
  recorder.close();
  return recorder;
}

it.each([
  { ticks: 20, level: 0, width: 1, start: 1 },
  { ticks: 50, level: 1, width: 2, start: 1 },
  { ticks: 100, level: 2, width: 4, start: 1 },
  { ticks: 1000, level: 6, width: 64, start: 1 },
  { ticks: 700, level: 3, width: 32, start: 4 },
])('after $ticks ticks at level $level a bucket holds exactly its $width ticks', async ({ ticks, level, width, start }) => {
  const truth = await bruteForce(ticks);
  const { buckets } = await recorded(ticks, 32, start);
  expect(buckets.level).toBe(level);
  expect(buckets.width).toBe(width);
  expect(buckets.endTicks[buckets.count - 1]).toBe(ticks);
  let first = 0;
  for (let i = 0; i < buckets.count; i++) {
    const end = buckets.endTicks[i]!;
    const within = truth.slice(first, end + 1);
    for (let trace = 0; trace <= CURRENT; trace++) {
      expect(buckets.low[trace]![i]).toBe(Math.min(...within.map(({ low }) => low[trace]!)));
      expect(buckets.high[trace]![i]).toBe(Math.max(...within.map(({ high }) => high[trace]!)));
      expect(buckets.last[trace]![i]).toBe(truth[end]!.last[trace]);
    }
    expect(buckets.last[MEAN_SOC]![i]).toBeCloseTo(truth[end]!.soc, 12);
    first = end + 1;
  }
});

it('a long run takes the room of a short one', async () => {
  const [short, long] = [await recorded(10, 64), await recorded(200_000, 64)];
  expect(long.buckets.bytes).toBe(short.buckets.bytes);
  expect(long.buckets.count).toBeLessThan(64);
  expect(long.buckets.low.every((column) => column.length === 64)).toBe(true);
});

it('a window is answered with at most the points asked for, and with its extremes', async () => {
  const truth = await bruteForce(3000);
  const { buckets } = await recorded(3000, 512);
  for (const [from, until, most] of [
    [0, 3000, 10],
    [1000, 2000, 25],
    [2900, 3000, 200],
  ] as const) {
    const chosen = select(buckets, from, until, most);
    const values = new Float64Array(chosen.points);
    reduceTrace(buckets, chosen, CURRENT, values);
    const currents = truth.slice(from, until + 1).map(({ low }) => low[CURRENT]!);
    expect(chosen.points).toBeLessThanOrEqual(2 * most + 2);
    expect(Math.min(...values)).toBeLessThanOrEqual(Math.min(...currents));
    expect(Math.max(...values)).toBeGreaterThanOrEqual(Math.max(...currents));
  }
});
