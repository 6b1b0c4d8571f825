/**
 * When the bench says that display and truth differ: never in a healthy pack, whatever its current, and always where a lead is broken.
 * Without a browser: the figures are those of real runs, as the worker sends them.
 */
import { expect, it } from 'vitest';
import { channelNames } from '../../domain/channels.ts';
import type { Json } from '../../domain/scenario/json.ts';
import type { Run } from '../../engine/run.ts';
import { DIFFERS, benchNow } from '../../web/panels/bench/now.ts';
import { BENCH_CHANNELS } from '../../web/simulation/benchReader.ts';
import type { BenchState } from '../../web/simulation/benchState.ts';
import type { RunPlan } from '../../web/simulation/protocol.ts';
import { openRun, openShipped, type ScenarioObject } from '../scenarios.ts';

const MOMENTS = 200;

/** Cells that are said to differ, at many moments of a run: their numbers in files, once for each moment. */
function differing(run: Run): number[] {
  const { pack, bms } = run.loaded.scenario;
  const channels = BENCH_CHANNELS.flatMap((name) => channelNames(name, pack)).map((name) => run.channel(name));
  const plan = { series: pack.series, parallel: pack.parallel, hasUnit: bms !== null } as RunPlan;
  const found: number[] = [];
  const from = run.tick;
  for (let moment = 1; moment <= MOMENTS; moment++) {
    run.advance(from + Math.ceil(((run.ticks - from) * moment) / MOMENTS));
    const state = { values: Float64Array.from(channels, (channel) => run.value(channel)) } as BenchState;
    const { cells } = benchNow(state, plan, run.loaded.scenario as unknown as Json);
    found.push(...cells.filter(({ differs }) => differs).map(({ group }) => group));
  }
  return found;
}

const pack: ScenarioObject = {
  duration_s: 600,
  pack: {
    series: 8,
    cell: 'lfp280',
    link_Ohm: 0.0001,
    initialSoc: 0.6,
    overrides: [
      { group: 2, link_Ohm: 0.0005 },
      { group: 3, initialSoc: 0.2 },
    ],
  },
  bms: { model: '8T', chemistry: 'LiFe', currentVersion_A: 300, settings: { batteryCapacity_Ah: 280 } },
  source: { constantCurrent_A: -90 },
};

it('no cell of a healthy pack differs, though at this current its channel reads up to 45 mV beside it', async () => {
  const run = await openRun(pack);
  run.advance(60);
  const apart = Math.abs(run.read('measuredCell.voltage_V[2]') - run.read('group.voltage_V[2]'));
  expect(apart).toBeGreaterThan(8 * DIFFERS.V);
  expect(differing(run)).toEqual([]);
});

it('a current that changes between two samples makes no cell differ', async () => {
  expect(differing(await openShipped('ev-module-drive.json'))).toEqual([]);
});

it.each([
  ['a lead that is broken: the cells on its two sides', { fault: 'openSenseWire', target: 4 }, [3, 4]],
  ['a joint that has become worse: the cell above it', { fault: 'looseBusbar', target: 5 }, [5]],
  ['a channel that reads off: its own', { fault: 'channelOffset', target: 6, severity: 0.02 }, [6]],
] as const)('%s', async (_, fault, cells) => {
  const found = differing(await openRun({ ...pack, faults: [{ ...fault, when: 'always' }] } as unknown as Parameters<typeof openRun>[0]));
  expect(new Set(found)).toEqual(new Set(cells));
  expect(found.length).toBe(MOMENTS * cells.length);
});
