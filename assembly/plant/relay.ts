/**
 * The two relay outputs: driver, coil, armature and contact of each.
 * Runs at the start of a tick, so an order given at the end of a tick acts from the next one.
 *
 * Equations in docs/model.md: coil current (46), driver (47).
 */
import { driver, effect, eventCode, relay, run } from '../generated/layout';
import { report } from '../time/events';

export const CHARGE_RELAY: usize = <usize>relay.base;
export const DISCHARGE_RELAY: usize = <usize>relay.base + <usize>relay.bytes;
/** Copper, per kelvin above 20 degC (IEC 60028). */
const COPPER_PER_K: f64 = 0.0039;
const NO_CELL: i32 = -1;
const NEVER_A: f64 = 1e300;

export function isClosed(row: usize): bool {
  return load<i32>(row, relay.closed) != 0;
}

function closedCode(row: usize): i32 {
  return row == CHARGE_RELAY ? eventCode.chargeRelayClosed : eventCode.dischargeRelayClosed;
}

/** Equation (46): a coil is colder than its contact and warms with the air around it. */
export function coilCurrent(row: usize): f64 {
  if (!load<i32>(row, relay.order)) return 0.0;
  const warm = 1.0 + COPPER_PER_K * (load<f64>(row, relay.temperature_degC) - 20.0);
  return load<f64>(driver.output_V) / (load<f64>(row, relay.coilResistance_Ohm) * warm);
}

/** What an output that is on draws from the pack: by its voltage and the coil on it; its warmth is in the vendor's figure. */
function energise(row: usize, voltage: f64): void {
  store<f64>(row, voltage, relay.coil_V);
  const power = (load<f64>(row, relay.coilDraw_ratio) * voltage * voltage) / load<f64>(row, relay.coilResistance_Ohm);
  store<f64>(row, power, relay.coilPower_W);
}

/** What the coils draw at the very start, before the relays have been looked at. */
export function settleRelays(): void {
  energise(CHARGE_RELAY, load<f64>(CHARGE_RELAY, relay.coil_V));
  energise(DISCHARGE_RELAY, load<f64>(DISCHARGE_RELAY, relay.coil_V));
}

/** Equation (47): over its limit the driver drops both outputs and tries again later. */
function outputVoltage(): f64 {
  const left = load<i32>(driver.retryLeft);
  if (left > 1) {
    store<i32>(driver.retryLeft, left - 1);
    return 0.0;
  }
  const charge = coilCurrent(CHARGE_RELAY);
  const discharge = coilCurrent(DISCHARGE_RELAY);
  const beyond = max<f64>(charge, discharge) > load<f64>(driver.eachLimit_A) && charge + discharge > load<f64>(driver.limit_A);
  if (beyond) {
    if (left == 0) report(eventCode.driverOverload, true, NO_CELL, charge + discharge, charge + discharge, load<f64>(driver.limit_A));
    store<i32>(driver.retryLeft, load<i32>(driver.retryTicks));
    return 0.0;
  }
  if (left == 1) {
    store<i32>(driver.retryLeft, 0);
    report(eventCode.driverOverload, false, NO_CELL, charge + discharge, charge + discharge, load<f64>(driver.limit_A));
  }
  return load<f64>(driver.output_V);
}

function pull(row: usize, output: f64): void {
  const voltage = load<i32>(row, relay.order) ? output : 0.0;
  energise(row, voltage);
  const least = load<i32>(row, relay.pulled) ? load<f64>(row, relay.dropOut_V) : load<f64>(row, relay.pullIn_V);
  store<i32>(row, voltage >= least ? 1 : 0, relay.pulled);
}

/** Opening under more current than the contact can break welds it. */
function breaks(row: usize): bool {
  const current = abs<f64>(load<f64>(row, relay.current_A));
  const most = load<f64>(row, relay.weldsAbove_A);
  if (load<i32>(row, relay.hasWelded)) {
    // A contact that welds at no current is a new one.
    if (most < NEVER_A) return false;
    store<i32>(row, 0, relay.hasWelded);
  }
  if (current <= most) return true;
  store<i32>(row, 1, relay.hasWelded);
  report(eventCode.contactWelded, true, NO_CELL, current, current, most);
  return false;
}

/** Open and closed in turn, open first; an odd time of bouncing ends in its last closed tick. */
function bounce(row: usize): void {
  const ticks = <i32>load<f64>(row, relay.bounceTicks);
  store<i32>(row, ticks + (ticks & 1), relay.bounceLeft);
  const time = load<f64>(row, relay.bounce_s);
  if (time > 0.0 && load<f64>(row, relay.bounceTicks) == 0.0) report(eventCode.relayBounce, true, NO_CELL, time, time, 0.0);
}

/** Position of the contact without welding or jamming: follows the armature after its delay, then bounces. */
function follow(row: usize): i32 {
  const pulled = load<i32>(row, relay.pulled);
  const closed = load<i32>(row, relay.closed);
  const left = load<i32>(row, relay.bounceLeft);
  if (left > 0 && pulled) {
    store<i32>(row, left - 1, relay.bounceLeft);
    return left & 1;
  }
  store<i32>(row, 0, relay.bounceLeft);
  if (pulled == closed) {
    store<i32>(row, 0, relay.waited);
    return closed;
  }
  const waited = load<i32>(row, relay.waited);
  const delay = pulled ? load<f64>(row, relay.closeTicks) : load<f64>(row, relay.openTicks);
  if (<f64>waited < delay) {
    store<i32>(row, waited + 1, relay.waited);
    return closed;
  }
  store<i32>(row, 0, relay.waited);
  if (pulled) {
    bounce(row);
    return 1;
  }
  return breaks(row) ? 0 : 1;
}

/** A welded or jammed contact does not move, so it neither bounces nor breaks. */
function position(row: usize): i32 {
  const jammed = load<f64>(row, relay.jammed) != 0.0;
  if (!jammed && load<f64>(row, relay.welded) == 0.0) return follow(row);
  store<i32>(row, 0, relay.waited);
  store<i32>(row, 0, relay.bounceLeft);
  return jammed ? 0 : 1;
}

function move(row: usize): void {
  const next = position(row);
  if (next == load<i32>(row, relay.closed)) return;
  store<i32>(row, next, relay.closed);
  report(closedCode(row), next != 0, NO_CELL, <f64>next, <f64>next, 1.0);
}

function ordersNow(): i32 {
  return load<i32>(CHARGE_RELAY, relay.order) | (load<i32>(DISCHARGE_RELAY, relay.order) << 1);
}

/** Outputs and contacts stay as they are while orders, effects and the warmth of the coils do. */
function areAtRest(): bool {
  if (!load<i32>(driver.atRest) || ordersNow() != load<i32>(driver.ordersSeen)) return false;
  return load<i32>(effect.version) == load<i32>(driver.effectsSeen) && load<i32>(run.slowDone) == load<i32>(driver.slowSeen);
}

function hasComeToRest(row: usize): bool {
  return load<i32>(row, relay.pulled) == load<i32>(row, relay.closed) && load<i32>(row, relay.bounceLeft) == 0;
}

function noteRest(): void {
  const rests = load<i32>(driver.retryLeft) == 0 && hasComeToRest(CHARGE_RELAY) && hasComeToRest(DISCHARGE_RELAY);
  store<i32>(driver.atRest, rests ? 1 : 0);
  store<i32>(driver.ordersSeen, ordersNow());
  store<i32>(driver.effectsSeen, load<i32>(effect.version));
  store<i32>(driver.slowSeen, load<i32>(run.slowDone));
}

/** Without a unit nothing opens the contacts; they stay as the start state has them. */
export function moveRelays(): void {
  if (!load<i32>(run.hasUnit) || areAtRest()) return;
  const output = outputVoltage();
  pull(CHARGE_RELAY, output);
  pull(DISCHARGE_RELAY, output);
  move(CHARGE_RELAY);
  move(DISCHARGE_RELAY);
  noteRest();
}
