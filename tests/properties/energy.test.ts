/**
 * The energy books of packs in parallel in which everything happens, and of packs made by chance: nothing is missing.
 * Whatever the tick, what went through the terminals is stored, lost or drawn, to rounding.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { energyBook } from '../plant/energyBook.ts';
import { constantCell, eventsNamed, finishedRun, type ScenarioObject } from '../scenarios.ts';
import { BUSY_FILES, BUSY_PACK } from './busyPack.ts';
import { randomPack } from './randomPack.ts';

/** Where nothing but the last bits of a number moved, there is no share of it. */
const NOTHING_Wh = 1e-15;

const inverter = { outputPower_W: 15, ripple_ratio: 1, busCapacitance_F: 0.01, bleeder_Ohm: 50 };

/** The busy pack with four cells a group, a fuse, an inverter that meets it again, and a load before the shunt. */
function busyParallel(tick_s: number, terminals: 'same' | 'diagonal'): ScenarioObject {
  const spread = { capacity_ratio: 0.05, seriesResistance_ratio: 0.2, initialSoc: 0.02 };
  const fuse = { rating_A: 30, i2t_A2s: 5000, breakingCapacity_A: 5000 };
  const sources = BUSY_PACK.source as object[];
  return {
    ...BUSY_PACK,
    tick_s,
    expect: [],
    bms: { ...BUSY_PACK.bms!, sensing: {}, settings: { ...BUSY_PACK.bms!.settings, batteryCapacity_Ah: 8, overDischargeCurrent_A: 60 } },
    pack: { ...BUSY_PACK.pack, parallel: 4, bus_Ohm: 0.001, terminals, spread, fuse },
    source: [...sources, { inverter }, { parasitic_W: 0.5, beforeShunt: true }] as NonNullable<ScenarioObject['source']>,
  };
}

it.each([
  [0.1, 'same'],
  [0.5, 'diagonal'],
  [1, 'same'],
  [2, 'diagonal'],
] as const)('a busy pack in parallel, ticks of %d s, terminals at %s ends', async (tick_s, terminals) => {
  const run = await finishedRun(busyParallel(tick_s, terminals), BUSY_FILES);
  const { indicators } = await run.result();
  for (const place of ['bleedLoss_Wh', 'fuseLoss_Wh', 'jointLoss_Wh', 'parasiticLoss_Wh', 'unitConsumption_Wh'])
    expect(indicators[place]).toBeGreaterThan(0);
  expect(eventsNamed(run, 'inrush')).not.toEqual([]);
  expect(run.compiled.scalars.pack.driftPower_W).not.toBe(0);
  const { turnover_Wh, missing_Wh } = energyBook(indicators);
  expect(Math.abs(missing_Wh) / turnover_Wh).toBeLessThanOrEqual(1e-9);
});

it('currents that only circulate become heat: what a tick cannot place at the terminals shrinks with its square', async () => {
  const overrides = [{ group: 0, position: 0, initialSoc: 0.3 }];
  const circulating = (tick_s: number): ScenarioObject => ({
    cell: constantCell({ rc: [{ resistance_Ohm: 0.01, timeConstant_s: 40 }] }),
    tick_s,
    duration_s: 1200,
    thermal: null,
    pack: { series: 1, parallel: 3, initialSoc: 0.6, bus_Ohm: 0.001, overrides },
  });
  const passed: number[] = [];
  for (const tick_s of [1, 10]) {
    const { indicators } = await (await finishedRun(circulating(tick_s))).result();
    const { turnover_Wh, missing_Wh } = energyBook(indicators);
    const lost_Wh = indicators['cellLoss_Wh']! + indicators['jointLoss_Wh']!;
    expect(lost_Wh).toBeGreaterThan(0.01);
    expect(Math.abs(missing_Wh) / lost_Wh).toBeLessThanOrEqual(1e-9);
    passed.push(Math.abs(turnover_Wh) / lost_Wh);
  }
  expect(passed[0]).toBeGreaterThan(0);
  expect(passed[0]).toBeLessThanOrEqual(1e-3);
  expect(passed[1]! / passed[0]!).toBeGreaterThan(50);
});

it('packs made by chance', async () => {
  await fc.assert(
    fc.asyncProperty(randomPack, async ({ scenario, files }) => {
      const { indicators } = await (await finishedRun(scenario, { files })).result();
      const { turnover_Wh, missing_Wh } = energyBook(indicators);
      const moved_Wh = turnover_Wh + Math.abs(indicators['storedEnergy_Wh']!) + indicators['cellLoss_Wh']!;
      expect(Math.abs(missing_Wh)).toBeLessThanOrEqual(1e-9 * moved_Wh + NOTHING_Wh);
    }),
    { seed: 12, numRuns: 60 },
  );
});
