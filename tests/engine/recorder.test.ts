/**
 * What a recording keeps of a run: every row of every level held against every single tick, also after the rings have wrapped.
 * Voltages and current keep the extremes of every tick; what moves slowly is sampled at the end of a bucket.
 */
import { describe, expect, it } from 'vitest';
import { PACK_TRACES } from '../../domain/memoryRecorder.ts';
import { Recorder } from '../../engine/recorder.ts';
import type { RecordingOptions } from '../../engine/recording.ts';
import { type Level, reduceTraces, select } from '../../engine/reduce.ts';
import { Run } from '../../engine/run.ts';
import { BUSY_FILES, BUSY_PACK } from '../properties/busyPack.ts';
import { constantCell, csvOf, everyTick, finishedRun, kernelModule, type KernelName, loadObject, outcomeOf } from '../scenarios.ts';
import type { ScenarioObject } from '../scenarios.ts';

interface Recorded {
  scenario: ScenarioObject;
  files: Record<string, string>;
}

const BUSY: Recorded = { scenario: BUSY_PACK, files: BUSY_FILES.files! };

/** A load that jumps every few ticks, so that neighbours differ; cells in parallel that share it unequally. */
function jumpy(ticks: number): Recorded {
  const rows = Array.from({ length: Math.ceil(ticks / 3) }, (_, i) => [i * 3, ((i * 7919) % 31) - 15] as const);
  return {
    scenario: {
      duration_s: ticks,
      tick_s: 1,
      cell: constantCell(),
      thermal: { heatCapacity_J_per_K: 50, toAmbient_W_per_K: 0.05 },
      pack: {
        series: 3,
        parallel: 2,
        initialSoc: 0.5,
        overrides: [{ group: 1, position: 1, seriesResistance_Ohm: 0.03, initialSoc: 0.49 }],
      },
      source: { csv: 'load.csv', column: 'current_A', interpolation: 'previous' },
    },
    files: { 'load.csv': csvOf('current_A', rows) },
  };
}

async function open({ scenario, files }: Recorded, recording?: RecordingOptions, kernel: KernelName = 'simd'): Promise<Run> {
  return Run.open(await loadObject(scenario, files), await kernelModule(kernel), { recording });
}

/** Every trace after one tick. */
interface Tick {
  low: number[];
  high: number[];
  last: number[];
}

function tickOf(run: Run): Tick {
  const { series, parallel } = run.loaded.scenario.pack;
  const { cells, scalars } = run.compiled;
  const column = (name: 'voltage_V' | 'soc' | 'temperature_degC', group: number) =>
    Array.from({ length: parallel }, (_, position) => cells[name].get(group, position));
  const groups = Array.from({ length: series }, (_, group) => group);
  const voltages = groups.map((group) => column('voltage_V', group));
  const spread = (name: 'soc' | 'temperature_degC') => {
    const values = groups.flatMap((group) => column(name, group));
    return [Math.min(...values), values.reduce((sum, value) => sum + value, 0) / values.length, Math.max(...values)];
  };
  const estimate = scalars.run.hasUnit === 0 ? NaN : scalars.estimate.soc;
  const pack = [scalars.pack.current_A, ...spread('temperature_degC'), ...spread('soc'), estimate];
  return {
    low: [...voltages.map((cell) => Math.min(...cell)), ...pack],
    high: [...voltages.map((cell) => Math.max(...cell)), ...pack],
    last: [...voltages.map((cell) => cell[0]!), ...pack],
  };
}

async function everyTickOf(recorded: Recorded): Promise<Tick[]> {
  const ticks: Tick[] = [];
  const run = await open(recorded);
  everyTick(run, () => ticks.push(tickOf(run)));
  return ticks;
}

/** A mean is summed in another order than here. */
const isMean = (trace: number, series: number) => PACK_TRACES[trace - series]?.startsWith('mean') ?? false;

function isSame(found: number, expected: number, mean: boolean): boolean {
  return mean ? Math.abs(found - expected) < 1e-12 * Math.max(Math.abs(expected), 1) : Object.is(found, expected);
}

/** What is wrong in a level, against the ticks from `firstTick` on. */
function complaints(level: Level, truth: readonly Tick[], { firstTick, width }: { firstTick: number; width: number }, series: number) {
  const wrong: string[] = [];
  for (let row = level.firstRow; row < level.endRow; row++) {
    const [start, end] = [row === 0 ? firstTick : level.startTick(row) + 1, level.endTick(row)];
    const ticks = Array.from({ length: end - start + 1 }, (_, i) => start + i);
    const sampled = ticks.filter((tick) => (tick - firstTick) % width === 0 || tick === end);
    level.places.forEach((place, trace) => {
      const from = (trace <= series ? ticks : sampled).map((tick) => truth[tick]!);
      const expected = [
        Math.min(...from.map(({ low }) => low[trace]!)),
        Math.max(...from.map(({ high }) => high[trace]!)),
        truth[end]!.last[trace]!,
      ];
      const found = expected.map((_, part) => level.values[level.at(row) + place + part * level.third]!);
      const bad = found.findIndex((value, part) => !isSame(value, expected[part]!, isMean(trace, series)));
      if (bad >= 0) wrong.push(`ticks ${start}…${end}, trace ${trace}: ${found.join(' ')} and not ${expected.join(' ')}`);
    });
  }
  return wrong;
}

function expectExact(run: Run, truth: readonly Tick[], firstTick: number, width: number): void {
  const levels = new Recorder(run).levels();
  const { series } = run.loaded.scenario.pack;
  for (const level of levels) {
    expect(level.endTick(level.endRow - 1)).toBe(run.tick);
    expect(complaints(level, truth, { firstTick, width }, series)).toEqual([]);
  }
}

describe('every row of every level holds exactly its ticks', () => {
  const cases: { name: string; recorded: Recorded; kernel: KernelName; width: number; capacity: number; levels: number }[] = [
    { name: 'single ticks of the busy pack', recorded: BUSY, kernel: 'simd', width: 1, capacity: 16, levels: 3 },
    { name: 'buckets of 8 ticks of the busy pack', recorded: BUSY, kernel: 'simd', width: 8, capacity: 16, levels: 2 },
    { name: 'the same in the scalar kernel', recorded: BUSY, kernel: 'scalar', width: 8, capacity: 16, levels: 2 },
    { name: 'buckets of 3 ticks of cells in parallel', recorded: jumpy(5000), kernel: 'simd', width: 3, capacity: 24, levels: 4 },
    { name: 'a run with room for every bucket', recorded: jumpy(300), kernel: 'simd', width: 8, capacity: 1024, levels: 1 },
  ];

  it.each(cases)('$name', async ({ recorded, kernel, width, capacity, levels }) => {
    const truth = await everyTickOf(recorded);
    const run = await open(recorded, { width_ticks: width, capacity }, kernel);
    expect(run.compiled.recording.levels.length).toBe(levels);
    // Looking on the way, within buckets and at their ends, changes nothing of what comes after.
    for (const part of [0, 0.01, 0.123, 0.5, 0.7777, 1]) {
      run.advance(Math.round(part * run.ticks));
      expectExact(run, truth, 0, width);
    }
    const rows = new Recorder(run).levels().map(({ firstRow, endRow }) => endRow - firstRow);
    rows.forEach((count, level) => expect(count).toBeLessThanOrEqual(run.compiled.recording.levels[level]!.capacity));
    const [finest] = new Recorder(run).levels();
    expect(finest!.firstRow > 0).toBe(levels > 1);
    expect(new Recorder(run).levels().at(-1)!.firstRow).toBe(0);
  });

  it('a recording that begins in the middle of a run knows nothing of what was before', async () => {
    const truth = await everyTickOf(BUSY);
    const run = await open(BUSY, { capacity: 64 });
    run.advance(333);
    const recorder = new Recorder(run);
    recorder.restart(1);
    expect(recorder.levels().map(({ endRow }) => endRow)).toEqual([1, 1]);
    run.advance(777);
    expectExact(run, truth, 333, 1);
    expect(recorder.latest('current_A', 'estimate_soc')).toEqual([truth[777]!.last[5], truth[777]!.last.at(-1)]);
  });
});

it('both builds of the kernel record the same bytes', async () => {
  for (const recorded of [BUSY, jumpy(2000)]) {
    const [simd, scalar] = [await open(recorded, { capacity: 32 }), await open(recorded, { capacity: 32 }, 'scalar')];
    for (const run of [simd, scalar]) {
      run.advance(run.ticks - 3);
      run.compiled.kernel.exports.settle();
    }
    const bytesOf = ({ compiled: { kernel, plan, recording } }: Run) => [
      Buffer.from(kernel.bytes.slice(plan.recorderBase, plan.ringBase)),
      Buffer.from(kernel.bytes.slice(recording.levels[0]!.base, recording.end)),
    ];
    expect(bytesOf(scalar).map((bytes, index) => bytes.equals(bytesOf(simd)[index]!))).toEqual([true, true]);
  }
});

describe('a result does not depend on the recording', () => {
  const options: (RecordingOptions | undefined)[] = [{}, { width_ticks: 1 }, { width_ticks: 5, capacity: 16 }];

  it.each(options)('with %j', async (recording) => {
    const truth = await outcomeOf(await finishedRun(BUSY_PACK, BUSY_FILES));
    const run = await open(BUSY, recording);
    const recorder = new Recorder(run);
    for (let tick = 0; run.status === 'running'; tick += 37) {
      run.advance(tick);
      if (tick % 3 === 0) recorder.levels();
      if (tick % 5 === 0) recorder.restart((tick % 8) + 1);
    }
    expect(await outcomeOf(run)).toEqual(truth);
  });
});

it('a run takes the memory of a longer one, but for the levels, and these have rings of a fixed size', async () => {
  const capacity = 64;
  const [short, long] = [
    await open(jumpy(10_000)),
    await open({ ...jumpy(10_000), scenario: { ...jumpy(10_000).scenario, duration_s: 1e6 } }),
  ];
  const bytesOf = (run: Run) => run.compiled.kernel.memory.buffer.byteLength;
  expect(bytesOf(long)).toBe(bytesOf(short));
  const recorded = await Promise.all(
    [short, long].map(async ({ loaded }) => Run.open(loaded, await kernelModule(), { recording: { capacity } })),
  );
  for (const run of recorded) {
    const { levels, rowBytes, end } = run.compiled.recording;
    expect(levels.slice(0, -1).every((level) => level.capacity === capacity)).toBe(true);
    expect(end - levels[0]!.base).toBeLessThanOrEqual(levels.length * capacity * rowBytes);
    const before = run.compiled.kernel.memory.buffer;
    run.advance();
    expect(run.status).toBe('completed');
    expect(run.compiled.kernel.memory.buffer).toBe(before);
  }
  expect(recorded.map((run) => run.compiled.recording.levels.length)).toEqual([3, 5]);
});

it('a window is answered by the level that is fine enough, with at most the points asked for and with its extremes', async () => {
  const truth = await everyTickOf(jumpy(3000));
  const run = await open(jumpy(3000), { width_ticks: 1, capacity: 128 });
  run.advance();
  const CURRENT = 3;
  const recorder = new Recorder(run);
  for (const [from, until, most, width] of [
    [0, 3000, 10, 64],
    [1000, 2000, 25, 64],
    [2300, 3000, 60, 8],
    [2900, 3000, 200, 1],
    [0, 100, 200, 64],
  ] as const) {
    const level = recorder.levelFor(from, until, most);
    expect(level.width_ticks).toBe(width);
    const chosen = select(level, from, until, most);
    const values = new Float64Array(chosen.points * level.places.length);
    reduceTraces(chosen, values);
    const drawn = values.subarray(CURRENT * chosen.points, (CURRENT + 1) * chosen.points);
    const currents = truth.slice(from, until + 1).map(({ low }) => low[CURRENT]!);
    expect(chosen.points).toBeLessThanOrEqual(2 * most + 2);
    expect(Math.min(...drawn)).toBeLessThanOrEqual(Math.min(...currents));
    expect(Math.max(...drawn)).toBeGreaterThanOrEqual(Math.max(...currents));
  }
});

it('a run that fails is recorded up to the tick before', async () => {
  const run = await open(BUSY, { width_ticks: 1, capacity: 64 });
  run.advance(100);
  run.compiled.cells.rc1_V.set(2, NaN);
  run.advance();
  expect(run.status).toBe('failed');
  for (const level of new Recorder(run).levels()) {
    expect(level.endTick(level.endRow - 1)).toBe(100);
    const row = level.at(level.endRow - 1);
    const values = level.places.flatMap((place) => [0, 1, 2].map((part) => level.values[row + place + part * level.third]!));
    expect(values.every(Number.isFinite)).toBe(true);
  }
});

it('a run without a recording has nothing to read', async () => {
  const run = await open(BUSY);
  expect(run.compiled.recording.levels).toEqual([]);
  expect(() => new Recorder(run)).toThrow('without a recording');
});
