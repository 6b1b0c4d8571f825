/**
 * The two relay outputs in plain JavaScript: driver, coil, armature and contact of each, without the faults of contacts.
 * It is separate from the equipment, as in the kernel: an order given at the end of a tick acts from the next one.
 *
 * Equations in docs/model.md: coil current (46), driver (47).
 */
import type { RelayRow, State } from './state.ts';

/** Copper, per kelvin above 20 degC (IEC 60028). */
const COPPER_PER_K = 0.0039;

export function mayCharge({ pack, relays }: State): boolean {
  return relays.charge.closed !== 0 && (pack.commonPort === 0 || relays.discharge.closed !== 0);
}

export function mayDischarge({ pack, relays }: State): boolean {
  return relays.discharge.closed !== 0 && (pack.commonPort === 0 || relays.charge.closed !== 0);
}

/** Resistance of the contacts that discharging current passes. */
export function dischargeContact_Ohm({ pack, relays }: State): number {
  const own = relays.discharge.contact_Ohm;
  return pack.commonPort === 0 ? own : own + relays.charge.contact_Ohm;
}

/** Equation (46). */
function coilCurrent(row: RelayRow, output_V: number): number {
  if (row.order === 0) return 0;
  return output_V / (row.coilResistance_Ohm * (1 + COPPER_PER_K * (row.temperature_degC - 20)));
}

/** Equation (47): over its limit the driver drops both outputs and tries again later. */
function outputVoltage({ driver, events, relays }: State): number {
  const left = driver.retryLeft;
  if (left > 1) {
    driver.retryLeft = left - 1;
    return 0;
  }
  const charge = coilCurrent(relays.charge, driver.output_V);
  const discharge = coilCurrent(relays.discharge, driver.output_V);
  if (Math.max(charge, discharge) > driver.eachLimit_A && charge + discharge > driver.limit_A) {
    if (left === 0) events.total++;
    driver.retryLeft = driver.retryTicks;
    return 0;
  }
  if (left === 1) {
    driver.retryLeft = 0;
    events.total++;
  }
  return driver.output_V;
}

/** The coil, and what its output draws from the pack. */
function pull(row: RelayRow, output_V: number): void {
  const voltage = row.order !== 0 ? output_V : 0;
  row.coil_V = voltage;
  row.coilPower_W = (row.coilDraw_ratio * voltage * voltage) / row.coilResistance_Ohm;
  row.pulled = voltage >= (row.pulled !== 0 ? row.dropOut_V : row.pullIn_V) ? 1 : 0;
}

/** Opening under more current than the contact can break welds it. */
function breaks({ events }: State, row: RelayRow): boolean {
  if (row.hasWelded !== 0) return false;
  if (Math.abs(row.current_A) <= row.weldsAbove_A) return true;
  row.hasWelded = 1;
  events.total++;
  return false;
}

/** Position of the contact: follows the armature after its delay, then bounces. */
function follow(state: State, row: RelayRow): number {
  const { pulled, closed, bounceLeft } = row;
  if (bounceLeft > 0 && pulled !== 0) {
    row.bounceLeft = bounceLeft - 1;
    return bounceLeft & 1;
  }
  row.bounceLeft = 0;
  if (pulled === closed) {
    row.waited = 0;
    return closed;
  }
  if (row.waited < (pulled !== 0 ? row.closeTicks : row.openTicks)) {
    row.waited++;
    return closed;
  }
  row.waited = 0;
  if (pulled === 0) return breaks(state, row) ? 0 : 1;
  row.bounceLeft = row.bounceTicks + (row.bounceTicks & 1);
  if (row.bounce_s > 0 && row.bounceTicks === 0) state.events.total++;
  return 1;
}

function move(state: State, row: RelayRow): void {
  const next = follow(state, row);
  if (next === row.closed) return;
  row.closed = next;
  state.events.total++;
}

function ordersNow({ relays }: State): number {
  return relays.charge.order | (relays.discharge.order << 1);
}

/** Outputs and contacts stay as they are while orders and the warmth of the coils do. */
function areAtRest(state: State): boolean {
  const { driver, run } = state;
  return driver.atRest !== 0 && ordersNow(state) === driver.ordersSeen && run.slowDone === driver.slowSeen;
}

function hasComeToRest({ pulled, closed, bounceLeft }: RelayRow): boolean {
  return pulled === closed && bounceLeft === 0;
}

function noteRest(state: State): void {
  const { driver, relays, run } = state;
  driver.atRest = driver.retryLeft === 0 && hasComeToRest(relays.charge) && hasComeToRest(relays.discharge) ? 1 : 0;
  driver.ordersSeen = ordersNow(state);
  driver.slowSeen = run.slowDone;
}

/** Without a unit nothing opens the contacts. */
export function moveRelays(state: State): void {
  if (state.run.hasUnit === 0 || areAtRest(state)) return;
  const { charge, discharge } = state.relays;
  const output_V = outputVoltage(state);
  pull(charge, output_V);
  pull(discharge, output_V);
  move(state, charge);
  move(state, discharge);
  noteRest(state);
}
