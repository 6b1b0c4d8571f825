/**
 * Charging with real cells: the charger that ends by itself (FAQ 9g), and a charge that the unit ends (FAQ 9a).
 * All figures are closed forms of a cell with a straight OCV curve and a plain resistance.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import type { RunResult } from '../../engine/result.ts';
import { runScenarios, runWithCsv } from '../commandline/packbench.ts';
import { causesOf, firstEvent, logOf, timesOf } from './bench.ts';

// OCV = 3.2 V + 0.2 V * SOC, 1 Ah, 50 mOhm.
const CELL = { capacity_Ah: 1, ocv: { soc: [0, 1], voltage_V: [3.2, 3.4] }, seriesResistance_Ohm: 0.05 };
const SERIES = 4;
const TAU_s = (0.05 * 3600) / 0.2;

function pack(parts: Partial<ScenarioFile>): ScenarioFile {
  return {
    formatVersion: 1,
    name: 'charging',
    duration_s: 3600,
    tick_s: 1,
    thermal: null,
    cells: { straight: CELL },
    pack: { series: SERIES, cell: 'straight', initialSoc: 0.5 },
    bms: { model: '8T', chemistry: 'LiFe', consumption: 'none', settings: { batteryCapacity_Ah: 1 } },
    ...parts,
  };
}

describe('a charger that ends by itself', () => {
  // 1 A until 4 * (3.2 + 0.2 s + 0.05) = 13.56 V, at s = 0.7; then the current falls with tau to a tenth.
  const ccEnd_s = 0.2 * 3600;
  const end_s = ccEnd_s + TAU_s * Math.log(10);
  const charger = { charger: { current_A: 1, voltage_V: 13.56, endCurrent_A: 0.1 } };
  const scenario = pack({
    duration_s: 3400,
    source: [charger, { constantCurrent_A: -1, from_s: 2900, until_s: 3000 }],
    commands: [
      { time_s: 3100, do: 'sourceOff' },
      { time_s: 3200, do: 'sourceOn' },
    ],
    expect: [
      { channel: 'pack.current_A', atLeast: 1, atMost: 1, within_s: [1, 719] },
      { channel: 'pack.voltage_V', atMost: 13.5602 },
      { channel: 'pack.voltage_V', atLeast: 13.5598, within_s: [722, 2780] },
      { channel: 'pack.current_A', atLeast: 0, atMost: 0, within_s: [2801, 2900] },
      { channel: 'pack.current_A', atLeast: 0, atMost: 0, within_s: [3001, 3200] },
      { channel: 'pack.current_A', atLeast: 0.11, within_s: [3201, 3202] },
      { channel: 'relay.closed[0]', atLeast: 1 },
      { channel: 'relay.closed[1]', atLeast: 1 },
    ],
  });
  let result: RunResult;
  let current: number[];
  beforeAll(async () => {
    const answer = await runWithCsv(scenario, 'pack.current_A');
    result = answer.result;
    current = answer.columns['pack.current_A']!;
  });

  it('gives its current, then its voltage, ends, and gives again after it was off: every relay stays closed', () => {
    expect(result.expectations.filter(({ status }) => status === 'fail')).toEqual([]);
  });

  it('its current falls with R Q / slope = 900 s once the voltage stands', () => {
    for (const [from, to] of [
      [800, 1700],
      [1000, 2500],
    ] as const)
      expect(Math.abs(current[to]! / current[from]! / Math.exp(-(to - from) / TAU_s) - 1)).toBeLessThan(2e-3);
  });

  it('says so as FAQ 9g, at the end current, and that is no alarm', () => {
    const ended = firstEvent(result, 'chargerEnded');
    expect(Math.abs(ended.time_s - end_s)).toBeLessThan(3);
    expect(ended).toMatchObject({ cell: null, limit: 0.1, faq: ['9g'] });
    expect(ended.value).toBeLessThanOrEqual(0.1);
    expect(ended.value).toBeGreaterThan(0.0995);
    expect(causesOf(result)).toEqual([]);
  });

  it('does not begin again by itself when the pack is drawn down, only after it was switched off and on', () => {
    expect(timesOf(result, 'chargerEnded')[1] ?? Infinity).toBeGreaterThan(3200);
    const [again] = timesOf(result, 'chargerEnded', false);
    expect(again).toBeGreaterThanOrEqual(3100);
    expect(again).toBeLessThanOrEqual(3200);
  });
});

describe('a charge that the unit ends', () => {
  // P at 3.38 V: 3.2 + 0.2 s + 0.05 reaches it at s = 0.65, after 540 s of 1 A. R at 3.34 V: open, the cell rests at 3.331 V.
  const settings = { batteryCapacity_Ah: 1, overChargeProtectionVoltage_V: 3.38, overChargeReleaseVoltage_V: 3.34 };
  const bms = { model: '8T', chemistry: 'LiFe', consumption: 'none' } as const;
  const scenarios = {
    'one stop': pack({ duration_s: 700, source: { constantCurrent_A: 1 }, bms: { ...bms, settings } }),
    'held above R': pack({
      duration_s: 700,
      source: { constantCurrent_A: 1 },
      bms: { ...bms, settings: { ...settings, overChargeReleaseVoltage_V: 3.32 } },
    }),
    chatter: pack({
      duration_s: 700,
      source: { constantCurrent_A: -1 },
      pack: { series: SERIES, cell: 'straight', initialSoc: 0.5 },
      bms: {
        ...bms,
        settings: {
          batteryCapacity_Ah: 1,
          lowSoc_fraction: 0,
          overDischargeProtectionVoltage_V: 3.22,
          overDischargeReleaseVoltage_V: 3.25,
          cutOffDelay_s: 2,
        },
      },
    }),
  };
  let results: Record<keyof typeof scenarios, RunResult>;
  beforeAll(async () => {
    results = await runScenarios(scenarios);
  });

  it('trips one delay after the sample at which the cell truly reaches P, and measured and true voltage agree within a step', () => {
    const trip = firstEvent(results['one stop'], 'overCharge');
    expect(Math.abs(trip.time_s - 545)).toBeLessThanOrEqual(10); // the reading's 1 mV are 18 s of this charge
    expect(Math.abs(trip.value! - trip.trueValue!)).toBeLessThanOrEqual(0.0005 + 1e-9);
    expect(trip.value).toBeGreaterThanOrEqual(3.38);
  });

  it('with R above the resting voltage it charges again when the voltage has relaxed; with R below, it stays held as FAQ 9b', () => {
    expect(timesOf(results['one stop'], 'chargeRelayClosed').length).toBeGreaterThan(0);
    expect(timesOf(results['held above R'], 'chargeRelayClosed')).toEqual([]);
    expect(logOf(results['held above R']).at(-1)).toMatch(/overChargeHold Cell \d$/);
  });

  it('under load P and R too close together chatter, but no two moves come closer than the delay', () => {
    // 1 A through 50 mOhm: 3.30 - 0.05 = 3.25 V falls to 3.22 V in 540 s, rests at 3.27 V, over R at once.
    const moves = results.chatter.events.filter(({ code }) => code === 'dischargeRelayClosed').map(({ time_s }) => time_s);
    expect(moves.length).toBeGreaterThan(10);
    const gaps = moves.slice(1).map((time, index) => time - moves[index]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2);
  });
});
