/**
 * A row of equipment: where it lies, whether it is in force, and which relays its current passes.
 * It is separate because chargers, loads and direct loads all begin here.
 */
import { pack, relay, run, source } from '../generated/layout';
import { CHARGE_RELAY, DISCHARGE_RELAY, isClosed } from './relay';

export const CONSTANT_CURRENT: i32 = 1;
export const CURRENT_PROFILE: i32 = 2;
export const CHARGER: i32 = 4;
export const CONSTANT_POWER: i32 = 5;
export const RESISTOR: i32 = 6;
export const INVERTER: i32 = 7;
export const HYBRID_INVERTER: i32 = 8;

export const BEHIND_RELAYS: i32 = 0;
export const BEFORE_SHUNT: i32 = 2;

/** Whether a row has an input of its own, with a cut-off and a capacitor. */
export function isInverter(kind: i32): bool {
  return kind == INVERTER || kind == HYBRID_INVERTER;
}

export function rowAt(index: i32): usize {
  return <usize>source.base + <usize>index * <usize>source.bytes;
}

/** n * dt is not exact: a row that begins or ends a hair after a tick's start does so at it. */
const SAME_TIME: f64 = 1e-6;

/** Whether a row acts over the tick that starts at `time`. */
export function inForce(row: usize, time: f64): bool {
  if (load<i32>(row, source.kind) == 0 || load<f64>(row, source.enabled) == 0.0) return false;
  const start = time + load<f64>(run.tick_s) * SAME_TIME;
  return start >= load<f64>(row, source.from_s) && start < load<f64>(row, source.until_s);
}

export function mayCharge(): bool {
  if (!isClosed(CHARGE_RELAY)) return false;
  return !load<i32>(pack.commonPort) || isClosed(DISCHARGE_RELAY);
}

export function mayDischarge(): bool {
  if (!isClosed(DISCHARGE_RELAY)) return false;
  return !load<i32>(pack.commonPort) || isClosed(CHARGE_RELAY);
}

/** Resistance of the contacts that charging current passes. */
export function chargeContact_Ohm(): f64 {
  const own = load<f64>(CHARGE_RELAY, relay.contact_Ohm);
  return load<i32>(pack.commonPort) ? own + load<f64>(DISCHARGE_RELAY, relay.contact_Ohm) : own;
}

export function dischargeContact_Ohm(): f64 {
  const own = load<f64>(DISCHARGE_RELAY, relay.contact_Ohm);
  return load<i32>(pack.commonPort) ? own + load<f64>(CHARGE_RELAY, relay.contact_Ohm) : own;
}
