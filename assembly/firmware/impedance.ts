/**
 * Impedance of each cell as the device shows it: the step of its reading over the step of the current, at a change between charge and discharge.
 * Separate from sensing because it looks at two samples, and only where the direction has changed.
 */
import { groupAt } from '../address';
import { assumed, group, impedance, measured, run, unit } from '../generated/layout';

const STORAGE: i32 = 2;
/** Tenths of a milliohm, per ohm; a step of 1 mV over 1 A is ten of them. */
const PER_OHM: f64 = 10000.0;
const PER_MILLIOHM: f64 = 10.0;

/** Once the current of a sample is known: whether it goes the other way than the last current that went any way. */
export function directionHasTurned(currentBefore: f64): bool {
  const mode = load<i32>(unit.mode);
  const before = load<i32>(impedance.direction);
  if (mode == before || mode == STORAGE) return false;
  store<i32>(impedance.direction, mode);
  return before != STORAGE && abs<f64>(load<f64>(measured.current_A) - currentBefore) >= load<f64>(assumed.impedanceStep_A);
}

/** Readings of the sample before, while they are still there. */
export function keepVoltages(): void {
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) {
    const at = groupAt(g);
    store<f64>(at, load<f64>(at, group.measured_mV), group.impedanceFrom_mV);
  }
}

/** A reading that moves against its current shows 0. */
export function formImpedances(currentBefore: f64): void {
  const step = load<f64>(measured.current_A) - currentBefore;
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) {
    const at = groupAt(g);
    const milliohm = (load<f64>(at, group.measured_mV) - load<f64>(at, group.impedanceFrom_mV)) / step;
    store<f64>(at, max<f64>(nearest<f64>(milliohm * PER_MILLIOHM), 0.0) / PER_OHM, group.impedance_Ohm);
  }
  store<i32>(impedance.tick, load<i32>(run.tick));
  store<i32>(impedance.mode, load<i32>(unit.mode));
  store<f64>(impedance.current_A, load<f64>(measured.current_A));
}

/** Switched on, the unit knows of no change yet. */
export function forgetImpedances(): void {
  store<i32>(impedance.direction, STORAGE);
  store<i32>(impedance.tick, 0);
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) store<f64>(groupAt(g), 0.0, group.impedance_Ohm);
}
