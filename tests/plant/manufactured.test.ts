/**
 * A solution chosen first and the cell and its current made for it: nonlinear R(SOC, T) with heat, hysteresis off.
 * State of charge rises along a logistic curve, an RC pair charges as its square and temperature with it.
 *
 * With s' = s (1 - s) / w the current is 3600 Q s'; R1 and R0 follow from u' = (R1 I - u) / tau and from the heat balance.
 * Both depend on temperature as well, in such a way that this changes nothing on the solution and everything beside it.
 */
import { expect, it } from 'vitest';
import { constantCell, csvOf, openRun, tabled } from '../scenarios.ts';
import { observedOrder } from './formulas.ts';

const CAPACITY_AH = 10;
const CHARGE_C = 3600 * CAPACITY_AH;
const WIDTH_S = 300;
const START = 0.2;
const POLARIZATION_V = 0.05;
const TAU_S = 50;
const AMBIENT_DEGC = 20;
const RISE_K = 20;
const HEAT = { heatCapacity_J_per_K: 80, toAmbient_W_per_K: 0.2 };
const DURATION_S = 768;
const AXIS_DEGC = [-20, 100];
/** Relative change for each kelvin beside the solution. */
const PER_KELVIN = { r0: -0.004, r1: 0.005, tau: 0.006 };

const solution = {
  soc: (time_s: number) => 1 / (1 + ((1 - START) / START) * Math.exp(-time_s / WIDTH_S)),
  pair_V: (soc: number) => POLARIZATION_V * Math.max(soc - START, 0) ** 2,
  temperature_degC: (soc: number) => AMBIENT_DEGC + RISE_K * (soc - START),
  current_A: (soc: number) => (CHARGE_C * soc * (1 - soc)) / WIDTH_S,
};

function pairResistance_Ohm(soc: number): number {
  const beyond = Math.max(soc - START, 0);
  const current_A = solution.current_A(soc);
  return current_A === 0 ? 0 : solution.pair_V(soc) / current_A + (TAU_S * 2 * POLARIZATION_V * beyond) / CHARGE_C;
}

function seriesResistance_Ohm(soc: number): number {
  const inRange = Math.min(Math.max(soc, START), 0.9);
  const current_A = solution.current_A(inRange);
  const warming_W = (HEAT.heatCapacity_J_per_K * RISE_K * current_A) / CHARGE_C;
  const lost_W = HEAT.toAmbient_W_per_K * RISE_K * (inRange - START);
  const pair_Ohm = pairResistance_Ohm(inRange);
  const pair_W = pair_Ohm === 0 ? 0 : solution.pair_V(inRange) ** 2 / pair_Ohm;
  return (warming_W + lost_W - pair_W) / (current_A * current_A);
}

/** A table over SOC and temperature that has the value of `f` on the solution and `slope` beside it. */
function around(f: (soc: number) => number, slope: number) {
  const { soc, value } = tabled(f, 2049);
  const row = (temperature: number) => value.map((v, index) => v * (1 + slope * (temperature - solution.temperature_degC(soc[index]))));
  return { soc, temperature_degC: AXIS_DEGC, value: AXIS_DEGC.map(row) };
}

const CELL = constantCell({
  capacity_Ah: CAPACITY_AH,
  seriesResistance_Ohm: around(seriesResistance_Ohm, PER_KELVIN.r0),
  rc: [{ resistance_Ohm: around(pairResistance_Ohm, PER_KELVIN.r1), timeConstant_s: around(() => TAU_S, PER_KELVIN.tau) }],
});
const PROFILE = csvOf(
  'current_A',
  Array.from({ length: DURATION_S * 8 + 1 }, (_, index) => [index / 8, solution.current_A(solution.soc(index / 8))]),
);

it('a cell made for a known solution comes closer to it with the first power of the tick, to 0.1 in the exponent', async () => {
  const ticks_s = [8, 4, 2, 1, 0.5, 0.25];
  const errors: { soc: number; pair_V: number; temperature_K: number }[] = [];
  for (const tick_s of ticks_s) {
    const run = await openRun(
      {
        cell: CELL,
        thermal: HEAT,
        ambient_degC: AMBIENT_DEGC,
        pack: { initialSoc: START },
        tick_s,
        slowStep_ticks: 1,
        duration_s: DURATION_S,
        source: { csv: 'current.csv', column: 'current_A', interpolation: 'linear' },
      },
      { files: { 'current.csv': PROFILE } },
    );
    run.advance();
    const soc = solution.soc(DURATION_S);
    errors.push({
      soc: run.read('cell.soc[0][0]') - soc,
      pair_V: run.compiled.cells.rc1_V.get(0) - solution.pair_V(soc),
      temperature_K: run.read('cell.temperature_degC[0][0]') - solution.temperature_degC(soc),
    });
  }
  expect(Math.abs(errors[0].soc)).toBeLessThanOrEqual(1e-7);
  for (const name of ['pair_V', 'temperature_K'] as const) {
    const column = errors.map((error) => error[name]);
    expect(Math.abs(column[5] / column[0])).toBeLessThan(0.05);
    expect(Math.abs(observedOrder(ticks_s, column) - 1)).toBeLessThanOrEqual(0.1);
  }
});
