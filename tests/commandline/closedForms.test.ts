/**
 * What a stranger would check first on a pack in series: closed forms worked out here, read from the CSV of the command line.
 */
import { describe, expect, it } from 'vitest';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import { runScenarios, runWithCsv } from './packbench.ts';

const EXACT_V = 1e-11;
const CELL = {
  capacity_Ah: 5,
  ocv: { soc: [0, 0.05, 1], voltage_V: [3.0, 3.3, 4.19] },
  seriesResistance_Ohm: 0.02,
  rc: [
    { resistance_Ohm: 0.008, timeConstant_s: 30 },
    { resistance_Ohm: 0.012, timeConstant_s: 600 },
  ],
};
const FLAT = { capacity_Ah: 5, ocv: { soc: [0, 1], voltage_V: [3.5, 3.5] }, seriesResistance_Ohm: 0.02 };
const ocv = (soc: number) => (soc < 0.05 ? 3 + 6 * soc : 3.3 + (0.89 / 0.95) * (soc - 0.05));

function bare(parts: Partial<ScenarioFile>): ScenarioFile {
  return {
    formatVersion: 1,
    name: 'closed form',
    duration_s: 600,
    tick_s: 0.1,
    cells: { mine: CELL, flat: FLAT },
    pack: { series: 4, cell: 'mine', initialSoc: 0.6 },
    thermal: null,
    bms: null,
    harness: null,
    ...parts,
  };
}

const largest = (values: number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

it('a constant current and its end: OCV, R0 and both RC pairs to 1e-11 V', async () => {
  const I = 7.5; // discharge
  const stop_s = 300;
  const { columns } = await runWithCsv(
    bare({ source: { constantCurrent_A: -I, until_s: stop_s } }),
    'time_s,cell.voltage_V[2][0],cell.soc[2][0]',
  );
  const errors = columns['time_s']!.map((t, row) => {
    const flowing = t === 0 || t <= stop_s + 1e-9;
    const soc = 0.6 - (I * Math.min(t, stop_s)) / (3600 * 5);
    const pairs = CELL.rc.reduce((sum, { resistance_Ohm: R, timeConstant_s: tau }) => {
      const charged = I * R * (1 - Math.exp(-Math.min(t, stop_s) / tau));
      return sum + (flowing ? charged : charged * Math.exp(-(t - stop_s) / tau));
    }, 0);
    return columns['cell.voltage_V[2][0]']![row]! - (ocv(soc) - (flowing ? I * 0.02 : 0) - pairs);
  });
  expect(largest(errors)).toBeLessThan(EXACT_V);
});

it('overrides: capacity, R0, start, tabs and pairs of single cells, and the links between groups', async () => {
  const I = 6;
  const scenario = bare({
    tick_s: 0.5,
    duration_s: 120,
    source: { constantCurrent_A: I },
    pack: {
      series: 4,
      cell: 'mine',
      initialSoc: 0.6,
      tab_Ohm: 0.002,
      link_Ohm: 0.0003,
      overrides: [
        { group: 0, capacity_Ah: 4.9, seriesResistance_Ohm: 0.022, initialSoc: 0.61 },
        { group: 3, tab_Ohm: 0.012 },
        { group: 2, rc: [{ resistance_Ohm: 0.01 }, { timeConstant_s: 300 }] },
      ],
    },
  });
  const { columns } = await runWithCsv(scenario, 'time_s,cell.voltage_V,group.voltage_V,afe.voltage_V,pack.voltage_V,cell.soc');
  const cell = (soc0: number, Q: number, R0: number, rc: [number, number][], t: number) =>
    ocv(soc0 + (I * t) / (3600 * Q)) + I * R0 + rc.reduce((sum, [R, tau]) => sum + I * R * (1 - Math.exp(-t / tau)), 0);
  const usual: [number, number][] = [
    [0.008, 30],
    [0.012, 600],
  ];
  columns['time_s']!.forEach((t, row) => {
    const at = (name: string) => columns[name]![row]!;
    const cells = [
      cell(0.61, 4.9, 0.022, usual, t),
      cell(0.6, 5, 0.02, usual, t),
      cell(0.6, 5, 0.02, [usual[0]!, usual[1]!].map(([R, tau], k) => (k === 0 ? [0.01, tau] : [R, 300])) as [number, number][], t),
      cell(0.6, 5, 0.02, usual, t),
    ];
    const groups = cells.map((voltage, g) => voltage + I * (g === 3 ? 0.012 : 0.002));
    cells.forEach((voltage, g) => expect(Math.abs(at(`cell.voltage_V[${g}][0]`) - voltage)).toBeLessThan(EXACT_V));
    groups.forEach((voltage, g) => expect(Math.abs(at(`group.voltage_V[${g}]`) - voltage)).toBeLessThan(EXACT_V));
    // Tap w is at group w - 1's plus terminal: the link lies inside the channel above it.
    groups.forEach((voltage, g) =>
      expect(Math.abs(at(`afe.voltage_V[${g}]`) - (voltage + (g > 0 ? I * 0.0003 : 0)))).toBeLessThan(EXACT_V),
    );
    const pack = groups.reduce((sum, voltage) => sum + voltage, 0) + 3 * I * 0.0003;
    expect(Math.abs(at('pack.voltage_V') - pack)).toBeLessThan(4 * EXACT_V);
  });
});

describe('a profile from CSV: the mean over each tick, however it is read between its rows', () => {
  // Rows that lie on tick ends, between them, several in one tick and far apart; the last value holds on.
  const rows: [number, number][] = [
    [0, -1],
    [1, -3],
    [1.25, 4],
    [1.5, -2],
    [4, -2],
    [7.3, 5],
    [8, 0],
  ];
  const text = ['time_s,current_A', ...rows.map((row) => row.join(','))].join('\n');

  const valueAt = {
    previous: (t: number) => rows.findLast(([time]) => time <= t)![1],
    next: (t: number) => (rows.find(([time]) => time > t) ?? rows.at(-1)!)[1],
    linear: (t: number) => {
      const after = rows.findIndex(([time]) => time > t);
      if (after < 0) return rows.at(-1)![1];
      const [t0, v0] = rows[after - 1]!;
      const [t1, v1] = rows[after]!;
      return v0 + ((v1 - v0) * (t - t0)) / (t1 - t0);
    },
  };
  /** Exact mean over [from, to]: every piece between rows is straight, so its middle is its mean. */
  const mean = (at: (t: number) => number, from: number, to: number) => {
    const cuts = [from, ...rows.map(([time]) => time).filter((time) => time > from && time < to), to];
    return cuts.slice(1).reduce((sum, end, index) => sum + at((cuts[index]! + end) / 2) * (end - cuts[index]!), 0) / (to - from);
  };

  it.each([
    ['previous', 1],
    ['next', 1],
    ['linear', 1],
    ['previous', 0.4],
    ['next', 0.4],
    ['linear', 0.4],
  ] as const)('%s, ticks of %f s', async (interpolation, tick_s) => {
    const scenario = bare({ tick_s, duration_s: 12, source: { csv: 'p.csv', column: 'current_A', interpolation } });
    const { columns } = await runWithCsv(scenario, 'time_s,pack.current_A,cell.soc[0][0]', { 'p.csv': text });
    const current = columns['pack.current_A']!;
    const errors = columns['time_s']!.slice(1).map((t, index) => current[index + 1]! - mean(valueAt[interpolation], t - tick_s, t));
    expect(largest(errors)).toBeLessThan(1e-9);
    expect(current[0]).toBe(interpolation === 'next' ? -3 : -1);
    const charge_C = current.slice(1).reduce((sum, value) => sum + value * tick_s, 0);
    expect(columns['cell.soc[0][0]']!.at(-1)).toBeCloseTo(0.6 + charge_C / (3600 * 5), 13);
  });

  it('scale, from_s and repeat', async () => {
    const { columns } = await runWithCsv(
      bare({
        tick_s: 1,
        duration_s: 30,
        source: { csv: 'p.csv', column: 'current_A', interpolation: 'previous', scale: -2, from_s: 5, repeat: true },
      }),
      'pack.current_A',
      { 'p.csv': text },
    );
    const expected = Array.from({ length: 30 }, (_, second) => {
      const t = second - 5;
      return t < 0 ? 0 : -2 * mean(valueAt.previous, t % 8, (t % 8) + 1);
    });
    expect(largest(columns['pack.current_A']!.slice(1).map((value, index) => value - expected[index]!))).toBeLessThan(1e-9);
  });

  it('a constant power through a plain resistance: the root that vanishes with the power', async () => {
    const power = -200;
    const { columns } = await runWithCsv(
      bare({ duration_s: 5, pack: { series: 4, cell: 'flat' }, source: { csv: 'p.csv', column: 'power_W', interpolation: 'previous' } }),
      'pack.current_A,pack.voltage_V',
      { 'p.csv': `time_s,power_W\n0,${power}\n` },
    );
    const [E, R] = [14, 0.08];
    const expected = (-E + Math.sqrt(E * E + 4 * R * power)) / (2 * R);
    for (const current of columns['pack.current_A']!) expect(Math.abs(current - expected)).toBeLessThan(1e-9);
    columns['pack.voltage_V']!.forEach((voltage, row) => expect(voltage * columns['pack.current_A']![row]!).toBeCloseTo(power, 8));
  });
});

it.each([
  [1, 1e-3],
  [0.1, 1e-4],
])('a charger with ticks of %f s: its current, then its voltage to %f V', async (tick_s, tolerance_V) => {
  // Each tick holds the voltage in its mean: at its end the pack is half a tick's rise further.
  const scenario = bare({
    duration_s: 600,
    tick_s,
    pack: { series: 4, cell: 'mine', initialSoc: 0.9 },
    source: { charger: { current_A: 2, voltage_V: 16.6, endCurrent_A: 0 } },
  });
  const { columns } = await runWithCsv(scenario, 'pack.current_A,pack.voltage_V');
  const voltage = columns['pack.voltage_V']!;
  const current = columns['pack.current_A']!;
  const first = current.findIndex((value, row) => row > 0 && value < 2);
  expect(first * tick_s).toBeGreaterThan(10);
  expect(current.slice(0, first).every((value) => value === 2)).toBe(true);
  expect(largest(voltage.slice(first + 1).map((value) => value - 16.6))).toBeLessThan(tolerance_V);
  expect(current.slice(first).every((value, index, all) => index === 0 || value <= all[index - 1]!)).toBe(true);
});

it('outside its table the OCV goes on with its end slope, the event says so once, and the run goes on', async () => {
  const scenario = bare({
    tick_s: 1,
    duration_s: 900,
    pack: { series: 2, cell: 'mine', initialSoc: 0.02 },
    source: { constantCurrent_A: -1 },
  });
  const { columns, result } = await runWithCsv(scenario, 'time_s,cell.voltage_V[1][0],cell.soc[1][0]');
  expect(result.status).toBe('completed');
  expect(result.events.map(({ code, cell, active }) => [code, cell, active])).toEqual([
    ['outsideCellData', 0, true],
    ['outsideCellData', 1, true],
  ]);
  expect(Math.abs(result.events[0]!.time_s - 360)).toBeLessThanOrEqual(17);
  const soc = 0.02 - 900 / (3600 * 5);
  const pairs = CELL.rc.reduce((sum, { resistance_Ohm: R, timeConstant_s: tau }) => sum + R * (1 - Math.exp(-900 / tau)), 0);
  expect(columns['cell.voltage_V[1][0]']!.at(-1)).toBeCloseTo(3 + 6 * soc - 0.02 - pairs, 11);
});

it('expectations at exact values: at least and at most include the limit, a window includes both ends', async () => {
  const flat = { series: 4, cell: 'flat' } as const;
  const source = { constantCurrent_A: 2, from_s: 10, until_s: 20 };
  const V = 3.5 + 2 * 0.02;
  const results = await runScenarios({
    met: bare({
      tick_s: 1,
      duration_s: 60,
      pack: flat,
      source,
      expect: [
        { channel: 'pack.current_A', atLeast: 2, atMost: 2, within_s: [11, 20] },
        { channel: 'pack.current_A', atLeast: 0, atMost: 0, within_s: [21, 60] },
        { channel: 'cell.voltage_V[0][0]', atMost: V },
        { event: 'outsideCellData', never: true },
      ],
    }),
    missed: bare({
      tick_s: 1,
      duration_s: 60,
      pack: flat,
      source,
      expect: [
        { channel: 'pack.current_A', atLeast: 2, within_s: [10, 20] },
        { channel: 'pack.current_A', atLeast: 2, within_s: [11, 21] },
        { channel: 'cell.voltage_V[0][0]', atMost: V - 1e-12 },
        { channel: 'pack.current_A', atLeast: 0, within_s: [61, 70] },
        { event: 'outsideCellData' },
      ],
    }),
  });
  expect(results.met.expectations.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass', 'pass']);
  expect(results.missed.expectations.map(({ status }) => status)).toEqual(['fail', 'fail', 'fail', 'fail', 'fail']);
});

it('losses: self-discharge and coulombic efficiency', async () => {
  const leak = 1e-6;
  const results = await runScenarios({
    resting: bare({
      tick_s: 60,
      duration_s: 86_400,
      cells: { mine: { ...FLAT, selfDischarge_per_s: leak } },
    }),
    charging: bare({
      tick_s: 1,
      duration_s: 3600,
      cells: { mine: { ...FLAT, coulombicEfficiency_ratio: 0.95 } },
      source: { constantCurrent_A: 1 },
    }),
  });
  expect(results.resting.indicators['finalSocMean_soc']).toBeCloseTo(0.6 * Math.exp(-leak * 86_400), 5);
  expect(results.charging.indicators['finalSocMean_soc']).toBeCloseTo(0.6 + 0.95 / 5, 12);
});

it('warmth: a cell at rest follows its ambient along the exponential', async () => {
  const scenario = bare({
    tick_s: 1,
    duration_s: 3200,
    ambient_degC: 10,
    thermal: { heatCapacity_J_per_K: 80, toAmbient_W_per_K: 0.1, initialTemperature_degC: 40 },
  });
  const { columns } = await runWithCsv(scenario, 'time_s,cell.temperature_degC[0][0]', {}, 16);
  columns['time_s']!.forEach((t, row) =>
    expect(columns['cell.temperature_degC[0][0]']![row]).toBeCloseTo(10 + 30 * Math.exp((-t * 0.1) / 80), 6),
  );
});
