/**
 * Inverters, hybrid ones too: power at their input, their own low-voltage cut-off, surge, ripple and the capacitor on their bus.
 * Separate from the other loads because an inverter has a voltage of its own that outlives the relay.
 *
 * Equations in docs/model.md: inverter (23), bus capacitor (24), ripple (25), hybrid inverter (29).
 */
import { eventCode, pack, source, total } from '../generated/layout';
import { report } from '../time/events';
import { dischargeContact_Ohm, inForce, isInverter, mayCharge, mayDischarge, rowAt } from './equipmentRow';
import { fuseIsOpen } from './fuse';

const OFF: i32 = 0;
const RUNNING: i32 = 1;
const CUT_OFF: i32 = 2;
const NO_CELL: i32 = -1;
/** No inverter runs below this input voltage, whatever its cut-off is set to. */
const LEAST_V: f64 = 1.0;

function reaches(): bool {
  return mayDischarge() && !fuseIsOpen();
}

/** Whether an inverter meets the pack in this tick, so that the network must know its resistance at this moment. */
export function inverterMeetsPack(): bool {
  if (!load<i32>(pack.hasInverter) || !reaches()) return false;
  const count = load<i32>(pack.sourceCount);
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    if (isInverter(load<i32>(row, source.kind)) && !load<i32>(row, source.connected)) return true;
  }
  return false;
}

function startUp(row: usize, asked: f64, voltage: f64): void {
  if (load<i32>(row, source.inverterState) == CUT_OFF)
    report(eventCode.inverterCutOff, false, NO_CELL, voltage, voltage, load<f64>(row, source.reconnect_V));
  store<i32>(row, RUNNING, source.inverterState);
  store<i32>(row, load<i32>(row, source.surgeTicks), source.surgeLeft);
  const ratio = load<f64>(row, source.surge_ratio);
  if (load<i32>(row, source.surgeTicks) > 0 || ratio <= 1.0 || asked >= 0.0) return;
  const peak = (asked * ratio) / voltage;
  report(eventCode.surgeBelowTick, true, NO_CELL, peak, peak, 0.0);
}

/** Follows the input voltage: off below the cut-off unless it charges, on again from the reconnect voltage. */
function follow(row: usize, asked: f64, time: f64): void {
  const state = load<i32>(row, source.inverterState);
  const voltage = load<f64>(row, source.input_V);
  if (!inForce(row, time)) store<i32>(row, OFF, source.inverterState);
  else if (state == RUNNING) {
    const limit = max<f64>(load<f64>(row, source.cutOff_V), LEAST_V);
    if (voltage >= limit || asked > 0.0) return;
    store<i32>(row, CUT_OFF, source.inverterState);
    report(eventCode.inverterCutOff, true, NO_CELL, voltage, voltage, limit);
  } else if (load<i32>(row, source.connected) && load<i32>(row, source.prechargeLeft) == 0) {
    const least = state == CUT_OFF ? load<f64>(row, source.reconnect_V) : load<f64>(row, source.cutOff_V);
    if (voltage >= max<f64>(least, LEAST_V)) startUp(row, asked, voltage);
  }
}

/** Charging passes the charge relay, and no pre-charge resistor: where the pack is met in this tick, all of that lies ahead. */
function takesCharge(row: usize, dt: f64): bool {
  if (!mayCharge() || fuseIsOpen()) return false;
  if (dt == 0.0 || !reaches()) return true;
  const ahead = load<i32>(row, source.connected) ? load<i32>(row, source.prechargeLeft) : load<i32>(row, source.prechargeTicks);
  return ahead == 0;
}

/** Discharge of a running inverter, times the surge ratio in the ticks after its start. */
function surging(row: usize, asked: f64): f64 {
  const left = load<i32>(row, source.surgeLeft);
  if (left == 0) return asked;
  store<i32>(row, left - 1, source.surgeLeft);
  return asked * load<f64>(row, source.surge_ratio);
}

/** Equations (23) and (29): power at the input over this tick for what is asked of it, negative discharges. At the start (`dt` 0) it runs already. */
export function inverterPower(row: usize, asked: f64, time: f64, dt: f64): f64 {
  if (dt > 0.0) follow(row, asked, time);
  let power = 0.0;
  if (asked > 0.0) power = takesCharge(row, dt) ? asked : 0.0;
  else if (load<i32>(row, source.inverterState) == RUNNING) power = surging(row, asked);
  store<f64>(row, power, source.input_W);
  return power > 0.0 || reaches() ? power : 0.0;
}

/** Where voltage limit or pack leave less than all powers together ask for, those of their direction get less alike. */
export function limitInverters(asked: f64, got: f64, charging: f64): void {
  if (got == asked) return;
  const own = asked > 0.0 ? charging : asked - charging;
  const share = 1.0 - (asked - got) / own;
  const count = load<i32>(pack.sourceCount);
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    const power = load<f64>(row, source.input_W);
    if (isInverter(load<i32>(row, source.kind)) && power * asked > 0.0) store<f64>(row, power * share, source.input_W);
  }
}

/** What an inverter that works on the pack turns to heat: beyond the terminals, so no part of the pack's books. */
function countLoss(row: usize, dt: f64): void {
  const power = load<f64>(row, source.input_W);
  const loss =
    power > 0.0 ? power / load<f64>(row, source.chargeEfficiency_ratio) - power : power * (load<f64>(row, source.efficiency_ratio) - 1.0);
  if (power > 0.0 || reaches()) store<f64>(total.converterLoss_J, load<f64>(total.converterLoss_J) + loss * dt);
}

/** Off the pack the inverter empties its capacitor down to its cut-off, then the bleeder does the rest. */
function drain(row: usize, dt: f64): void {
  store<i32>(row, 0, source.connected);
  if (dt == 0.0) return;
  const capacitance = load<f64>(row, source.capacitance_F);
  let voltage = load<f64>(row, source.input_V);
  if (capacitance == 0.0) voltage = 0.0;
  else {
    const floor = load<f64>(row, source.cutOff_V);
    const square = voltage * voltage + (2.0 * dt * min<f64>(load<f64>(row, source.input_W), 0.0)) / capacitance;
    if (voltage > floor) voltage = max<f64>(square > 0.0 ? sqrt<f64>(square) : 0.0, min<f64>(floor * 0.999, voltage));
    const leak = load<f64>(row, source.busLeak_S);
    voltage *= leak == 0.0 ? load<f64>(row, source.drainKeep) : load<f64>(row, source.drainKeep) * Math.exp((-dt * leak) / capacitance);
  }
  store<f64>(row, voltage, source.input_V);
}

function tellInrush(peak: f64, square: f64): void {
  report(eventCode.inrush, true, NO_CELL, peak, peak, 0.0);
  report(eventCode.inrushSquare, true, NO_CELL, square, square, 0.0);
}

/**
 * Equation (24): the capacitor through the path's resistance, exact over a tick that may be far longer than R C.
 * Returns its mean current; adds what the mean square has beyond the square of the mean.
 */
function fill(row: usize, voltage: f64, dt: f64): f64 {
  const capacitance = load<f64>(row, source.capacitance_F);
  const meets = !load<i32>(row, source.connected);
  const left = load<i32>(row, source.prechargeLeft);
  if (meets) store<i32>(row, 1, source.connected);
  if (capacitance == 0.0 || dt == 0.0) {
    store<f64>(row, voltage, source.input_V);
    return 0.0;
  }
  const waits = meets ? load<i32>(row, source.prechargeTicks) : max<i32>(left - 1, 0);
  store<i32>(row, waits, source.prechargeLeft);
  const extra = waits > 0 ? load<f64>(row, source.precharge_Ohm) : 0.0;
  const path = load<f64>(pack.momentResistance_Ohm) + dischargeContact_Ohm() + load<f64>(row, source.connection_Ohm) + extra;
  const before = load<f64>(row, source.input_V);
  // A conductance across the capacitor divides source and path alike.
  const leak = load<f64>(row, source.busLeak_S);
  const share = 1.0 / (1.0 + path * leak);
  const gap = voltage * share - before;
  if (meets || (left == 1 && waits == 0)) {
    const peak = (voltage - before) / path;
    tellInrush(peak, (gap * gap * capacitance) / (2.0 * path * share));
    if (abs<f64>(peak) > load<f64>(pack.pulsePeak_A)) store<f64>(pack.pulsePeak_A, abs<f64>(peak));
  }
  const time = path * share * capacitance;
  const keep = Math.exp(-dt / time);
  const moved = capacitance * gap * (1.0 - keep);
  store<f64>(row, before + gap * (1.0 - keep), source.input_V);
  const square = ((gap * gap * capacitance) / (2.0 * path * share)) * (1.0 - keep * keep);
  store<f64>(pack.pulse_A2s, load<f64>(pack.pulse_A2s) + max<f64>(square - (moved * moved) / dt, 0.0));
  // Through the leak flows what its mean voltage drives.
  const mean = voltage * share - (gap * time * (1.0 - keep)) / dt;
  return -(moved / dt + leak * mean);
}

/** Equation (25): i = I (1 - ratio cos) has this amplitude and the mean square I² (1 + ratio²/2); charging has none. */
function rippleOf(row: usize, voltage: f64): f64 {
  const drawn = max<f64>(-load<f64>(row, source.input_W), 0.0);
  return voltage > 0.0 ? (load<f64>(row, source.ripple_ratio) * drawn) / voltage : 0.0;
}

/** After the rest is solved: capacitors at the terminal voltage, and the mean square beyond the mean. Returns their current. */
export function finishInverters(voltage: f64, dt: f64): f64 {
  store<f64>(pack.pulse_A2s, 0.0);
  store<f64>(pack.pulsePeak_A, 0.0);
  const count = load<i32>(pack.sourceCount);
  let current = 0.0;
  let square = 0.0;
  let amplitude = 0.0;
  let largest = 0.0;
  let frequency = 0.0;
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    if (!isInverter(load<i32>(row, source.kind))) continue;
    countLoss(row, dt);
    if (!reaches()) {
      drain(row, dt);
      continue;
    }
    const own = rippleOf(row, voltage);
    square += 0.5 * own * own;
    amplitude += own;
    if (own > largest) {
      largest = own;
      frequency = load<f64>(row, source.rippleFrequency_Hz);
    }
    current += fill(row, voltage, dt);
  }
  const pulse = dt > 0.0 ? load<f64>(pack.pulse_A2s) / dt : 0.0;
  store<f64>(pack.rippleSquare_A2, square + pulse);
  store<f64>(pack.rippleAmplitude_A, amplitude);
  store<f64>(pack.rippleFrequency_Hz, frequency);
  return current;
}

/** Voltage on the bus: what a capacitor on it holds, where there is one. */
export function busOfInverters(joined: f64): f64 {
  const count = load<i32>(pack.sourceCount);
  let held = joined;
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    const charging = load<i32>(row, source.prechargeLeft) > 0 || joined == 0.0;
    if (isInverter(load<i32>(row, source.kind)) && load<f64>(row, source.capacitance_F) > 0.0 && charging)
      held = load<f64>(row, source.input_V);
  }
  return held;
}
