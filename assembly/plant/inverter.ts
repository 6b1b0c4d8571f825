/**
 * Inverters: constant power at their input, their own low-voltage cut-off, surge, ripple and the capacitor on their bus.
 * Separate from the other loads because an inverter has a voltage of its own that outlives the relay.
 *
 * Equations in docs/model.md: inverter (23), bus capacitor (24), ripple (25).
 */
import { eventCode, pack, source } from '../generated/layout';
import { report } from '../time/events';
import { inForce, INVERTER, mayDischarge, rowAt } from './equipmentRow';
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
    if (load<i32>(row, source.kind) == INVERTER && !load<i32>(row, source.connected)) return true;
  }
  return false;
}

function startUp(row: usize, output: f64, voltage: f64): void {
  if (load<i32>(row, source.inverterState) == CUT_OFF)
    report(eventCode.inverterCutOff, false, NO_CELL, voltage, voltage, load<f64>(row, source.reconnect_V));
  store<i32>(row, RUNNING, source.inverterState);
  store<i32>(row, load<i32>(row, source.surgeTicks), source.surgeLeft);
  const ratio = load<f64>(row, source.surge_ratio);
  if (load<i32>(row, source.surgeTicks) > 0 || ratio <= 1.0 || output == 0.0) return;
  const peak = (-output * ratio) / (load<f64>(row, source.efficiency_ratio) * voltage);
  report(eventCode.surgeBelowTick, true, NO_CELL, peak, peak, 0.0);
}

/** Follows the input voltage: off below the cut-off, on again from the reconnect voltage. */
function follow(row: usize, output: f64, time: f64): void {
  const state = load<i32>(row, source.inverterState);
  const voltage = load<f64>(row, source.input_V);
  if (!inForce(row, time)) store<i32>(row, OFF, source.inverterState);
  else if (state == RUNNING) {
    const limit = max<f64>(load<f64>(row, source.cutOff_V), LEAST_V);
    if (voltage >= limit) return;
    store<i32>(row, CUT_OFF, source.inverterState);
    report(eventCode.inverterCutOff, true, NO_CELL, voltage, voltage, limit);
  } else if (load<i32>(row, source.connected) && load<i32>(row, source.prechargeLeft) == 0) {
    const least = state == CUT_OFF ? load<f64>(row, source.reconnect_V) : load<f64>(row, source.cutOff_V);
    if (voltage >= max<f64>(least, LEAST_V)) startUp(row, output, voltage);
  }
}

/** Equation (23): power at the input over this tick, negative, for an output in W. At the start (`dt` 0) it runs already. */
export function inverterPower(row: usize, output: f64, time: f64, dt: f64): f64 {
  if (dt > 0.0) follow(row, output, time);
  let power = 0.0;
  if (load<i32>(row, source.inverterState) == RUNNING) {
    power = -output / load<f64>(row, source.efficiency_ratio);
    const left = load<i32>(row, source.surgeLeft);
    if (left > 0) {
      power *= load<f64>(row, source.surge_ratio);
      store<i32>(row, left - 1, source.surgeLeft);
    }
  }
  store<f64>(row, power, source.input_W);
  return reaches() ? power : 0.0;
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
    const square = voltage * voltage + (2.0 * dt * load<f64>(row, source.input_W)) / capacitance;
    if (voltage > floor) voltage = max<f64>(square > 0.0 ? sqrt<f64>(square) : 0.0, min<f64>(floor * 0.999, voltage));
    voltage *= load<f64>(row, source.drainKeep);
  }
  store<f64>(row, voltage, source.input_V);
}

function tellInrush(gap: f64, path: f64, capacitance: f64): void {
  const peak = gap / path;
  const square = (gap * gap * capacitance) / (2.0 * path);
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
  const path = load<f64>(pack.momentResistance_Ohm) + load<f64>(row, source.connection_Ohm) + extra;
  const before = load<f64>(row, source.input_V);
  const gap = voltage - before;
  if (meets || (left == 1 && waits == 0)) {
    tellInrush(gap, path, capacitance);
    if (abs<f64>(gap / path) > load<f64>(pack.pulsePeak_A)) store<f64>(pack.pulsePeak_A, abs<f64>(gap / path));
  }
  const keep = Math.exp(-dt / (path * capacitance));
  const moved = capacitance * gap * (1.0 - keep);
  store<f64>(row, before + gap * (1.0 - keep), source.input_V);
  const square = ((gap * gap * capacitance) / (2.0 * path)) * (1.0 - keep * keep);
  store<f64>(pack.pulse_A2s, load<f64>(pack.pulse_A2s) + max<f64>(square - (moved * moved) / dt, 0.0));
  return -moved / dt;
}

/** Equation (25): i = I (1 - ratio cos) has this amplitude and the mean square I² (1 + ratio²/2). */
function rippleOf(row: usize, voltage: f64): f64 {
  return voltage > 0.0 ? abs<f64>((load<f64>(row, source.ripple_ratio) * load<f64>(row, source.input_W)) / voltage) : 0.0;
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
    if (load<i32>(row, source.kind) != INVERTER) continue;
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
