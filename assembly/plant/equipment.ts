/**
 * All equipment together: which current flows through the terminals over a tick.
 * Charging current passes the charge relay and discharging current the discharge relay; a common port needs both.
 *
 * Equations in docs/model.md: order of solving (13), constant power (14), resistors (20).
 */
import { eventCode, pack, run, source } from '../generated/layout';
import { report } from '../time/events';
import { chargers } from './charger';
import {
  BEFORE_SHUNT,
  BEHIND_RELAYS,
  CHARGER,
  CONSTANT_CURRENT,
  CONSTANT_POWER,
  CURRENT_PROFILE,
  HYBRID_INVERTER,
  inForce,
  INVERTER,
  isInverter,
  mayCharge,
  mayDischarge,
  RESISTOR,
  rowAt,
} from './equipmentRow';
import { fuseIsOpen } from './fuse';
import { finishInverters, inverterPower, limitInverters } from './inverter';
import { profileAtStart, profileMean } from './profile';

const NO_CELL: i32 = -1;

function passed(x: f64): f64 {
  if (x > 0.0) return mayCharge() ? x : 0.0;
  return x < 0.0 && mayDischarge() ? x : 0.0;
}

/** What a row is set to over the tick, by a number or a profile: A or W. */
function setPoint(row: usize, time: f64, dt: f64): f64 {
  const kind = load<i32>(row, source.kind);
  if (kind == CONSTANT_CURRENT) return load<f64>(row, source.current_A);
  if (kind == CONSTANT_POWER || load<i32>(row, source.rows) == 0) return load<f64>(row, source.power_W);
  const value = dt > 0.0 ? profileMean(row, max<f64>(time - load<f64>(row, source.from_s), 0.0), dt) : profileAtStart(row);
  return value * load<f64>(row, source.scale);
}

/** What it asks for at the terminals: equations (23) and (29) for inverters, else what it is set to. */
function demand(row: usize, time: f64, dt: f64): f64 {
  const kind = load<i32>(row, source.kind);
  const set = setPoint(row, time, dt);
  if (kind == INVERTER) return -set / load<f64>(row, source.efficiency_ratio);
  if (kind != HYBRID_INVERTER) return set;
  return max<f64>(min<f64>(set, load<f64>(row, source.maximumCharge_W)), -load<f64>(row, source.maximumDischarge_W));
}

function watchOverload(beyond: bool, power: f64, limit: f64): void {
  if (beyond == (load<i32>(pack.overloaded) != 0)) return;
  store<i32>(pack.overloaded, beyond ? 1 : 0);
  report(eventCode.loadBeyondMaximumPower, beyond, NO_CELL, power, power, limit);
}

/** Equation (14): I with (E + R I) I = P, the root that vanishes with P. A load beyond the maximum gets the maximum. */
function currentOfPower(power: f64, emf: f64, resistance: f64): f64 {
  const square = emf * emf + 4.0 * resistance * power;
  watchOverload(square < 0.0, power, (-emf * emf) / (4.0 * resistance));
  if (square < 0.0) return -emf / (2.0 * resistance);
  return (2.0 * power) / (emf + sqrt<f64>(square));
}

/** What of a demand relays and the inverter's own state let through. */
function reached(row: usize, asked: f64, time: f64, dt: f64): f64 {
  if (isInverter(load<i32>(row, source.kind))) return inverterPower(row, asked, time, dt);
  return load<i32>(row, source.place) == BEHIND_RELAYS ? passed(asked) : asked;
}

/** Equation (13): fixed currents, then chargers, then constant power, against E + R I. `dt` 0 asks for the start. */
function solve(sourceEmf: f64, sourceResistance: f64, time: f64, dt: f64): f64 {
  const hasInverter = load<i32>(pack.hasInverter) != 0;
  if (fuseIsOpen()) return hasInverter ? finishInverters(0.0, dt) : 0.0;
  const count = load<i32>(pack.sourceCount);
  let fixed = 0.0;
  let power = 0.0;
  let charging = 0.0;
  let conductance = 0.0;
  let ceiling = Infinity;
  let wantsCharger = false;
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    const kind = load<i32>(row, source.kind);
    if (kind == CHARGER) wantsCharger = true;
    if (kind == CHARGER || load<i32>(row, source.place) == BEFORE_SHUNT) continue;
    const acts = inForce(row, time);
    if (kind == RESISTOR) {
      if (acts && mayDischarge()) conductance += 1.0 / load<f64>(row, source.resistance_Ohm);
      continue;
    }
    if (!acts && !isInverter(kind)) continue;
    const value = reached(row, acts ? demand(row, time, dt) : 0.0, time, dt);
    if (kind == CONSTANT_CURRENT || kind == CURRENT_PROFILE) {
      fixed += value;
      continue;
    }
    power += value;
    if (value <= 0.0) continue;
    charging += value;
    if (load<f64>(row, source.voltage_V) > 0.0) ceiling = min<f64>(ceiling, load<f64>(row, source.voltage_V));
  }
  // Equation (20): E + R I with a resistor across it is E' + R' I of all the rest.
  const left = conductance == 0.0 ? 1.0 : 1.0 / (1.0 + sourceResistance * conductance);
  const emf = sourceEmf * left;
  const resistance = sourceResistance * left;
  const known = wantsCharger ? fixed + chargers(time, dt, fixed, power, emf, resistance) : fixed;
  let others = known;
  if (power != 0.0) others += currentOfPower(power, emf + resistance * known, resistance);
  else watchOverload(false, 0.0, 0.0);
  // Equations (26) and (29): a hybrid inverter gives less where the pack would pass its charge voltage.
  if (power > 0.0 && emf + resistance * others > ceiling) others = max<f64>(known, (ceiling - emf) / resistance);
  const voltage = emf + resistance * others;
  const current = others - conductance * voltage;
  if (!hasInverter) return current;
  limitInverters(power, voltage * (others - known), charging);
  return current + finishInverters(voltage, dt);
}

export function solveEquipment(emf: f64, resistance: f64): f64 {
  const dt = load<f64>(run.tick_s);
  return solve(emf, resistance, <f64>load<i32>(run.tick) * dt, dt);
}

/** Current at the very start, from the open-circuit state. */
export function equipmentAtStart(emf: f64, resistance: f64): f64 {
  return solve(emf, resistance, 0.0, 0.0);
}
