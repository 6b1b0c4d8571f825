/**
 * Chargers, loads and profiles: which current flows through the terminals over a tick.
 * Charging current passes the charge relay and discharging current the discharge relay; a common port needs both.
 *
 * Equations in docs/model.md: constant power (14), constant-voltage charging (15).
 */
import { eventCode, pack, relay, run, source } from '../generated/layout';
import { report } from '../time/events';
import { profileAtStart, profileMean } from './profile';

const CONSTANT_CURRENT: i32 = 1;
const CURRENT_PROFILE: i32 = 2;
const POWER_PROFILE: i32 = 3;
const CHARGER: i32 = 4;
const CHARGER_ENDED: i32 = 2;
const NO_CELL: i32 = -1;
const SAME_TIME: f64 = 1e-6;

function mayCharge(): bool {
  if (!load<i32>(relay.chargeClosed)) return false;
  return !load<i32>(pack.commonPort) || load<i32>(relay.dischargeClosed) != 0;
}

function mayDischarge(): bool {
  if (!load<i32>(relay.dischargeClosed)) return false;
  return !load<i32>(pack.commonPort) || load<i32>(relay.chargeClosed) != 0;
}

function passed(x: f64): f64 {
  if (x > 0.0) return mayCharge() ? x : 0.0;
  return x < 0.0 && mayDischarge() ? x : 0.0;
}

/** Whether a row acts over the tick that starts at `time`; n * dt is not exact, so a hair before is on time. */
function active(row: usize, time: f64): bool {
  if (load<i32>(row, source.kind) == 0 || load<f64>(row, source.enabled) == 0.0) return false;
  const start = time + load<f64>(run.tick_s) * SAME_TIME;
  return start >= load<f64>(row, source.from_s) && start < load<f64>(row, source.until_s);
}

/** Value that a row asks for over the tick: A, or W for a power profile. */
function demand(row: usize, time: f64, dt: f64): f64 {
  const kind = load<i32>(row, source.kind);
  if (kind == CONSTANT_CURRENT) return load<f64>(row, source.current_A);
  const value = dt > 0.0 ? profileMean(row, max<f64>(time - load<f64>(row, source.from_s), 0.0), dt) : profileAtStart(row);
  return value * load<f64>(row, source.scale);
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

/** Equation (15): the charger gives its current until the pack reaches its voltage, then what keeps it there. */
function chargerCurrent(row: usize, fixed: f64, power: f64, emf: f64, resistance: f64): f64 {
  const limit = load<f64>(row, source.current_A);
  const voltage = load<f64>(row, source.voltage_V);
  const withLimit = fixed + limit + (power == 0.0 ? 0.0 : power / voltage);
  if (emf + resistance * withLimit <= voltage) return limit;
  const needed = (voltage - emf) / resistance - fixed - (power == 0.0 ? 0.0 : power / voltage);
  return min<f64>(max<f64>(needed, 0.0), limit);
}

function followCharger(row: usize, current: f64): void {
  const limit = load<f64>(row, source.current_A);
  const end = load<f64>(row, source.endCurrent_A);
  if (current < limit && current <= end) {
    store<i32>(row, CHARGER_ENDED, source.state);
    report(eventCode.chargerEnded, true, NO_CELL, current, current, end);
  } else store<i32>(row, current < limit ? 1 : 0, source.state);
}

/** A charger that is switched off starts anew when it is switched on. */
function rearm(row: usize): void {
  if (load<i32>(row, source.kind) != CHARGER || load<f64>(row, source.enabled) != 0.0) return;
  if (load<i32>(row, source.state) == CHARGER_ENDED)
    report(eventCode.chargerEnded, false, NO_CELL, 0.0, 0.0, load<f64>(row, source.endCurrent_A));
  store<i32>(row, 0, source.state);
}

function rowAt(index: i32): usize {
  return <usize>source.base + <usize>index * <usize>source.bytes;
}

/** Current of all chargers, one after the other; remembers what each gives. */
function chargers(time: f64, fixed: f64, power: f64, emf: f64, resistance: f64): f64 {
  const count = load<i32>(pack.sourceCount);
  let sum = 0.0;
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    if (load<i32>(row, source.kind) != CHARGER) continue;
    rearm(row);
    let current = 0.0;
    if (active(row, time) && mayCharge() && load<i32>(row, source.state) != CHARGER_ENDED) {
      current = chargerCurrent(row, fixed + sum, power, emf, resistance);
      followCharger(row, current);
      if (load<i32>(row, source.state) == CHARGER_ENDED) current = 0.0;
    }
    store<f64>(row, current, source.drawn_A);
    sum += current;
  }
  return sum;
}

/** Equation (13): fixed currents, then constant power, then chargers, against E + R I. `dt` 0 asks for the start. */
function solve(emf: f64, resistance: f64, time: f64, dt: f64): f64 {
  const count = load<i32>(pack.sourceCount);
  let fixed = 0.0;
  let power = 0.0;
  let wantsCharger = false;
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    const kind = load<i32>(row, source.kind);
    if (kind == CHARGER) {
      wantsCharger = true;
      continue;
    }
    const value = active(row, time) ? passed(demand(row, time, dt)) : 0.0;
    if (kind == POWER_PROFILE) power += value;
    else {
      fixed += value;
      store<f64>(row, value, source.drawn_A);
    }
  }
  const charging = wantsCharger ? chargers(time, fixed, power, emf, resistance) : 0.0;
  const known = fixed + charging;
  if (power != 0.0) return known + currentOfPower(power, emf + resistance * known, resistance);
  watchOverload(false, 0.0, 0.0);
  return known;
}

export function solveEquipment(emf: f64, resistance: f64): f64 {
  const dt = load<f64>(run.tick_s);
  return solve(emf, resistance, <f64>load<i32>(run.tick) * dt, dt);
}

/** Current at the very start, from the open-circuit state. */
export function equipmentAtStart(emf: f64, resistance: f64): f64 {
  return solve(emf, resistance, 0.0, 0.0);
}
