/**
 * The unit's own estimate of its state of charge: coulomb counting on what it displays, calibrated as FAQ 4 says.
 * Reads belief only: displayed current, readings, settings and the unit's OCV table.
 */
import { assumed, estimate, eventCode, measured, run, setting, unit } from '../generated/layout';
import { maximum, minimum } from '../lane';
import { report } from '../time/events';
import { trueSoc } from '../time/truth';

const STORAGE: i32 = 2;

/** Sets the estimate, at a limit of the pack or from the OCV table. */
export function anchorSoc(soc: f64): void {
  if (!memoryIsLost()) keep(soc);
}

/** Both copies of the memory. */
function keep(soc: f64): void {
  store<f64>(estimate.soc, soc);
  store<f64>(estimate.storedCopy_soc, soc);
}

function memoryIsLost(): bool {
  return load<f64>(estimate.memoryLost) != 0.0;
}

/** FAQ 3a: switched on, the unit takes up its second copy where the first is lost. */
export function restoreSoc(): void {
  if (!memoryIsLost()) return;
  store<f64>(estimate.memoryLost, 0.0);
  store<f64>(estimate.soc, load<f64>(estimate.storedCopy_soc));
}

function count(): void {
  const current = load<f64>(measured.current_A);
  const effective = current > 0.0 ? current * load<f64>(estimate.efficiency_ratio) : current;
  const soc = load<f64>(estimate.soc) + (effective * load<f64>(unit.periodHours)) / load<f64>(setting.batteryCapacity_Ah);
  keep(minimum<f64>(maximum<f64>(soc, 0.0), 1.0));
}

function samplePeriod(): f64 {
  return <f64>load<i32>(run.firmwareTicks) * load<f64>(run.tick_s);
}

function beginSegment(mode: i32): void {
  store<i32>(estimate.segmentMode, mode);
  store<f64>(estimate.segmentTenths, 0.0);
  store<i32>(estimate.calibrationDue, 0);
  store<i32>(estimate.restSamples, 0);
}

/** SOC from the unit's OCV table at the mean cell voltage; nothing where the curve is too flat to tell. */
function calibrate(): void {
  const mean = load<f64>(measured.voltageSum_mV) / 1000.0 / <f64>max<i32>(load<i32>(measured.cellCount), 1);
  const voltage = mean - load<f64>(estimate.ocvOffset_V);
  const table = <usize>load<i32>(estimate.ocvBase);
  const steps = load<i32>(estimate.ocvCount) - 1;
  let i = 0;
  while (i < steps - 1 && voltage >= load<f64>(table + ((<usize>i + 1) << 3))) i++;
  const low = load<f64>(table + ((<usize>i) << 3));
  const rise = load<f64>(table + ((<usize>i + 1) << 3)) - low;
  if (rise * <f64>steps < load<f64>(assumed.calibrationSlope_V)) return;
  const soc = minimum<f64>(maximum<f64>((<f64>i + (voltage - low) / rise) / <f64>steps, 0.0), 1.0);
  const before = load<f64>(estimate.soc);
  anchorSoc(soc);
  report(eventCode.socCalibrated, true, -1, soc, trueSoc(), before);
}

function followSegment(): void {
  const mode = load<i32>(unit.mode);
  if (mode != STORAGE) {
    if (mode != load<i32>(estimate.segmentMode)) beginSegment(mode);
    const tenths = nearest<f64>(abs<f64>(load<f64>(measured.current_A)) * 10.0);
    store<f64>(estimate.segmentTenths, load<f64>(estimate.segmentTenths) + tenths);
    return;
  }
  if (load<i32>(estimate.segmentMode) != STORAGE) {
    // Whole tenths of an ampere are summed exactly; 36000 of them for a second are one ampere-hour.
    const needed = load<f64>(assumed.calibrationSwing_fraction) * load<f64>(setting.batteryCapacity_Ah) * 36000.0;
    const enough = load<f64>(estimate.segmentTenths) * samplePeriod() >= needed * (1.0 - 1e-12);
    beginSegment(STORAGE);
    store<i32>(estimate.calibrationDue, enough ? 1 : 0);
    return;
  }
  if (!load<i32>(estimate.calibrationDue)) return;
  const rest = load<i32>(estimate.restSamples) + 1;
  store<i32>(estimate.restSamples, rest);
  if (<f64>rest * samplePeriod() < load<f64>(assumed.calibrationRest_s)) return;
  store<i32>(estimate.calibrationDue, 0);
  calibrate();
}

export function estimateSoc(): void {
  if (memoryIsLost()) {
    store<f64>(estimate.soc, 0.0);
    return;
  }
  count();
  followSegment();
}
