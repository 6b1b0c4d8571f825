/**
 * Parameters of every cell at its temperature and charge in plain JavaScript: the second part of the slow step.
 * It differs from the kernel in one thing only: the exponentials are the host's.
 *
 * Equations in docs/model.md: parameter tables (8), held RC coefficients (9), entropic shift (10).
 */
import type { State } from './state.ts';
import { decayed } from './thermal.ts';

const REFERENCE_DEGC = 25;
const VALUES_PER_NODE = 8;

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
  taken: Float64Array;
  mean: Float64Array;
  spread_s: Float64Array;
}

/** A pair below it drops nothing. */
const LEAST_OHM = 1e-30;

/** Equation (9): what one tick does to an RC pair, from x = dt / tau. */
function hold({ resistance_Ohm, time_s, conductance_S, step, taken, mean, spread_s }: Pair, dt: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const resistance = resistance_Ohm[i]!;
    const x = dt / time_s[i]!;
    const stepped = decayed(x);
    const meant = stepped / x;
    const square = (stepped * (2 - stepped)) / (2 * x);
    const spread = x > 1e-3 ? Math.max(square - meant * meant, 0) : x * x * ((1 / 12) * (1 - x));
    conductance_S[i] = resistance > LEAST_OHM ? 1 / resistance : 0;
    step[i] = stepped;
    const large = (x * x) / (1 + x * x);
    taken[i] = 1 - meant + large * (stepped - (1 - meant));
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
      taken: cells.rc1Taken,
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
      taken: cells.rc2Taken,
      mean: cells.rc2Mean,
      spread_s: cells.rc2Spread_s,
    },
    run.tick_s,
    groupCount,
  );
}

/** Equation (10). */
function shift({ cells, groupCount }: State): void {
  const { temperature_degC, entropic_V_per_K, shift_V } = cells;
  for (let i = 0; i < groupCount; i++) shift_V[i] = entropic_V_per_K[i]! * (temperature_degC[i]! - REFERENCE_DEGC);
}

const INSIDE = 0;
const OUTSIDE_SOC = 1;
const OUTSIDE_TEMPERATURE = 2;

/** Counts the cells that enter or leave the range of their data; from one side to the other is both. */
function watch({ cells, parameter, events, groupCount }: State): void {
  const { soc, temperature_degC, outside } = cells;
  const low = parameter.minimumTemperature_degC;
  const high = parameter.maximumTemperature_degC;
  for (let i = 0; i < groupCount; i++) {
    const was = outside[i]!;
    let is = temperature_degC[i]! < low || temperature_degC[i]! > high ? OUTSIDE_TEMPERATURE : INSIDE;
    if (soc[i]! < 0 || soc[i]! > 1) is = OUTSIDE_SOC;
    if (is === was) continue;
    outside[i] = is;
    events.total += was !== INSIDE && is !== INSIDE ? 2 : 1;
  }
}

export function stepParameters(state: State): void {
  look(state);
  watch(state);
  holdPairs(state);
  shift(state);
}
