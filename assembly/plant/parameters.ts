/**
 * Parameters of every cell at its temperature and charge.
 * Part of the slow step, every min(16 ticks, 16 s): what it writes is held until it runs again.
 *
 * Equations in docs/model.md: parameter tables (8), held RC coefficients (9), entropic shift (10).
 */
import { cell, eventCode, layout, parameter, run } from '../generated/layout';
import {
  add,
  anyOutside,
  decayed,
  div,
  half,
  maximum,
  minimum,
  mul,
  ONE,
  splat,
  splatAt,
  sub,
  whereGreater,
  wherePositive,
  wholeOf,
} from '../lane';
import { reportAt } from '../time/events';

const NODE_BYTES: usize = 64;
/** Interpolated nodes of the cells of a lane type, one after the other; no part of the state. */
const NODES: usize = memory.data(128, 16);
/** From a column of the first RC pair to the same of the second. */
const NEXT_PAIR: usize = <usize>(cell.rc2Step - cell.rc1Step);
const REFERENCE_DEGC: f64 = 25.0;
/** A pair below it drops nothing, and the reciprocal of what is smaller still would be no number. */
const LEAST_OHM: f64 = 1e-30;

function search(knots: usize, count: i32, x: f64, start: i32): i32 {
  let index = start;
  while (index > 0 && x < load<f64>(knots + ((<usize>index) << 3))) index--;
  while (index < count - 2 && x >= load<f64>(knots + ((<usize>index + 1) << 3))) index++;
  return index;
}

/** Index of the knot at or below x, at most count - 2; 0 for a single knot. Most often it is the one that it was last. */
@inline
function bracket(knots: usize, count: i32, x: f64, last: i32): i32 {
  const at = knots + ((<usize>last) << 3);
  return count < 2 || (x >= load<f64>(at) && x < load<f64>(at, 8)) ? last : search(knots, count, x, last);
}

/** How far x lies between knot `index` and the next, held at 0 and 1 outside the axis. Behind the knots stand the inverses of their distances. */
@inline
function fraction(knots: usize, count: i32, index: i32, x: f64): f64 {
  if (count < 2) return 0.0;
  const at = knots + ((<usize>index) << 3);
  return minimum<f64>(maximum<f64>((x - load<f64>(at)) * load<f64>(at + ((<usize>count) << 3)), 0.0), 1.0);
}

/** Equation (8): bilinear in SOC and temperature, all eight parameters of a node at once. */
function interpolate<T>(at: usize, node: usize): void {
  const soc = load<f64>(at, cell.soc);
  const temperature = load<f64>(at, cell.temperature_degC);
  const socKnots = <usize>load<i32>(parameter.socKnots);
  const socCount = load<i32>(parameter.socCount);
  const temperatureKnots = <usize>load<i32>(parameter.temperatureKnots);
  const temperatureCount = load<i32>(parameter.temperatureCount);
  const s = bracket(socKnots, socCount, soc, wholeOf(load<f64>(at, cell.socKnot)));
  const t = bracket(temperatureKnots, temperatureCount, temperature, wholeOf(load<f64>(at, cell.temperatureKnot)));
  store<f64>(at, <f64>s, cell.socKnot);
  store<f64>(at, <f64>t, cell.temperatureKnot);
  const along = splat<T>(fraction(socKnots, socCount, s, soc));
  const up = splat<T>(fraction(temperatureKnots, temperatureCount, t, temperature));
  const here = <usize>load<i32>(parameter.base) + <usize>(t * socCount + s) * NODE_BYTES;
  const right = here + (socCount > 1 ? NODE_BYTES : 0);
  const above = temperatureCount > 1 ? <usize>socCount * NODE_BYTES : 0;
  for (let k: usize = 0; k < NODE_BYTES; k += 4 * sizeof<T>()) {
    blend<T>(node + k, here + k, right + k, above, along, up);
    blend<T>(node + k + sizeof<T>(), here + k + sizeof<T>(), right + k + sizeof<T>(), above, along, up);
    blend<T>(node + k + 2 * sizeof<T>(), here + k + 2 * sizeof<T>(), right + k + 2 * sizeof<T>(), above, along, up);
    blend<T>(node + k + 3 * sizeof<T>(), here + k + 3 * sizeof<T>(), right + k + 3 * sizeof<T>(), above, along, up);
  }
}

@inline
function blend<T>(into: usize, here: usize, right: usize, above: usize, along: T, up: T): void {
  const low = mix<T>(load<T>(here), load<T>(right), along);
  const high = mix<T>(load<T>(here + above), load<T>(right + above), along);
  store<T>(into, mix<T>(low, high, up));
}

function mix<T>(a: T, b: T, along: T): T {
  return add<T>(a, mul<T>(along, sub<T>(b, a)));
}

/** One parameter of the cells of a lane type, from their nodes. */
@inline
function parameterOf<T>(k: usize): T {
  const node = NODES + (k << 3);
  if (isVector<T>()) return v128.load64_lane(node + NODE_BYTES, v128.load64_zero(node), 1);
  return load<T>(node);
}

function look<T>(at: usize): void {
  let node = NODES;
  for (let own = at; own < at + sizeof<T>(); own += 8, node += NODE_BYTES) interpolate<T>(own, node);
  store<T>(at, mul<T>(parameterOf<T>(0), load<T>(at, cell.chargeFactor_ratio)), cell.chargeResistance_Ohm);
  store<T>(at, mul<T>(parameterOf<T>(1), load<T>(at, cell.dischargeFactor_ratio)), cell.dischargeResistance_Ohm);
  store<T>(at, mul<T>(parameterOf<T>(2), load<T>(at, cell.rc1Factor_ratio)), cell.rc1Resistance_Ohm);
  store<T>(at, mul<T>(parameterOf<T>(3), load<T>(at, cell.rc1TimeFactor_ratio)), cell.rc1Time_s);
  store<T>(at, mul<T>(parameterOf<T>(4), load<T>(at, cell.rc2Factor_ratio)), cell.rc2Resistance_Ohm);
  store<T>(at, mul<T>(parameterOf<T>(5), load<T>(at, cell.rc2TimeFactor_ratio)), cell.rc2Time_s);
  store<T>(at, parameterOf<T>(6), cell.entropic_V_per_K);
  store<T>(at, parameterOf<T>(7), cell.hysteresisLimit_V);
}

/** Equation (9): what one tick does to the first RC pair behind `at`, from x = dt / tau. */
@inline
function hold<T>(at: usize, dt: T, perTick: T): void {
  const one = splatAt<T>(ONE);
  const resistance = load<T>(at, cell.rc1Resistance_Ohm);
  const time = load<T>(at, cell.rc1Time_s);
  const x = div<T>(dt, time);
  const inverse = mul<T>(time, perTick);
  const step = decayed<T>(x);
  const mean = mul<T>(step, inverse);
  const square = mul<T>(mul<T>(mean, half<T>()), sub<T>(splat<T>(2.0), step));
  const xx = mul<T>(x, x);
  const series = mul<T>(xx, mul<T>(splat<T>(1.0 / 12.0), sub<T>(one, x)));
  const spread = whereGreater<T>(x, splat<T>(1e-3), maximum<T>(sub<T>(square, mul<T>(mean, mean)), splat<T>(0.0)), series);
  const heat = wherePositive<T>(sub<T>(resistance, splat<T>(LEAST_OHM)), div<T>(dt, resistance));
  store<T>(at, step, cell.rc1Step);
  store<T>(at, mean, cell.rc1Mean);
  store<T>(at, heat, cell.rc1MeanHeat_J_per_V2);
  store<T>(at, mul<T>(heat, spread), cell.rc1SpreadHeat_J_per_V2);
  // What the solver sees of the pair: its mean over a small tick, its end over a large one, where the mean would ring.
  const large = div<T>(xx, add<T>(one, xx));
  const taken = sub<T>(one, mean);
  store<T>(at, add<T>(taken, mul<T>(large, sub<T>(step, taken))), cell.rc1Taken);
}

function refresh<T>(at: usize, dt: T, perTick: T): void {
  hold<T>(at, dt, perTick);
  hold<T>(at + NEXT_PAIR, dt, perTick);
  const end1 = mul<T>(load<T>(at, cell.rc1Resistance_Ohm), load<T>(at, cell.rc1Step));
  const end2 = mul<T>(load<T>(at, cell.rc2Resistance_Ohm), load<T>(at, cell.rc2Step));
  store<T>(at, add<T>(end1, end2), cell.pairsEnd_Ohm);
  // Equation (10): the entropic term moves the whole OCV curve.
  const away = sub<T>(load<T>(at, cell.temperature_degC), splat<T>(REFERENCE_DEGC));
  store<T>(at, mul<T>(load<T>(at, cell.entropic_V_per_K), away), cell.shift_V);
}

const INSIDE: f64 = 0.0;
const OUTSIDE_SOC: f64 = 1.0;
const OUTSIDE_TEMPERATURE: f64 = 2.0;

function whereIs(soc: f64, temperature: f64): f64 {
  if (soc < 0.0 || soc > 1.0) return OUTSIDE_SOC;
  const below = temperature < load<f64>(parameter.minimumTemperature_degC);
  return below || temperature > load<f64>(parameter.maximumTemperature_degC) ? OUTSIDE_TEMPERATURE : INSIDE;
}

/** Whether some of these cells is outside its data, or was; most never are. */
@inline
function mayBeOutside<T>(at: usize): bool {
  const zero = splat<T>(0.0);
  if (anyOutside<T>(load<T>(at, cell.soc), zero, splat<T>(1.0)) || anyOutside<T>(load<T>(at, cell.outside), zero, zero)) return true;
  const low = splatAt<T>(parameter.minimumTemperature_degC);
  return anyOutside<T>(load<T>(at, cell.temperature_degC), low, splatAt<T>(parameter.maximumTemperature_degC));
}

/** Reports a cell that enters or leaves the range of its data, with the bound that it crossed. */
function watch(at: usize, index: i32, position: i32): void {
  const soc = load<f64>(at, cell.soc);
  const temperature = load<f64>(at, cell.temperature_degC);
  const was = load<f64>(at, cell.outside);
  const is = whereIs(soc, temperature);
  if (is == was) return;
  store<f64>(at, is, cell.outside);
  if (was == OUTSIDE_SOC) tell(false, index, position, soc, 0.0, 1.0);
  if (was == OUTSIDE_TEMPERATURE)
    tell(false, index, position, temperature, load<f64>(parameter.minimumTemperature_degC), load<f64>(parameter.maximumTemperature_degC));
  if (is == OUTSIDE_SOC) tell(true, index, position, soc, 0.0, 1.0);
  if (is == OUTSIDE_TEMPERATURE)
    tell(true, index, position, temperature, load<f64>(parameter.minimumTemperature_degC), load<f64>(parameter.maximumTemperature_degC));
}

function tell(outside: bool, index: i32, position: i32, value: f64, low: f64, high: f64): void {
  reportAt(eventCode.outsideCellData, outside, index, position, value, value, value - low < high - value ? low : high);
}

function eachOfLayer<T>(first: usize, position: i32): void {
  const dt = splatAt<T>(run.tick_s);
  const perTick = splat<T>(1.0 / load<f64>(run.tick_s));
  const groups = load<i32>(run.groupCount);
  const end = first + <usize>load<i32>(run.chunkBytes);
  let index = 0;
  for (let chunk = first; chunk < end; chunk += <usize>layout.cellChunkBytes) {
    for (let at = chunk; at < chunk + 32; at += sizeof<T>()) {
      look<T>(at);
      const outside = mayBeOutside<T>(at);
      for (let own = at; own < at + sizeof<T>(); own += 8, index++) if (outside && index < groups) watch(own, index, position);
      refresh<T>(at, dt, perTick);
    }
  }
}

export function stepParameters<T>(): void {
  const positions = load<i32>(run.positionCount);
  const layer = <usize>load<i32>(run.chunkBytes);
  for (let p = 0; p < positions; p++) eachOfLayer<T>(<usize>layout.cellBase + <usize>p * layer, positions > 1 ? p : -1);
}
