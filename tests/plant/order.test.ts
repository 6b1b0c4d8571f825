/**
 * How fast the error falls when the tick is halved, for every integrator and every path by which parts act on each other.
 * The slow step comes every tick here, so that nothing but the tick itself is refined.
 */
import { describe, expect, it } from 'vitest';
import type { Run } from '../../engine/run.ts';
import { constantCell, csvOf, finishedRun, flatOcv, type ScenarioObject, tabled } from '../scenarios.ts';
import { observedOrder } from './formulas.ts';

interface Path {
  name: string;
  order: 1 | 2;
  longest_s: number;
  halvings?: number;
  scenario: (tick_s: number) => Omit<ScenarioObject, 'tick_s' | 'slowStep_ticks'>;
  value: (run: Run) => number;
  files?: Record<string, string>;
  /** The value without any error, where there is a formula for it. */
  exact?: number;
}

const HALVINGS = 5;
const cellValue = (name: string) => (run: Run) => run.read(`${name}[0][0]`);
const thermal = { heatCapacity_J_per_K: 80, toAmbient_W_per_K: 0.4 };
const heated = { thermal, source: { constantCurrent_A: -25 }, duration_s: 256, pack: { initialSoc: 0.8 } };
const overTemperature = (low: number, high: number) => ({ soc: [0.5], temperature_degC: [0, 60], value: [[low], [high]] });

/** A unit that measures every 8 s whatever the tick is. */
const unit = (tick_s: number, changes: object) => ({ model: '8T', chemistry: 'LiFe', period_ticks: 8 / tick_s, ...changes }) as const;

const SINE = csvOf(
  'current_A',
  Array.from({ length: 64 * 96 + 1 }, (_, index) => [index / 64, 6 * Math.sin((2 * Math.PI * index) / 64 / 60)]),
);

const PATHS: Path[] = [
  {
    name: 'self-discharge',
    order: 1,
    longest_s: 8,
    scenario: () => ({ cell: constantCell({ selfDischarge_per_s: 1e-3 }), duration_s: 1024, pack: { initialSoc: 0.9 } }),
    value: cellValue('cell.soc'),
    exact: 0.9 * Math.exp(-1.024),
  },
  {
    name: 'hysteresis under a constant current',
    order: 2,
    longest_s: 4,
    scenario: () => ({
      cell: constantCell({ ocv: flatOcv(3.3), hysteresis: { soc: [0.5], voltage_V: [0.05], decay_ratio: 100 } }),
      duration_s: 64,
      source: { constantCurrent_A: -10 },
    }),
    value: (run) => run.compiled.cells.hysteresis_V.get(0),
    exact: 0.05 * Math.expm1((-100 * 64) / 3600),
  },
  {
    name: 'an RC pair under a current that changes all the time',
    order: 2,
    longest_s: 4,
    files: { 'sine.csv': SINE },
    scenario: () => ({
      cell: constantCell({ rc: [{ resistance_Ohm: 0.01, timeConstant_s: 20 }] }),
      duration_s: 88,
      source: { csv: 'sine.csv', column: 'current_A', interpolation: 'linear' },
    }),
    value: (run) => run.compiled.cells.rc1_V.get(0),
  },
  {
    name: 'energy over a curved open-circuit voltage',
    order: 2,
    longest_s: 32,
    scenario: () => {
      const curve = tabled((soc) => 3 + 0.8 * soc - 0.5 * soc * soc + 0.6 * soc * soc * soc, 4097);
      return {
        cell: constantCell({ ocv: { soc: curve.soc, voltage_V: curve.value } }),
        duration_s: 1920,
        pack: { initialSoc: 0.1 },
        source: { constantCurrent_A: 15 },
      };
    },
    value: (run) => run.compiled.scalars.total.energyIn_Wh,
  },
  {
    name: 'R0 over state of charge',
    order: 1,
    longest_s: 8,
    scenario: () => ({
      cell: constantCell({ seriesResistance_Ohm: tabled((soc) => 0.01 + 0.05 * (1 - soc) * (1 - soc)) }),
      duration_s: 512,
      pack: { initialSoc: 0.8 },
      source: { constantCurrent_A: -30 },
    }),
    value: cellValue('cell.voltage_V'),
  },
  {
    name: 'R1 and tau1 over state of charge',
    order: 1,
    longest_s: 8,
    scenario: () => ({
      cell: constantCell({
        ocv: flatOcv(3.3),
        rc: [
          { resistance_Ohm: tabled((soc) => 0.01 + 0.05 * (1 - soc) * (1 - soc)), timeConstant_s: tabled((soc) => 20 + 60 * soc * soc) },
        ],
      }),
      duration_s: 512,
      pack: { initialSoc: 0.8 },
      source: { constantCurrent_A: -30 },
    }),
    value: (run) => run.compiled.cells.rc1_V.get(0),
  },
  {
    name: 'heat into temperature into R0 and back',
    order: 1,
    longest_s: 4,
    scenario: () => ({ ...heated, cell: constantCell({ seriesResistance_Ohm: overTemperature(0.06, 0.004) }) }),
    value: cellValue('cell.temperature_degC'),
  },
  {
    name: 'temperature into an RC pair and its heat',
    order: 1,
    longest_s: 4,
    scenario: () => ({
      ...heated,
      cell: constantCell({ rc: [{ resistance_Ohm: overTemperature(0.06, 0.004), timeConstant_s: overTemperature(60, 20) }] }),
    }),
    value: (run) => run.compiled.cells.rc1_V.get(0),
  },
  {
    name: 'reversible heat and the entropic shift of the voltage',
    order: 1,
    longest_s: 4,
    scenario: () => {
      const curve = tabled((soc) => -3e-4 + 1.2e-3 * soc * soc);
      return { ...heated, cell: constantCell({ entropicCoefficient: { soc: curve.soc, value_V_per_K: curve.value } }) };
    },
    value: cellValue('cell.voltage_V'),
  },
  {
    name: 'a load of constant power',
    order: 1,
    longest_s: 8,
    files: { 'power.csv': csvOf('power_W', [[0, -60]]) },
    scenario: () => ({
      cell: constantCell({ rc: [{ resistance_Ohm: 0.01, timeConstant_s: 200 }] }),
      duration_s: 1024,
      pack: { initialSoc: 0.9 },
      source: { csv: 'power.csv', column: 'power_W', interpolation: 'previous' },
    }),
    value: cellValue('cell.soc'),
  },
  {
    name: 'a charger that holds its voltage',
    order: 1,
    longest_s: 2,
    scenario: () => ({
      cell: constantCell({ capacity_Ah: 1, seriesResistance_Ohm: 0.05 }),
      duration_s: 256,
      pack: { initialSoc: 0.5 },
      source: { charger: { current_A: 100, voltage_V: 3.7, endCurrent_A: 0 } },
    }),
    value: cellValue('cell.soc'),
    exact: 0.7 - 0.2 * Math.exp(-256 / (0.05 * 3600)),
  },
  {
    name: 'a bleed resistor',
    order: 2,
    longest_s: 8,
    halvings: 5,
    scenario: (tick_s) => ({
      cell: constantCell({ capacity_Ah: 0.1, seriesResistance_Ohm: 0, ocv: { soc: [0, 1], voltage_V: [2.6, 4.6] } }),
      duration_s: 128,
      pack: { series: 2, initialSoc: 0.5, overrides: [{ group: 0, initialSoc: 0.95 }] },
      bms: unit(tick_s, {
        consumption: 'none',
        settings: { balanceInStorage: true, temperatureAlarm: false, overChargeProtectionVoltage_V: 4.5 },
      }),
    }),
    value: cellValue('cell.soc'),
  },
  {
    name: 'the consumption of the unit',
    order: 1,
    longest_s: 8,
    scenario: (tick_s) => ({
      cell: constantCell({ capacity_Ah: 0.5, ocv: { soc: [0, 1], voltage_V: [2, 5] } }),
      duration_s: 512,
      pack: { series: 2, initialSoc: 0.6 },
      bms: unit(tick_s, { settings: { lowSoc_fraction: 0, batteryCapacity_Ah: 1000 } }),
    }),
    value: cellValue('cell.soc'),
  },
];

describe('the error of the model falls with the tick as its method promises, to 0.05 in the exponent', () => {
  it.each(PATHS)('$name: order $order', async ({ order, longest_s, scenario, value, files, exact, halvings = HALVINGS }) => {
    const ticks_s = Array.from({ length: halvings + 1 }, (_, index) => longest_s / 2 ** index);
    const values: number[] = [];
    for (const tick_s of ticks_s) {
      const run = await finishedRun({ ...scenario(tick_s), tick_s, slowStep_ticks: 1 }, { files });
      expect(run.status).toBe('completed');
      values.push(value(run));
    }
    const steps = exact === undefined ? ticks_s.slice(0, -1) : ticks_s;
    const errors = steps.map((_, index) => values[index] - (exact ?? values[index + 1]));
    expect(steps.length).toBeGreaterThan(4);
    expect(Math.min(...errors.map(Math.abs))).toBeGreaterThan(1e-12);
    expect(Math.abs(observedOrder(steps, errors) - order)).toBeLessThanOrEqual(0.05);
  });
});
