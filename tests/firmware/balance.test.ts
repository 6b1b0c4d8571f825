/**
 * Passive balancing, FAQ 6: when it starts, which cells bleed, how much, and when it stops.
 * The cells have huge capacities and a straight OCV curve of 3.30 to 3.50 V, so a cell rests where its SOC puts it.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import type { RunResult } from '../../engine/result.ts';
import { runScenarios, runWithCsv } from '../commandline/packbench.ts';
import { firstEvent, type SettingsFile, timesOf } from './bench.ts';

const BLEED_OHM = 2.75;
/** 50 ms of each second are a pause for the measurement. */
const DUTY = 0.95;

interface BalanceParts {
  cells_V: number[];
  settings: SettingsFile;
  current_A?: number;
  tick_s?: number;
  capacity_Ah?: number;
  seriesResistance_Ohm?: number;
  duration_s?: number;
  harness?: ScenarioFile['harness'];
  commands?: ScenarioFile['commands'];
}

function balancing(parts: BalanceParts): ScenarioFile {
  const { cells_V, settings, tick_s = 1, capacity_Ah = 10_000, seriesResistance_Ohm = 0, duration_s = 20 } = parts;
  return {
    formatVersion: 1,
    name: 'balancing',
    duration_s,
    tick_s,
    thermal: null,
    cells: { straight: { capacity_Ah, ocv: { soc: [0, 1], voltage_V: [3.3, 3.5] }, seriesResistance_Ohm } },
    pack: {
      series: cells_V.length,
      cell: 'straight',
      overrides: cells_V.map((voltage_V, group) => ({ group, initialSoc: Math.round((voltage_V - 3.3) * 5e6) / 1e6 })),
    },
    bms: { model: '8T', chemistry: 'LiFe', consumption: 'none', settings: { batteryCapacity_Ah: 1000, ...settings } },
    source: [{ constantCurrent_A: parts.current_A ?? 0 }],
    commands: parts.commands ?? [],
    ...(parts.harness === undefined ? {} : { harness: parts.harness }),
  };
}

const inStorage = { balanceInStorage: true };
const everywhere = { balanceInStorage: true, balanceInCharge: true, balanceInDischarge: true };
const uneven = [3.41, 3.42, 3.419, 3.45];
const bledIn = (result: RunResult) => result.indicators['bled_Ah']! > 0;

describe('which cells bleed, and how much', () => {
  let columns: Record<string, number[]>;
  let result: RunResult;
  beforeAll(async () => {
    ({ columns, result } = await runWithCsv(
      balancing({ cells_V: uneven, settings: inStorage, seriesResistance_Ohm: 0.01, tick_s: 1 }),
      'bleed.current_A,cell.current_A,measuredCell.voltage_V,cell.voltage_V',
    ));
  });
  const at = (name: string, time_s: number) => columns[name]![time_s]!;

  it('every cell at least 10 mV above the lowest bleeds; one that is 9 mV above does not', () => {
    const bleeding = uneven.map((_, group) => at(`bleed.current_A[${group}]`, 10) > 0);
    expect(bleeding).toEqual([false, true, false, true]);
  });

  it('the first sample orders it, so nothing bleeds before 1 s', () => {
    expect(at('bleed.current_A[3]', 0)).toBe(0);
    expect(at('bleed.current_A[3]', 1)).toBe(0);
    expect(at('bleed.current_A[3]', 2)).toBeGreaterThan(1);
    expect(firstEvent(result, 'balancing')).toMatchObject({ time_s: 1, cell: 3, limit: 0.01, faq: ['6d'] });
    expect(firstEvent(result, 'balancing').value).toBeCloseTo(0.04, 9);
  });

  it.each([1, 3])('group %i bleeds V / 2.75 Ohm for 0.95 of each second, out of its own cell', (group) => {
    const expected = (DUTY * uneven[group]!) / (BLEED_OHM + 0.01);
    expect(at(`bleed.current_A[${group}]`, 10)).toBeCloseTo(expected, 4);
    expect(at(`cell.current_A[${group}][0]`, 10)).toBeCloseTo(-expected, 4);
  });

  it('readings do not see the bleed: it pauses while the unit measures', () => {
    const readings = uneven.map((_, group) => at(`measuredCell.voltage_V[${group}]`, 15));
    expect(readings).toEqual(uneven);
  });
});

it('with ticks of 0.1 s the bleed flows fully in nine ticks and half in the tenth, and loads the cell meanwhile', async () => {
  const { columns } = await runWithCsv(
    balancing({ cells_V: uneven, settings: inStorage, tick_s: 0.1, seriesResistance_Ohm: 0.01, duration_s: 5 }),
    'bleed.current_A[3],cell.voltage_V[3][0],measuredCell.voltage_V[3]',
  );
  const bleed = columns['bleed.current_A[3]']!;
  const full = 3.45 / (BLEED_OHM + 0.01);
  const half = full / 2;
  for (let tick = 31; tick < 40; tick++) expect(bleed[tick]).toBeCloseTo(full, 4);
  expect(bleed[40]).toBeCloseTo(half, 4);
  expect(columns['cell.voltage_V[3][0]']![35]).toBeCloseTo(3.45 - 0.01 * full, 4);
  expect(columns['cell.voltage_V[3][0]']![40]).toBeCloseTo(3.45, 4);
  expect(columns['measuredCell.voltage_V[3]']![45]).toBe(3.45);
});

describe('when it balances', () => {
  const scenarios = {
    'storage OFF': balancing({ cells_V: uneven, settings: { balanceInCharge: true, balanceInDischarge: true } }),
    'storage ON': balancing({ cells_V: uneven, settings: inStorage }),
    '0.9 A counts as storage': balancing({ cells_V: uneven, settings: inStorage, current_A: 0.9 }),
    'charge OFF': balancing({ cells_V: uneven, settings: { balanceInStorage: true, balanceInDischarge: true }, current_A: 1 }),
    'charge ON': balancing({ cells_V: uneven, settings: { balanceInCharge: true }, current_A: 1 }),
    'discharge OFF': balancing({ cells_V: uneven, settings: { balanceInStorage: true, balanceInCharge: true }, current_A: -1 }),
    'discharge ON': balancing({ cells_V: uneven, settings: { balanceInDischarge: true }, current_A: -1 }),
    'lowest cell at the start voltage': balancing({ cells_V: [3.4, 3.45, 3.45, 3.45], settings: everywhere }),
    'lowest cell 1 mV above it': balancing({ cells_V: [3.401, 3.45, 3.45, 3.45], settings: everywhere }),
    'start voltage lowered': balancing({ cells_V: [3.36, 3.4, 3.4, 3.4], settings: { ...everywhere, balanceStartVoltage_V: 3.35 } }),
    'difference of 9 mV': balancing({ cells_V: [3.41, 3.419, 3.41, 3.41], settings: everywhere }),
    'difference of exactly 10 mV': balancing({ cells_V: [3.41, 3.42, 3.41, 3.41], settings: everywhere }),
    'difference set to 30 mV': balancing({
      cells_V: [3.41, 3.439, 3.41, 3.41],
      settings: { ...everywhere, balanceStartDifference_V: 0.03 },
    }),
    'no harness': balancing({ cells_V: uneven, settings: everywhere, harness: null }),
    'another bleed resistor': balancing({ cells_V: uneven, settings: everywhere, harness: { bleed_Ohm: 5.5 } }),
    'switched OFF meanwhile': balancing({
      cells_V: uneven,
      settings: inStorage,
      commands: [{ time_s: 10, set: 'bms.settings.balanceInStorage', value: false }],
    }),
    'unit switched off': balancing({ cells_V: uneven, settings: inStorage, commands: [{ time_s: 10, do: 'powerOff' }] }),
  };
  let results: Record<keyof typeof scenarios, RunResult>;
  beforeAll(async () => {
    results = await runScenarios(scenarios);
  });

  it.each<[keyof typeof scenarios, keyof typeof scenarios, string]>([
    ['storage ON', 'storage OFF', '6a'],
    ['charge ON', 'charge OFF', '6b'],
    ['discharge ON', 'discharge OFF', 'the same in discharge'],
  ])('%s bleeds, %s does not: FAQ %s', (on, off) => {
    expect([bledIn(results[on]), bledIn(results[off])]).toEqual([true, false]);
  });

  it.each([
    ['0.9 A counts as storage', true],
    ['lowest cell at the start voltage', false],
    ['lowest cell 1 mV above it', true],
    ['start voltage lowered', true],
    ['difference of 9 mV', false],
    ['difference of exactly 10 mV', true],
    ['difference set to 30 mV', false],
    ['no harness', false],
  ] as const)('%s: bleeds %s', (name, expected) => {
    expect(bledIn(results[name])).toBe(expected);
  });

  it('a bleed resistor of twice the value takes half the charge', () => {
    expect(results['another bleed resistor'].indicators['bled_Ah']! / results['storage ON'].indicators['bled_Ah']!).toBeCloseTo(0.5, 3);
  });

  it('switched OFF, by its setting or with the unit, it stops', () => {
    expect(timesOf(results['switched OFF meanwhile'], 'balancing', false)).toEqual([11]);
    expect(timesOf(results['unit switched off'], 'balancing', false)).toEqual([10]);
    const whole = results['storage ON'].indicators['bled_Ah']!;
    for (const name of ['switched OFF meanwhile', 'unit switched off'] as const)
      expect(results[name].indicators['bled_Ah']! / whole).toBeLessThan(0.6);
  });
});

it('balancing stops when the difference falls below the set one, and the bleed with it', async () => {
  // 1 Ah over 0.2 V: a bleed of 1.19 A moves the cell by 66 uV a second, 20 mV shrink to 9.5 mV in 159 s.
  const { columns, result } = await runWithCsv(
    balancing({ cells_V: [3.41, 3.43, 3.41, 3.41], settings: inStorage, capacity_Ah: 1, duration_s: 300 }),
    'bleed.current_A[1],measuredCell.voltage_V,cell.voltage_V[1][0]',
  );
  const stops = firstEvent(result, 'balancing', false);
  const rate_V_per_s = (0.2 / 3600) * (3.425 / BLEED_OHM) * DUTY;
  expect(Math.abs(stops.time_s - 0.0105 / rate_V_per_s)).toBeLessThan(8);
  expect(stops.value).toBeCloseTo(0.009, 9);
  const bleed = columns['bleed.current_A[1]']!;
  expect(bleed[stops.time_s]).toBeGreaterThan(1);
  expect(bleed.slice(stops.time_s + 1).every((current) => current === 0)).toBe(true);
});
