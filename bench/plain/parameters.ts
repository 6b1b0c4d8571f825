/**
 * The slow step in plain JavaScript: heat balance, then every parameter at the new temperature and charge.
 * It differs from the kernel in one thing only: the exponentials are the host's.
 *
 * Equations in docs/model.md: heat balance (7), parameter tables (8), held RC coefficients (9), entropic shift (10).
 */
import type { State } from './state.ts';

const LONGEST_DECAY = 700;
const REFERENCE_DEGC = 25;
const KELVIN = 273.15;
const VALUES_PER_NODE = 8;

/** Equation (7): C dT/dt = P - G (T - ambient) with P constant over the slow step, solved exactly. */
function warm({ cells, pack, run, groupCount }: State): void {
  const { temperature_degC, movedCharge_C, slowCharge_C, entropic_V_per_K, heat_J, slowHeat_J } = cells;
  const { heatCapacity_J_per_K, toAmbient_W_per_K, lostHeat_J, reversibleHeat_J, coldest_degC, hottest_degC } = cells;
  const seconds = run.slow_s;
  const ambient = pack.ambient_degC;
  const isothermal = run.isothermal !== 0;
  for (let i = 0; i < groupCount; i++) {
    const before = temperature_degC[i]!;
    let after = ambient;
    if (!isothermal) {
      const reversible = (movedCharge_C[i]! - slowCharge_C[i]!) * (before + KELVIN) * entropic_V_per_K[i]!;
      const heat = heat_J[i]! - slowHeat_J[i]! + reversible;
      const capacity = heatCapacity_J_per_K[i]!;
      const x = (toAmbient_W_per_K[i]! * seconds) / capacity;
      const share = x > 0 ? -Math.expm1(-x) / x : 1;
      const rise = share * (heat / capacity - x * (before - ambient));
      after = before + rise;
      lostHeat_J[i]! += heat - capacity * rise;
      reversibleHeat_J[i]! += reversible;
    }
    temperature_degC[i] = after;
    if (after < coldest_degC[i]!) coldest_degC[i] = after;
    if (after > hottest_degC[i]!) hottest_degC[i] = after;
  }
}

function bracket(knots: Float64Array, x: number): number {
  const last = knots.length - 2;
  let index = 0;
  while (index < last && x >= knots[index + 1]!) index++;
  return index;
}

function fraction(knots: Float64Array, index: number, x: number): number {
  if (knots.length < 2) return 0;
  const low = knots[index]!;
  return Math.min(Math.max((x - low) / (knots[index + 1]! - low), 0), 1);
}

function mix(a: number, b: number, along: number): number {
  return a + along * (b - a);
}

function bilinear(nodes: Float64Array, at: number, right: number, above: number, along: number, up: number): number {
  const low = mix(nodes[at]!, nodes[at + right]!, along);
  const high = mix(nodes[at + above]!, nodes[at + above + right]!, along);
  return mix(low, high, up);
}

/** Equation (8): bilinear in SOC and temperature, all eight parameters of a node at one place. */
function look(state: State): void {
  const { cells, nodes, socKnots, temperatureKnots, groupCount } = state;
  const { soc, temperature_degC, chargeResistance_Ohm, dischargeResistance_Ohm, chargeFactor_ratio, dischargeFactor_ratio } = cells;
  const { rc1Resistance_Ohm, rc1Factor_ratio, rc1Time_s, rc1TimeFactor_ratio } = cells;
  const { rc2Resistance_Ohm, rc2Factor_ratio, rc2Time_s, rc2TimeFactor_ratio, entropic_V_per_K, hysteresisLimit_V } = cells;
  const right = socKnots.length > 1 ? VALUES_PER_NODE : 0;
  const above = temperatureKnots.length > 1 ? socKnots.length * VALUES_PER_NODE : 0;
  for (let i = 0; i < groupCount; i++) {
    const s = bracket(socKnots, soc[i]!);
    const t = bracket(temperatureKnots, temperature_degC[i]!);
    const along = fraction(socKnots, s, soc[i]!);
    const up = fraction(temperatureKnots, t, temperature_degC[i]!);
    const a = (t * socKnots.length + s) * VALUES_PER_NODE;
    chargeResistance_Ohm[i] = bilinear(nodes, a + 0, right, above, along, up) * chargeFactor_ratio[i]!;
    dischargeResistance_Ohm[i] = bilinear(nodes, a + 1, right, above, along, up) * dischargeFactor_ratio[i]!;
    rc1Resistance_Ohm[i] = bilinear(nodes, a + 2, right, above, along, up) * rc1Factor_ratio[i]!;
    rc1Time_s[i] = bilinear(nodes, a + 3, right, above, along, up) * rc1TimeFactor_ratio[i]!;
    rc2Resistance_Ohm[i] = bilinear(nodes, a + 4, right, above, along, up) * rc2Factor_ratio[i]!;
    rc2Time_s[i] = bilinear(nodes, a + 5, right, above, along, up) * rc2TimeFactor_ratio[i]!;
    entropic_V_per_K[i] = bilinear(nodes, a + 6, right, above, along, up);
    hysteresisLimit_V[i] = bilinear(nodes, a + 7, right, above, along, up);
  }
}

interface Pair {
  resistance_Ohm: Float64Array;
  time_s: Float64Array;
  conductance_S: Float64Array;
  step: Float64Array;
  mean: Float64Array;
  spread_s: Float64Array;
}

/** Equation (9): what one tick does to an RC pair, from x = dt / tau. */
function hold({ resistance_Ohm, time_s, conductance_S, step, mean, spread_s }: Pair, dt: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const resistance = resistance_Ohm[i]!;
    const x = Math.min(dt / time_s[i]!, LONGEST_DECAY);
    const stepped = -Math.expm1(-x);
    const meant = stepped / x;
    const square = (stepped * (2 - stepped)) / (2 * x);
    const spread = x > 1e-3 ? Math.max(square - meant * meant, 0) : x * x * ((1 / 12) * (1 - x));
    conductance_S[i] = resistance > 0 ? 1 / resistance : 0;
    step[i] = stepped;
    mean[i] = meant;
    spread_s[i] = dt * spread;
  }
}

function holdPairs({ cells, run, groupCount }: State): void {
  hold(
    {
      resistance_Ohm: cells.rc1Resistance_Ohm,
      time_s: cells.rc1Time_s,
      conductance_S: cells.rc1Conductance_S,
      step: cells.rc1Step,
      mean: cells.rc1Mean,
      spread_s: cells.rc1Spread_s,
    },
    run.tick_s,
    groupCount,
  );
  hold(
    {
      resistance_Ohm: cells.rc2Resistance_Ohm,
      time_s: cells.rc2Time_s,
      conductance_S: cells.rc2Conductance_S,
      step: cells.rc2Step,
      mean: cells.rc2Mean,
      spread_s: cells.rc2Spread_s,
    },
    run.tick_s,
    groupCount,
  );
}

/** Equation (10), and what the next slow step counts from. */
function shift({ cells, groupCount }: State): void {
  const { temperature_degC, entropic_V_per_K, shift_V, heat_J, slowHeat_J, movedCharge_C, slowCharge_C } = cells;
  for (let i = 0; i < groupCount; i++) {
    shift_V[i] = entropic_V_per_K[i]! * (temperature_degC[i]! - REFERENCE_DEGC);
    slowHeat_J[i] = heat_J[i]!;
    slowCharge_C[i] = movedCharge_C[i]!;
  }
}

/** Counts the cells that enter or leave the range of their data. */
function watch({ cells, parameter, events, groupCount }: State): void {
  const { soc, temperature_degC, outside } = cells;
  const low = parameter.minimumTemperature_degC;
  const high = parameter.maximumTemperature_degC;
  for (let i = 0; i < groupCount; i++) {
    const is = soc[i]! < 0 || soc[i]! > 1 || temperature_degC[i]! < low || temperature_degC[i]! > high ? 1 : 0;
    if (is === outside[i]) continue;
    outside[i] = is;
    events.total++;
  }
}

export function stepThermalAndParameters(state: State): void {
  warm(state);
  look(state);
  watch(state);
  holdPairs(state);
  shift(state);
}
