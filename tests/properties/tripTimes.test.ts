/**
 * When a protection trips: at the root of a formula, and never later because something got worse.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventName } from '../../domain/events.ts';
import { SAMPLE, voltageOf } from '../plant/formulas.ts';
import { constantCell, eventsNamed, finishedRun, type ScenarioObject } from '../scenarios.ts';

const UNIT = { model: '8T', chemistry: 'LiPo', consumption: 'none' } as const;
const CONTROL_PERIOD_S = 1;

/** Time at which a rising function passes 0. */
function rootOf(f: (time_s: number) => number, until_s: number): number {
  let [low, high] = [0, until_s];
  if (!(f(low) < 0 && f(high) > 0)) throw new Error('no root');
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return high;
}

interface Crossing {
  name: string;
  event: EventName;
  scenario: ScenarioObject;
  /** Rises through 0 when the unit's reading first violates the limit. */
  beyond: (time_s: number) => number;
  delay_s: number;
}

const sample = constantCell({
  capacity_Ah: SAMPLE.capacity_Ah,
  ocv: { soc: [0, 1], voltage_V: [...SAMPLE.ocv_V] },
  seriesResistance_Ohm: SAMPLE.r0_Ohm,
  rc: [...SAMPLE.rc],
});
const under = (current_A: number) => (time_s: number) => voltageOf([{ from_s: 0, until_s: Infinity, current_A }], time_s, 0.1);
const HEAT = { heatCapacity_J_per_K: 60, toAmbient_W_per_K: 0.05 };
const settings = { batteryCapacity_Ah: SAMPLE.capacity_Ah, lowSoc_fraction: 0 };
const pack = { series: 3, initialSoc: SAMPLE.soc };
const base = { cell: sample, thermal: null, tick_s: 0.1, duration_s: 7200, pack };

const CROSSINGS: Crossing[] = [
  ...[1.1, 2.9, 6].map((current_A): Crossing => ({
    name: `over charge at ${current_A} A`,
    event: 'overCharge',
    delay_s: 5,
    scenario: { ...base, bms: { ...UNIT, settings: { ...settings, overChargeProtectionVoltage_V: 4, overChargeReleaseVoltage_V: 3.9 } }, source: { constantCurrent_A: current_A } }, // prettier-ignore
    // The converter rounds to 1 mV.
    beyond: (time_s) => under(current_A)(time_s) - 3.9995,
  })),
  ...[1.1, 2.9, 6].map((current_A): Crossing => ({
    name: `over discharge at ${current_A} A`,
    event: 'overDischarge',
    delay_s: 17,
    scenario: { ...base, bms: { ...UNIT, settings: { ...settings, overDischargeProtectionVoltage_V: 3.3, overDischargeReleaseVoltage_V: 3.4, cutOffDelay_s: 17 } }, source: { constantCurrent_A: -current_A } }, // prettier-ignore
    beyond: (time_s) => 3.3005 - under(-current_A)(time_s),
  })),
  ...[1.3, 2.9, 6.1].map((current_A): Crossing => ({
    name: `low state of charge at ${current_A} A`,
    event: 'lowSoc',
    delay_s: 5,
    scenario: { ...base, bms: { ...UNIT, settings: { ...settings, lowSoc_fraction: 0.4 } }, source: { constantCurrent_A: -current_A } },
    beyond: (time_s) => 0.4 - (SAMPLE.soc - (time_s * current_A) / (3600 * SAMPLE.capacity_Ah)),
  })),
  {
    name: 'high temperature',
    event: 'highTemperature',
    delay_s: 5,
    scenario: {
      ...base,
      cell: constantCell({ ocv: { soc: [0, 1], voltage_V: [3.7, 3.7] }, capacity_Ah: 1000, seriesResistance_Ohm: 0.01 }),
      thermal: HEAT,
      slowStep_ticks: 1,
      bms: { ...UNIT, settings: { ...settings, highTemperatureCutoff_degC: 45 } },
      source: { constantCurrent_A: 12 },
    },
    // T1 and T2 have steps of 0.1 degC, and the limit must be passed.
    beyond: (time_s) => 25 + (1.44 / 0.05) * -Math.expm1((-0.05 * time_s) / 60) - 45.05,
  },
  {
    name: 'a charger that ends at its end current',
    event: 'chargerEnded',
    delay_s: 0,
    scenario: {
      ...base,
      cell: constantCell({ capacity_Ah: 1, seriesResistance_Ohm: 0.05 }),
      pack: { series: 1, initialSoc: 0.5 },
      source: { charger: { current_A: 100, voltage_V: 3.7, endCurrent_A: 0.8 } },
    },
    // Held at 3.7 V the current falls from 4 A with R C, C = 3600 Q / (dOCV/ds).
    beyond: (time_s) => 0.8 - 4 * Math.exp(-time_s / (0.05 * 3600)),
  },
];

describe('a trip comes at the first sample after the root of the formula, and the delay later', () => {
  it.each(CROSSINGS)('$name', async ({ event, scenario, beyond, delay_s }) => {
    const run = await finishedRun(scenario, { until: event });
    expect(run.status).toBe('stopped');
    const root_s = rootOf(beyond, scenario.duration_s);
    expect(root_s).toBeGreaterThan(10);
    const late_s = eventsNamed(run, event)[0].time_s - delay_s - root_s;
    expect(late_s).toBeGreaterThanOrEqual(-1e-9);
    expect(late_s).toBeLessThanOrEqual(CONTROL_PERIOD_S);
  });
});

describe('what gets worse never makes a trip come later', () => {
  interface Worse {
    capacity_Ah: number;
    r0_Ohm: number;
    r1_Ohm: number;
    leak_per_s: number;
    current_A: number;
    limits: { low_V: number; high_V: number; hot_degC: number };
  }

  const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const mild: fc.Arbitrary<Worse> = fc.record({
    capacity_Ah: between(1.5, 4),
    r0_Ohm: between(0.001, 0.02),
    r1_Ohm: between(0.005, 0.04),
    leak_per_s: between(1e-5, 3e-4),
    current_A: between(1.2, 8),
    limits: fc.record({ low_V: between(3.1, 3.4), high_V: between(3.9, 4.2), hot_degC: fc.integer({ min: 28, max: 45 }) }),
  });

  /** Time of the first trip; Infinity where none comes. */
  async function tripTime(event: EventName, { capacity_Ah, r0_Ohm, r1_Ohm, leak_per_s, current_A, limits }: Worse): Promise<number> {
    const cell = constantCell({
      capacity_Ah,
      ocv: { soc: [0, 0.1, 0.9, 1], voltage_V: [3, 3.4, 3.9, 4.2] },
      seriesResistance_Ohm: r0_Ohm,
      rc: [{ resistance_Ohm: r1_Ohm, timeConstant_s: 40 }],
      selfDischarge_per_s: leak_per_s,
      thermal: { heatCapacity_J_per_K: 60, toAmbient_W_per_K: 0.05 },
    });
    const bms = {
      ...UNIT,
      settings: {
        lowSoc_fraction: 0,
        temperatureAlarm: event === 'highTemperature',
        overChargeProtectionVoltage_V: limits.high_V,
        overChargeReleaseVoltage_V: 3.8,
        overDischargeProtectionVoltage_V: limits.low_V,
        overDischargeReleaseVoltage_V: 3.5,
        highTemperatureCutoff_degC: limits.hot_degC,
      },
    };
    const constantCurrent_A = event === 'overCharge' ? current_A : -current_A;
    const scenario = { cell, tick_s: 1, duration_s: 4000, pack: { series: 2, initialSoc: 0.6 }, bms, source: { constantCurrent_A } };
    const run = await finishedRun(scenario, { until: event });
    return eventsNamed(run, event)[0]?.time_s ?? Infinity;
  }

  const factor = between(1, 3);
  it.each<[string, EventName, (mild: Worse, by: number) => Worse]>([
    ['more leakage, over discharge', 'overDischarge', (mild, by) => ({ ...mild, leak_per_s: mild.leak_per_s * by })],
    ['less capacity, over discharge', 'overDischarge', (mild, by) => ({ ...mild, capacity_Ah: mild.capacity_Ah / by })],
    ['more R0, over discharge', 'overDischarge', (mild, by) => ({ ...mild, r0_Ohm: mild.r0_Ohm * by })],
    ['more R1, over discharge', 'overDischarge', (mild, by) => ({ ...mild, r1_Ohm: mild.r1_Ohm * by })],
    ['more current, over discharge', 'overDischarge', (mild, by) => ({ ...mild, current_A: mild.current_A * by })],
    [
      'a higher limit, over discharge',
      'overDischarge',
      (mild, by) => ({ ...mild, limits: { ...mild.limits, low_V: mild.limits.low_V + 0.02 * by } }),
    ],
    ['less capacity, over charge', 'overCharge', (mild, by) => ({ ...mild, capacity_Ah: mild.capacity_Ah / by })],
    ['more R0, over charge', 'overCharge', (mild, by) => ({ ...mild, r0_Ohm: mild.r0_Ohm * by })],
    [
      'a lower limit, over charge',
      'overCharge',
      (mild, by) => ({ ...mild, limits: { ...mild.limits, high_V: mild.limits.high_V - 0.03 * by } }),
    ],
    ['more R0, high temperature', 'highTemperature', (mild, by) => ({ ...mild, r0_Ohm: mild.r0_Ohm * by })],
    ['a lower limit, high temperature', 'highTemperature', (mild, by) => ({ ...mild, limits: { ...mild.limits, hot_degC: Math.ceil(mild.limits.hot_degC - by) } })], // prettier-ignore
  ])('%s', async (_, event, worsened) => {
    let earlier = 0;
    await fc.assert(
      fc.asyncProperty(mild, factor, async (before, by) => {
        const [first, second] = [await tripTime(event, before), await tripTime(event, worsened(before, by))];
        if (second < first) earlier++;
        expect(second).toBeLessThanOrEqual(first);
      }),
      { seed: 26, numRuns: 25 },
    );
    expect(earlier).toBeGreaterThan(2);
  });
});
