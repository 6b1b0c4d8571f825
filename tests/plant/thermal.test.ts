/**
 * Heat against formulas: what a constant power does, what ambient does, and what moves when ambient moves.
 */
import { describe, expect, it } from 'vitest';
import { constantCell, everyTick, finishedRun, openRun, type ScenarioObject } from '../scenarios.ts';
import { largest } from './formulas.ts';

const HEAT = { heatCapacity_J_per_K: 950, toAmbient_W_per_K: 1.3 };
const R0_OHM = 0.004;
const CURRENT_A = -40;
const flat = constantCell({ ocv: { soc: [0, 1], voltage_V: [3.3, 3.3] }, capacity_Ah: 280, seriesResistance_Ohm: R0_OHM });

describe('a cell under constant heat warms along its exponential to 1e-10 K', () => {
  it.each([
    ['every tick', 1, 1],
    ['every 16 ticks', 1, 16],
    ['in ticks of a minute', 60, 1],
  ])('%s', async (_, tick_s, slowStep_ticks) => {
    const run = await openRun({
      cell: flat,
      thermal: { ...HEAT, initialTemperature_degC: 18 },
      ambient_degC: 10,
      tick_s,
      slowStep_ticks,
      duration_s: 9600,
      source: { constantCurrent_A: CURRENT_A },
    });
    const final_K = (R0_OHM * CURRENT_A * CURRENT_A) / HEAT.toAmbient_W_per_K;
    const deviations: number[] = [];
    for (let time_s = 960; time_s <= 9600; time_s += 960) {
      run.advance(time_s / tick_s);
      const decay = Math.exp((-time_s * HEAT.toAmbient_W_per_K) / HEAT.heatCapacity_J_per_K);
      deviations.push(run.read('cell.temperature_degC[0][0]') - (10 + final_K + (8 - final_K) * decay));
    }
    expect(run.read('cell.temperature_degC[0][0]')).toBeGreaterThan(14.9);
    expect(largest(deviations)).toBeLessThanOrEqual(1e-10);
  });
});

it('the reversible heat of a slow charge is I T dOCV/dT to 1e-10', async () => {
  const [coefficient, current_A, duration_s] = [4e-4, 3, 3200];
  const run = await finishedRun({
    cell: constantCell({ ...flat, seriesResistance_Ohm: 0, entropicCoefficient: { soc: [0.5], value_V_per_K: [coefficient] } }),
    thermal: { heatCapacity_J_per_K: 1e6, toAmbient_W_per_K: 0 },
    ambient_degC: 30,
    tick_s: 1,
    slowStep_ticks: 1,
    duration_s,
    source: { constantCurrent_A: current_A },
  });
  // C dT/dt = I T k has the solution T = T0 exp(I k t / C) in kelvin.
  const rise_K = (30 + 273.15) * Math.expm1((current_A * coefficient * duration_s) / 1e6);
  expect(run.compiled.cells.heat_J.get(0)).toBe(0);
  expect(Math.abs(run.read('cell.temperature_degC[0][0]') - 30 - rise_K)).toBeLessThanOrEqual(1e-10);
  expect(Math.abs(run.compiled.cells.reversibleHeat_J.get(0) / (1e6 * rise_K) - 1)).toBeLessThanOrEqual(1e-8);
});

describe('where nothing depends on temperature, a warmer place makes every temperature warmer by as much', () => {
  const scenario = (shift_K: number): ScenarioObject => ({
    cell: constantCell({
      seriesResistance_Ohm: 0.01,
      rc: [{ resistance_Ohm: 0.008, timeConstant_s: 30 }],
      hysteresis: { soc: [0.5], voltage_V: [0.02], decay_ratio: 60 },
    }),
    thermal: { ...HEAT, initialTemperature_degC: 25 + shift_K },
    ambient_degC: 15 + shift_K,
    duration_s: 3000,
    pack: { series: 5, initialSoc: 0.6, overrides: [{ group: 2, seriesResistance_Ohm: 0.03 }] },
    source: [
      { constantCurrent_A: -12, until_s: 1500 },
      { constantCurrent_A: 9, from_s: 1700 },
    ],
    commands: [{ time_s: 800, set: 'ambient_degC', value: 21 + shift_K }],
  });

  it.each([-30, -7.3, 12.25, 40])('by %d K, to 1e-10 K', async (shift_K) => {
    const [here, there] = [await openRun(scenario(0)), await openRun(scenario(shift_K))];
    const deviations: number[] = [];
    const spread = new Set<number>();
    everyTick(here, (tick) => {
      there.advance(tick);
      for (let group = 0; group < 5; group++) {
        const [a, b] = [here, there].map((run) => run.compiled.cells.temperature_degC.get(group));
        deviations.push(b - a - shift_K);
        spread.add(a);
      }
    });
    expect(spread.size).toBeGreaterThan(300);
    expect(largest(deviations)).toBeLessThanOrEqual(1e-10);
  });
});
