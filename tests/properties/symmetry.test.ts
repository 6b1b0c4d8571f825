/**
 * What must not matter: the order of cells, how many of them are alike, the size of the cell and the unit of time.
 * Powers of two are exact in floating point, so scaling by them must not change a bit.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largest } from '../plant/formulas.ts';
import {
  type CellFile,
  csvOf,
  everyTick,
  finishedRun,
  firstDifference,
  openRun,
  type RunEvent,
  type ScenarioObject,
} from '../scenarios.ts';

const CELL: CellFile = {
  capacity_Ah: 4,
  ocv: { soc: [0, 0.2, 0.7, 1], voltage_V: [2.8, 3.2, 3.35, 3.7] },
  seriesResistance_Ohm: { soc: [0, 1], temperature_degC: [0, 50], value: [[0.02, 0.012], [0.009, 0.005]] }, // prettier-ignore
  rc: [
    { resistance_Ohm: { soc: [0, 1], value: [0.009, 0.004] }, timeConstant_s: 8 },
    { resistance_Ohm: 0.006, timeConstant_s: { soc: [0, 1], value: [64, 120] } },
  ],
  hysteresis: { soc: [0, 1], voltage_V: [0.03, 0.01], decay_ratio: 70 },
  entropicCoefficient: { soc: [0, 1], value_V_per_K: [-2e-4, 2e-4] },
  coulombicEfficiency_ratio: 0.99,
};
const THERMAL = { heatCapacity_J_per_K: 90, toAmbient_W_per_K: 0.25 };
const COLUMNS = ['soc', 'voltage_V', 'temperature_degC', 'rc1_V', 'rc2_V', 'hysteresis_V'] as const;
const UNIT = { model: '16T', chemistry: 'LiFe', consumption: 'none' } as const;

/** All shown columns of one group after every tick. */
async function traceOfGroups(scenario: ScenarioObject, series: number, files: Record<string, string> = {}) {
  const run = await openRun(scenario, { files });
  const groups: number[][] = Array.from({ length: series }, () => []);
  const pack: number[] = [];
  everyTick(run, () => {
    groups.forEach((values, group) => values.push(...COLUMNS.map((name) => run.compiled.cells[name].get(group))));
    pack.push(run.read('pack.voltage_V'));
  });
  return { run, groups, pack };
}

const plain = (events: readonly RunEvent[], time = 1) => events.map(({ time_s, code, active }) => [time_s / time, code, active]);

it('cells put in another order give the same traces in that order, bit for bit, and the same pack to 1e-12 V', async () => {
  const series = 7;
  const own = Array.from({ length: series }, (_, index) => ({
    capacity_Ah: 4 - 0.07 * index,
    seriesResistance_Ohm: 0.006 + 0.001 * ((index * 5) % 7),
    initialSoc: 0.6 + 0.02 * ((index * 3) % 7),
    selfDischarge_per_s: 1e-8 * index,
  }));
  const channels = own.map((_, index) => ({ gain_ratio: 1 + 1e-4 * index, offset_V: 1e-3 * (index - 3) }));
  const scenario = (order: number[]): ScenarioObject => ({
    cell: CELL,
    thermal: THERMAL,
    tick_s: 0.5,
    duration_s: 300,
    pack: { series, overrides: order.map((index, group) => ({ group, ...own[index] })) },
    bms: {
      ...UNIT,
      sensing: { channels: order.map((index, group) => ({ group, ...channels[index] })), temperature: [{ group: 0 }, { group: 0 }] },
      settings: { balanceInCharge: true, balanceInDischarge: true, balanceStartVoltage_V: 3.2, temperatureAlarm: false },
    },
    source: { csv: 'p.csv', column: 'current_A', interpolation: 'linear' },
  });
  const files = { 'p.csv': csvOf('current_A', [[0, 6], [120, -9], [260, 3]]) }; // prettier-ignore
  const first = await traceOfGroups(scenario(own.map((_, index) => index)), series, files);
  expect(first.run.compiled.scalars.total.bled_Ah).toBeGreaterThan(0);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: series }), async (order) => {
      const other = await traceOfGroups(scenario(order), series, files);
      order.forEach((index, group) => expect(firstDifference(other.groups[group], first.groups[index])).toBeUndefined());
      expect(largest(other.pack.map((value, tick) => value - first.pack[tick]))).toBeLessThanOrEqual(1e-12);
      expect(other.run.events.map(({ code, time_s }) => [code, time_s])).toEqual(
        first.run.events.map(({ code, time_s }) => [code, time_s]),
      );
    }),
    { seed: 15, numRuns: 12 },
  );
});

it.each([2, 3, 5, 16])('%d equal cells have one voltage, their multiple at the pack, and trip when two of them do', async (series) => {
  const scenario = (count: number): ScenarioObject => ({
    cell: CELL,
    thermal: THERMAL,
    duration_s: 1500,
    pack: { series: count, initialSoc: 0.5 },
    bms: { ...UNIT, settings: { overChargeProtectionVoltage_V: 3.5, overChargeReleaseVoltage_V: 3.4, batteryCapacity_Ah: 4 } },
    source: [
      { constantCurrent_A: 6, until_s: 700 },
      { constantCurrent_A: -8, from_s: 800 },
    ],
  });
  const [two, many] = [await traceOfGroups(scenario(2), 2), await traceOfGroups(scenario(series), series)];
  many.groups.forEach((values) => expect(firstDifference(values, two.groups[0])).toBeUndefined());
  const voltages = many.groups[0].filter((_, index) => index % COLUMNS.length === 1);
  expect(largest(many.pack.map((value, tick) => value / (series * voltages[tick]) - 1))).toBeLessThanOrEqual(1e-12);
  const withoutCell = (events: readonly RunEvent[]) => events.map((event) => ({ ...event, cell: null }));
  expect(many.run.events.some(({ code }) => code === 'overCharge')).toBe(true);
  expect(withoutCell(many.run.events)).toEqual(withoutCell(two.run.events));
});

describe('a larger cell with larger currents and smaller resistances behaves the same', () => {
  const scaledTable = (table: unknown, factor: number): unknown => {
    if (typeof table === 'number') return table * factor;
    const { value, ...axes } = table as { value: number[] | number[][] };
    return { ...axes, value: value.map((row) => (Array.isArray(row) ? row.map((entry) => entry * factor) : row * factor)) };
  };
  const scenario = (k: number): ScenarioObject => ({
    cell: {
      ...CELL,
      capacity_Ah: 4 * k,
      seriesResistance_Ohm: scaledTable(CELL.seriesResistance_Ohm, 1 / k) as number,
      rc: CELL.rc!.map((pair) => ({ ...pair, resistance_Ohm: scaledTable(pair.resistance_Ohm, 1 / k) as number })),
      selfDischarge_per_s: 1e-7,
    },
    thermal: { heatCapacity_J_per_K: 90 * k, toAmbient_W_per_K: 0.25 * k },
    tick_s: 0.5,
    duration_s: 600,
    pack: {
      series: 3,
      initialSoc: 0.6,
      tab_Ohm: 0.001 / k,
      link_Ohm: 0.0005 / k,
      overrides: [{ group: 1, initialSoc: 0.8, capacity_Ah: 3.9 * k, seriesResistance_Ohm: 0.011 / k }],
    },
    harness: { bleed_Ohm: 2.75 / k },
    bms: {
      ...UNIT,
      settings: {
        batteryCapacity_Ah: 4 * k,
        // The unit's 1 A between storage and charge is absolute: here it makes no difference.
        balanceInCharge: true,
        balanceInDischarge: true,
        balanceInStorage: true,
        cellDifference_V: 1,
        lowSoc_fraction: 0,
        balanceStartVoltage_V: 3.2,
        overDischargeProtectionVoltage_V: 3.1,
        overDischargeReleaseVoltage_V: 3.2,
        overChargeProtectionVoltage_V: 3.45,
        overChargeReleaseVoltage_V: 3.4,
      },
    },
    source: [
      { charger: { current_A: 6 * k, voltage_V: 10.6, endCurrent_A: 0 }, until_s: 200 },
      { csv: 'p.csv', column: 'power_W', interpolation: 'linear', scale: k, from_s: 220 },
      { constantCurrent_A: -9 * k, from_s: 400 },
    ],
  });
  const files = { 'p.csv': csvOf('power_W', [[0, 20], [60, -40], [170, 10], [180, 0]]) }; // prettier-ignore

  it.each([2, 4, 0.5])('%d times: bit for bit', async (k) => {
    const [one, scaled] = [await traceOfGroups(scenario(1), 3, files), await traceOfGroups(scenario(k), 3, files)];
    expect(one.run.events.length).toBeGreaterThan(5);
    expect(firstDifference(scaled.groups.flat(), one.groups.flat())).toBeUndefined();
    expect(plain(scaled.run.events)).toEqual(plain(one.run.events));
  });

  it.each([3, 0.7])('%d times: to 1e-12', async (k) => {
    const [one, scaled] = [await traceOfGroups(scenario(1), 3, files), await traceOfGroups(scenario(k), 3, files)];
    const deviations = scaled.groups.flatMap((values, group) => values.map((value, index) => value - one.groups[group][index]));
    expect(largest(deviations)).toBeLessThanOrEqual(1e-12);
    expect(plain(scaled.run.events)).toEqual(plain(one.run.events));
  });
});

describe('with all times longer and all charges and heat capacities larger, the same happens more slowly', () => {
  const slower = (table: unknown, a: number): number =>
    (typeof table === 'number'
      ? table * a
      : { ...(table as object), value: (table as { value: number[] }).value.map((entry) => entry * a) }) as number;
  const scenario = (a: number): ScenarioObject => ({
    cell: {
      ...CELL,
      capacity_Ah: 4 * a,
      rc: CELL.rc!.map((pair) => ({ ...pair, timeConstant_s: slower(pair.timeConstant_s, a) })),
      selfDischarge_per_s: 1e-7 / a,
    },
    thermal: { heatCapacity_J_per_K: 90 * a, toAmbient_W_per_K: 0.25 },
    tick_s: 0.5 * a,
    slowStep_ticks: 8,
    duration_s: 500 * a,
    pack: { series: 2, initialSoc: 0.6, overrides: [{ group: 1, initialSoc: 0.8 }] },
    bms: {
      ...UNIT,
      period_ticks: 2,
      settings: {
        batteryCapacity_Ah: 4 * a,
        cutOffDelay_s: 4 * a,
        overChargeProtectionVoltage_V: 3.45,
        overChargeReleaseVoltage_V: 3.42,
        temperatureAlarm: false,
      },
    },
    source: [
      { charger: { current_A: 6, voltage_V: 7, endCurrent_A: 0.1 }, until_s: 150 * a },
      { csv: 'p.csv', column: 'current_A', interpolation: 'linear', from_s: 160 * a },
    ],
  });
  const files = (a: number) => ({ 'p.csv': csvOf('current_A', [[0, 0], [40 * a, -9], [200 * a, 7], [330 * a, -3]]) }); // prettier-ignore

  it.each([2, 8, 0.5])('%d times: bit for bit', async (a) => {
    const [one, scaled] = [await traceOfGroups(scenario(1), 2, files(1)), await traceOfGroups(scenario(a), 2, files(a))];
    expect(one.run.events.length).toBeGreaterThan(5);
    expect(firstDifference(scaled.groups.flat(), one.groups.flat())).toBeUndefined();
    expect(firstDifference(scaled.pack, one.pack)).toBeUndefined();
    expect(plain(scaled.run.events, a)).toEqual(plain(one.run.events));
  });
});

it('a run knows nothing of its name: two names, one result', async () => {
  const scenario: ScenarioObject = { cell: CELL, thermal: THERMAL, duration_s: 60, source: { constantCurrent_A: -3 } };
  const [a, b] = [await finishedRun({ ...scenario, name: 'a' }), await finishedRun({ ...scenario, name: 'b' })];
  expect((await a.result()).resultHash).toBe((await b.result()).resultHash);
  expect(a.loaded.hash).not.toBe(b.loaded.hash);
});
