/**
 * Parameters of every cell at its temperature and charge in plain JavaScript: the second part of the slow step.
 * It differs from the kernel in one thing only: the exponentials are the host's.
 *
 * Equations in docs/model.md: parameter tables (8), held RC coefficients (9), entropic shift (10).
 */
import type { Axis, State } from './state.ts';
import { decayed } from './thermal.ts';

const REFERENCE_DEGC = 25;
const VALUES_PER_NODE = 8;

/** The search begins where it ended last. */
function bracket({ knots }: Axis, x: number, start: number): number {
  const last = knots.length - 2;
  let index = start;
  while (index > 0 && x < knots[index]!) index--;
  while (index < last && x >= knots[index + 1]!) index++;
  return index;
}

function fraction({ knots, inverses }: Axis, index: number, x: number): number {
  if (knots.length < 2) return 0;
  return Math.min(Math.max((x - knots[index]!) * inverses[index]!, 0), 1);
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
  const { cells, nodes, socAxis, temperatureAxis, groupCount } = state;
  const { soc, temperature_degC, chargeResistance_Ohm, dischargeResistance_Ohm, chargeFactor_ratio, dischargeFactor_ratio } = cells;
  const { rc1Resistance_Ohm, rc1Factor_ratio, rc1Time_s, rc1TimeFactor_ratio } = cells;
  const { rc2Resistance_Ohm, rc2Factor_ratio, rc2Time_s, rc2TimeFactor_ratio, entropic_V_per_K, hysteresisLimit_V } = cells;
  const { socKnot, temperatureKnot } = cells;
  const socCount = socAxis.knots.length;
  const right = socCount > 1 ? VALUES_PER_NODE : 0;
  const above = temperatureAxis.knots.length > 1 ? socCount * VALUES_PER_NODE : 0;
  for (let i = 0; i < groupCount; i++) {
    const s = bracket(socAxis, soc[i]!, socKnot[i]!);
    const t = bracket(temperatureAxis, temperature_degC[i]!, temperatureKnot[i]!);
    socKnot[i] = s;
    temperatureKnot[i] = t;
    const along = fraction(socAxis, s, soc[i]!);
    const up = fraction(temperatureAxis, t, temperature_degC[i]!);
    const a = (t * socCount + s) * VALUES_PER_NODE;
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
  step: Float64Array;
  taken: Float64Array;
  mean: Float64Array;
  meanHeat_J_per_V2: Float64Array;
  spreadHeat_J_per_V2: Float64Array;
}

/** A pair below it drops nothing. */
const LEAST_OHM = 1e-30;

/** Equation (9): what one tick does to an RC pair, from x = dt / tau. */
function hold(pair: Pair, dt: number, count: number): void {
  const { resistance_Ohm, time_s, step, taken, mean, meanHeat_J_per_V2, spreadHeat_J_per_V2 } = pair;
  const perTick = 1 / dt;
  for (let i = 0; i < count; i++) {
    const resistance = resistance_Ohm[i]!;
    const x = dt / time_s[i]!;
    const stepped = decayed(x);
    const meant = stepped * (time_s[i]! * perTick);
    const square = meant * 0.5 * (2 - stepped);
    const spread = x > 1e-3 ? Math.max(square - meant * meant, 0) : x * x * ((1 / 12) * (1 - x));
    const heat = resistance > LEAST_OHM ? dt / resistance : 0;
    step[i] = stepped;
    const large = (x * x) / (1 + x * x);
    taken[i] = 1 - meant + large * (stepped - (1 - meant));
    mean[i] = meant;
    meanHeat_J_per_V2[i] = heat;
    spreadHeat_J_per_V2[i] = heat * spread;
  }
}

function holdPairs({ cells, run, groupCount }: State): void {
  hold(
    {
      resistance_Ohm: cells.rc1Resistance_Ohm,
      time_s: cells.rc1Time_s,
      step: cells.rc1Step,
      taken: cells.rc1Taken,
      mean: cells.rc1Mean,
      meanHeat_J_per_V2: cells.rc1MeanHeat_J_per_V2,
      spreadHeat_J_per_V2: cells.rc1SpreadHeat_J_per_V2,
    },
    run.tick_s,
    groupCount,
  );
  hold(
    {
      resistance_Ohm: cells.rc2Resistance_Ohm,
      time_s: cells.rc2Time_s,
      step: cells.rc2Step,
      taken: cells.rc2Taken,
      mean: cells.rc2Mean,
      meanHeat_J_per_V2: cells.rc2MeanHeat_J_per_V2,
      spreadHeat_J_per_V2: cells.rc2SpreadHeat_J_per_V2,
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
