/**
 * How the current is measured: shunt, low-pass filter, a converter with a clock of its own, and the cable's common mode.
 * A part of the bridge from truth to belief, separate because ripple and filter know time between two samples.
 *
 * Equations in docs/model.md: aliasing (49), filter (50), common mode (51).
 */
import { firmware_gain_ratio, firmware_offset_A, measured, pack, run, sensing } from '../generated/layout';
import { maximum, minimum } from '../lane';
import { normal } from '../time/random';

const CURRENT_STREAM: u32 = 0x10000;
const TWO_PI: f64 = 6.283185307179586;

function seed(): u64 {
  return ((<u64>(<u32>load<i32>(sensing.seedHigh))) << 32) | (<u64>(<u32>load<i32>(sensing.seedLow)));
}

/** Equation (50): the filter follows the mean of every tick, exactly for a current that is constant in it. */
export function filterCurrent(): void {
  const time = load<f64>(sensing.filterTime_s);
  const current = load<f64>(pack.current_A);
  if (time <= 0.0) {
    store<f64>(sensing.filtered_A, current);
    return;
  }
  const before = load<f64>(sensing.filtered_A);
  store<f64>(sensing.filtered_A, before + (current - before) * (1.0 - Math.exp(-load<f64>(run.tick_s) / time)));
}

/** At the start the filter has long seen the current that flows. */
export function settleFilter(): void {
  store<f64>(sensing.filtered_A, load<f64>(pack.current_A));
}

/** Equation (49): cycles of the ripple when the converter samples, by its own clock. */
function phaseOf(sample: i32): f64 {
  const period = <f64>load<i32>(run.firmwareTicks) * load<f64>(run.tick_s);
  const cycles = load<f64>(pack.rippleFrequency_Hz) * (<f64>sample * period * load<f64>(sensing.clock_ratio));
  const phase = cycles + load<f64>(sensing.ripplePhase_cycles);
  return TWO_PI * (phase - floor<f64>(phase));
}

/** What the ripple adds to a sample: -A cos for i = I (1 - r cos), smaller and later behind a filter; the cable's voltage beside it. */
function rippleAt(sample: i32): f64 {
  const amplitude = load<f64>(pack.rippleAmplitude_A);
  if (amplitude == 0.0) return 0.0;
  const phase = phaseOf(sample);
  const omega = TWO_PI * load<f64>(pack.rippleFrequency_Hz);
  const lag = omega * load<f64>(sensing.filterTime_s);
  const square = 1.0 + lag * lag;
  // cos(phase - arctan lag) / sqrt(1 + lag²)
  const throughFilter = (Math.cos(phase) + lag * Math.sin(phase)) / square;
  // Equation (51): the inductance answers a quarter of a period earlier.
  const induced = omega * load<f64>(sensing.cableInductance_H) * Math.sin(phase);
  const resistive = -load<f64>(sensing.cableResistance_Ohm) * Math.cos(phase);
  const common = ((induced + resistive) * load<f64>(sensing.commonMode_ratio)) / load<f64>(sensing.shunt_Ohm);
  return amplitude * (common - throughFilter);
}

/** What the drop along the cable adds to a sample as common mode. */
function steadyAlongCable(): f64 {
  const resistance = load<f64>(sensing.cableResistance_Ohm);
  if (resistance == 0.0) return 0.0;
  return ((resistance * load<f64>(sensing.commonMode_ratio)) / load<f64>(sensing.shunt_Ohm)) * load<f64>(pack.current_A);
}

/** Firmware that has just been put in measures as it was made, whatever the one before it had learnt of itself. */
export function takeFirmware(version: i32): void {
  store<f64>(sensing.firmwareGain_ratio, load<f64>(firmware_gain_ratio + ((<usize>version) << 3)));
  store<f64>(sensing.firmwareOffset_A, load<f64>(firmware_offset_A + ((<usize>version) << 3)));
}

/** Zero and a known current teach the unit gain and offset as they are now; it takes them out again from then on. */
function calibrate(): void {
  const asked = load<f64>(sensing.currentCalibrations);
  if (asked == load<f64>(sensing.calibrationsSeen)) return;
  store<f64>(sensing.calibrationsSeen, asked);
  // A measurement that answers nothing teaches nothing.
  if (load<f64>(sensing.currentGain_ratio) == 0.0) return;
  store<f64>(sensing.correction_ratio, 1.0 / load<f64>(sensing.currentGain_ratio));
  store<f64>(sensing.correctionOffset_A, load<f64>(sensing.currentOffset_A));
  store<f64>(sensing.firmwareGain_ratio, 1.0);
  store<f64>(sensing.firmwareOffset_A, 0.0);
}

/** The displayed current of a sample in tenths of an ampere. */
export function sampleCurrent(sample: i32): f64 {
  calibrate();
  if (load<f64>(sensing.currentFrozen) != 0.0) return nearest<f64>(load<f64>(measured.current_A) * 10.0);
  const sigma = load<f64>(sensing.currentNoise_A);
  const noise = sigma > 0.0 ? sigma * normal(seed(), CURRENT_STREAM, <u32>sample) : 0.0;
  const sensed = load<f64>(sensing.filtered_A) + steadyAlongCable() + rippleAt(sample);
  const gain = load<f64>(sensing.currentGain_ratio) * load<f64>(sensing.firmwareGain_ratio);
  const biased = sensed * gain + (load<f64>(sensing.currentOffset_A) + load<f64>(sensing.firmwareOffset_A)) + noise;
  const corrected = (biased - load<f64>(sensing.correctionOffset_A)) * load<f64>(sensing.correction_ratio);
  const range = load<f64>(sensing.currentRange_A);
  return nearest<f64>(minimum<f64>(maximum<f64>(corrected, -range), range) * 10.0);
}
