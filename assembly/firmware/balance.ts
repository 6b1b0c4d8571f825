/**
 * Passive balancing: which bleeds are ordered until the next sample.
 * Starts when the lowest cell is above the start voltage; every cell at least the set difference above the lowest bleeds.
 */
import { assumed, balance, eventCode, group, heat, layout, measured, run, setting, unit } from '../generated/layout';
import { anyOutside, splat, sub, whereGreater } from '../lane';
import { report } from '../time/events';

const DISCHARGE: i32 = 0;
const CHARGE: i32 = 1;

function allowedInMode(): bool {
  const mode = load<i32>(unit.mode);
  if (mode == CHARGE) return load<f64>(setting.balanceInCharge) != 0.0;
  if (mode == DISCHARGE) return load<f64>(setting.balanceInDischarge) != 0.0;
  return load<f64>(setting.balanceInStorage) != 0.0;
}

/** Bleeding stops when the case is too warm and resumes when it has cooled. */
function caseIsTooHot(): bool {
  const was = load<i32>(balance.tooHot) != 0;
  const reading = load<f64>(measured.case_degC);
  const stop = load<f64>(assumed.balanceStop_degC);
  const resume = load<f64>(assumed.balanceResume_degC);
  const is = was ? reading > resume : reading >= stop;
  if (is != was) {
    store<i32>(balance.tooHot, is ? 1 : 0);
    report(eventCode.balancingTooHot, is, -1, reading, load<f64>(heat.case_degC), is ? stop : resume);
  }
  return is;
}

/** Orders the bleed of every channel that reads more than `level` mV. */
function orderAbove<T>(level: f64): void {
  const start = <usize>load<i32>(run.groupBase);
  const end = start + <usize>load<i32>(run.groupBytes);
  let turned = false;
  for (let g = start; g < end; g += <usize>layout.groupChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      const above = sub<T>(load<T>(g + lane, group.measured_mV), splat<T>(level));
      const order = whereGreater<T>(above, splat<T>(0.0), splat<T>(1.0), splat<T>(0.0));
      const before = load<T>(g + lane, group.bleedOrder);
      if (anyOutside<T>(order, before, before)) turned = true;
      store<T>(g + lane, order, group.bleedOrder);
    }
  }
  if (turned) store<i32>(balance.orders, load<i32>(balance.orders) + 1);
}

/** `awake` false takes all orders back. */
export function balanceCells<T>(awake: bool): void {
  const lowest = load<f64>(measured.lowest_mV);
  const difference = load<f64>(measured.highest_mV) - lowest;
  const startDifference = nearest<f64>(load<f64>(setting.balanceStartDifference_V) * 1000.0);
  const starts = lowest > nearest<f64>(load<f64>(setting.balanceStartVoltage_V) * 1000.0) && difference >= startDifference;
  const active = awake && !caseIsTooHot() && starts && allowedInMode();
  const was = load<i32>(balance.active) != 0;
  if (active) orderAbove<T>(lowest + startDifference - 0.5);
  else if (was) orderAbove<T>(Infinity);
  if (active == was) return;
  store<i32>(balance.active, active ? 1 : 0);
  report(
    eventCode.balancing,
    active,
    load<i32>(measured.highestCell),
    difference / 1000.0,
    difference / 1000.0,
    load<f64>(setting.balanceStartDifference_V),
  );
}
