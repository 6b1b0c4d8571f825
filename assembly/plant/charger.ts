/**
 * Chargers: current and voltage limit, their own end, and the smart ones that listen to COM1.
 * Separate from the loads because a charger has a state and acts against all other equipment.
 *
 * Equations in docs/model.md: constant-voltage charging (15), smart charger (22).
 */
import { eventCode, pack, source, unit } from '../generated/layout';
import { report } from '../time/events';
import { CHARGER, inForce, mayCharge, rowAt } from './equipmentRow';

const ENDED: i32 = 2;
const NO_CELL: i32 = -1;

/** Equation (22): a smart charger nears the share that COM1 allows; at Over charge P, or without a telegram, it stops at once. */
function allowance(row: usize, dt: f64): f64 {
  if (!load<i32>(row, source.smart) || load<f64>(row, source.ignoresStop) != 0.0) return 1.0;
  const headroom = load<i32>(unit.running) ? load<f64>(unit.chargeHeadroom_V) : 0.0;
  const target = min<f64>(max<f64>(headroom / load<f64>(row, source.taper_V), 0.0), 1.0);
  const before = load<f64>(row, source.allowance_ratio);
  const share = dt > 0.0 && target > 0.0 ? dt / (load<f64>(row, source.response_s) + dt) : 1.0;
  const now = before + (target - before) * share;
  store<f64>(row, now, source.allowance_ratio);
  return now;
}

function currentLimit(row: usize, dt: f64): f64 {
  return load<f64>(row, source.current_A) * (1.0 + load<f64>(row, source.overCurrent_ratio)) * allowance(row, dt);
}

/** Equation (15): the charger gives its current until the voltage at its own terminals reaches its limit, then what keeps it there. */
function chargerCurrent(row: usize, limit: f64, others: f64, power: f64, emf: f64, resistance: f64, ofPower_Ohm: f64): f64 {
  const voltage = load<f64>(row, source.voltage_V) * (1.0 + load<f64>(row, source.overVoltage_ratio));
  const met = power == 0.0 ? emf : emf + (ofPower_Ohm * power) / voltage;
  if (met + resistance * (others + limit) <= voltage) return limit;
  return min<f64>(max<f64>((voltage - met) / resistance - others, 0.0), limit);
}

/** It ends where its own voltage limit, or COM1 (`lowering`), has brought its current down to the end current. */
function follow(row: usize, current: f64, limit: f64, lowering: bool): void {
  const end = load<f64>(row, source.endCurrent_A);
  if ((current < limit || lowering) && current <= end) {
    store<i32>(row, ENDED, source.state);
    report(eventCode.chargerEnded, true, NO_CELL, current, current, end);
  } else store<i32>(row, current < limit ? 1 : 0, source.state);
}

/** A charger that is switched off starts anew when it is switched on. */
function rearm(row: usize): void {
  if (load<f64>(row, source.enabled) != 0.0) return;
  if (load<i32>(row, source.state) == ENDED) report(eventCode.chargerEnded, false, NO_CELL, 0.0, 0.0, load<f64>(row, source.endCurrent_A));
  store<i32>(row, 0, source.state);
}

/** Current of all chargers, one after the other, against E + R I where they are joined; `ofPower_Ohm` is what a constant power's current moves there. */
export function chargers(time: f64, dt: f64, power: f64, emf: f64, resistance: f64, ofPower_Ohm: f64): f64 {
  const count = load<i32>(pack.sourceCount);
  let sum = 0.0;
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    if (load<i32>(row, source.kind) != CHARGER) continue;
    rearm(row);
    if (!inForce(row, time) || !mayCharge() || load<i32>(row, source.state) == ENDED) continue;
    const before = load<f64>(row, source.allowance_ratio);
    const limit = currentLimit(row, dt);
    const allowed = load<f64>(row, source.allowance_ratio);
    const current = chargerCurrent(row, limit, sum, power, emf, resistance, ofPower_Ohm);
    follow(row, current, limit, allowed > 0.0 && allowed < before);
    if (load<i32>(row, source.state) != ENDED) sum += current;
  }
  return sum;
}
