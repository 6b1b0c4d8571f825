/**
 * The battery gauge: what the unit believes of its state of charge, FAQ 3 and 4.
 * It counts what it displays, by the capacity it was told, and finds back to the truth as the FAQ says.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import type { RunResult } from '../../engine/result.ts';
import { runScenarios } from '../commandline/packbench.ts';
import { bench, firstEvent, reads, type SettingsFile, timesOf } from './bench.ts';

interface GaugeParts {
  current_A: number;
  from_s?: number;
  until_s?: number;
  duration_s?: number;
  settings?: SettingsFile;
  believed?: number;
  initialSoc?: number;
  /** OCV at SOC 0 and 1. */
  ocv_V?: [number, number];
  capacity_Ah?: number;
  efficiency_ratio?: number;
  second?: { constantCurrent_A: number; from_s: number; until_s: number };
}

/** 4S of a cell with a straight OCV curve and no resistance; the unit believes `believed` at the start. */
function gauge(parts: GaugeParts): ScenarioFile {
  const { current_A, from_s = 0, until_s, duration_s = 1000, initialSoc = 0.6, ocv_V = [3.0, 3.5], capacity_Ah = 1 } = parts;
  return {
    formatVersion: 1,
    name: 'gauge',
    duration_s,
    tick_s: 1,
    thermal: null,
    cells: {
      straight: {
        capacity_Ah,
        ocv: { soc: [0, 1], voltage_V: ocv_V },
        seriesResistance_Ohm: 0,
        ...(parts.efficiency_ratio === undefined ? {} : { coulombicEfficiency_ratio: parts.efficiency_ratio }),
      },
    },
    pack: { series: 4, cell: 'straight', initialSoc },
    bms: {
      model: '8T',
      chemistry: 'LiFe',
      consumption: 'none',
      settings: { batteryCapacity_Ah: capacity_Ah, lowSoc_fraction: 0, ...parts.settings },
      ...(parts.believed === undefined ? {} : { initialSoc: parts.believed }),
    },
    source: [
      { constantCurrent_A: current_A, from_s, ...(until_s === undefined ? {} : { until_s }) },
      ...(parts.second === undefined ? [] : [parts.second]),
    ],
  };
}

const estimateOf = (result: RunResult) => result.indicators['finalEstimate_soc']!;
const truthOf = (result: RunResult) => result.indicators['finalSocMean_soc']!;

describe('counting', () => {
  const scenarios = {
    'capacity set right': gauge({ current_A: -2, capacity_Ah: 10 }),
    'capacity set to half': gauge({ current_A: -2, capacity_Ah: 10, settings: { batteryCapacity_Ah: 5 } }),
    'capacity set to double': gauge({ current_A: -2, capacity_Ah: 10, settings: { batteryCapacity_Ah: 20 } }),
    '1.04 A': gauge({ current_A: -1.04, capacity_Ah: 10 }),
    '0.04 A': gauge({ current_A: -0.04, capacity_Ah: 10 }),
    'charging at 90 % efficiency': gauge({ current_A: 2, capacity_Ah: 10, efficiency_ratio: 0.9 }),
    'a shunt that reads 20 % more': { ...gauge({ current_A: -2, capacity_Ah: 10 }) },
    full: bench({ commands: reads.cell(30, 2, 3.65) }),
    empty: bench({ settings: { lowSoc_fraction: 0 }, commands: reads.cell(30, 2, 2.5) }),
    'nearly full': bench({ commands: reads.cell(30, 2, 3.649) }),
  };
  scenarios['a shunt that reads 20 % more'].bms!.sensing = { current: { gain_ratio: 1.2 } };
  let results: Record<keyof typeof scenarios, RunResult>;
  beforeAll(async () => {
    results = await runScenarios(scenarios);
  });

  it.each([
    ['capacity set right', -1],
    ['capacity set to half', -2],
    ['capacity set to double', -0.5],
    ['a shunt that reads 20 % more', -1.2],
    ['charging at 90 % efficiency', 0.9],
  ] as const)('%s: the gauge moves %f times 2 A s over 10 Ah, FAQ 4a', (name, slope) => {
    expect(estimateOf(results[name]) - 0.6).toBeCloseTo((slope * 2 * 1000) / 36_000, 9);
  });

  it('set right and without losses the gauge keeps to the truth', () => {
    expect(estimateOf(results['capacity set right'])).toBeCloseTo(truthOf(results['capacity set right']), 9);
  });

  it('1.04 A are counted as the 1.0 A that are displayed, 0.04 A as nothing', () => {
    expect(estimateOf(results['1.04 A'])).toBeCloseTo(0.6 - 1000 / 36_000, 9);
    expect(estimateOf(results['0.04 A'])).toBe(0.6);
    expect(truthOf(results['0.04 A'])).toBeLessThan(0.6);
  });

  it('at Over charge P the gauge is full, at Over discharge P empty, just before neither', () => {
    expect(estimateOf(results.full)).toBe(1);
    expect(estimateOf(results.empty)).toBe(0);
    expect(estimateOf(results['nearly full'])).toBe(0.5);
  });
});

describe('calibration after a swing, FAQ 4b and 4c', () => {
  // 3 A on 1 Ah: 300 s are a quarter of the rated capacity. From 10 s on, so the segment ends at 310 s.
  const swing = (parts: Partial<GaugeParts>) =>
    gauge({ current_A: -3, from_s: 10, until_s: 310, duration_s: 400, believed: 0.9, ...parts });
  const scenarios = {
    '25 % out': swing({}),
    '24 % out': swing({ until_s: 298 }),
    '26 % out': swing({ until_s: 322 }),
    '25 % in': swing({ current_A: 3, believed: 0.3 }),
    '25 % of 10 Ah by 10 A': swing({ current_A: -10, until_s: 910, capacity_Ah: 10, duration_s: 1000 }),
    '25 % of the set capacity': swing({ settings: { batteryCapacity_Ah: 2 } }),
    '26 % at 2.1 mV a percent': swing({ until_s: 322, ocv_V: [3.2, 3.41] }),
    '26 % at 1.9 mV a percent': swing({ until_s: 322, ocv_V: [3.2, 3.39] }),
    '15 % and 15 % after a rest': swing({ until_s: 190, second: { constantCurrent_A: -3, from_s: 200, until_s: 380 }, duration_s: 500 }),
    '15 % out and 15 % in': swing({ until_s: 190, second: { constantCurrent_A: 3, from_s: 190, until_s: 370 }, duration_s: 500 }),
    'rest too short': swing({ until_s: 322, second: { constantCurrent_A: -1, from_s: 370, until_s: 376 } }),
    'no rest': swing({ until_s: 322, duration_s: 370 }),
  };
  let results: Record<keyof typeof scenarios, RunResult>;
  beforeAll(async () => {
    results = await runScenarios(scenarios);
  });

  it.each([
    ['25 % out', 310],
    ['26 % out', 322],
    ['25 % in', 310],
    ['25 % of 10 Ah by 10 A', 910],
    ['26 % at 2.1 mV a percent', 322],
  ] as const)('%s: 60 s after the segment the gauge is at the truth again', (name, end_s) => {
    const calibrated = firstEvent(results[name], 'socCalibrated');
    expect(calibrated.time_s).toBeGreaterThanOrEqual(end_s + 60);
    expect(calibrated.time_s).toBeLessThanOrEqual(end_s + 61);
    expect(calibrated.faq).toEqual(['4c']);
    expect(Math.abs(estimateOf(results[name]) - truthOf(results[name]))).toBeLessThan(0.004);
    expect(calibrated.value).toBeCloseTo(estimateOf(results[name]), 9);
    expect(calibrated.trueValue).toBeCloseTo(truthOf(results[name]), 9);
  });

  it.each<[keyof typeof scenarios, string]>([
    ['24 % out', 'too little'],
    ['25 % of the set capacity', 'half of what the unit was told'],
    ['26 % at 1.9 mV a percent', 'the curve is too flat to tell'],
    ['15 % and 15 % after a rest', 'not one segment'],
    ['15 % out and 15 % in', 'not one way'],
    ['rest too short', 'the voltage had no rest'],
    ['no rest', 'the run ends 48 s after the segment'],
  ])('%s: the gauge stays wrong (%s)', (name) => {
    expect(timesOf(results[name], 'socCalibrated')).toEqual([]);
    expect(Math.abs(estimateOf(results[name]) - truthOf(results[name]))).toBeGreaterThan(0.1);
  });
});
