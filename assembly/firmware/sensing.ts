/**
 * The only bridge from truth to belief: what the front end, the shunt and the sensors make of the plant.
 * Writes readings in their own resolution and the integer measurands of every rule.
 */
import {
  assumed,
  estimate,
  group,
  heat,
  layout,
  measurand,
  measured,
  pack,
  protection,
  rule,
  run,
  sensing,
  STORAGE_CURRENT_A,
  unit,
  vector,
} from '../generated/layout';
import { add, highestLane, lowestLane, maximum, minimum, mul, roundNearest, splat, sumColumn } from '../lane';
import { normal } from '../time/random';

/** Reading and group share one number, so that one minimum gives both: 32 * mV + group. */
const PER_READING: f64 = 32.0;
const CURRENT_STREAM: u32 = 0x10000;
/** Counting leaves an SOC of 10 % at 9.999999999 %: that is still 10 %. */
const SAME_SOC: f64 = 1e-6;
const DISCHARGE: i32 = 0;
const CHARGE: i32 = 1;
const STORAGE: i32 = 2;

function seed(): u64 {
  return ((<u64>(<u32>load<i32>(sensing.seedHigh))) << 32) | (<u64>(<u32>load<i32>(sensing.seedLow)));
}

function drawNoise(sample: i32): void {
  const groups = load<i32>(run.groupCount);
  let g = <usize>load<i32>(run.groupBase);
  for (let i = 0; i < groups; i++) {
    const at = g + ((<usize>(i & 3)) << 3);
    const sigma = load<f64>(at, group.noise_V);
    store<f64>(at, sigma > 0.0 ? sigma * normal(seed(), <u32>i, <u32>sample) : 0.0, group.noiseNow_V);
    if ((i & 3) == 3) g += <usize>layout.groupChunkBytes;
  }
}

/** Gain, offset and the converter's step of every channel, and which reads highest and lowest. */
function readChannels<T>(): void {
  let top = splat<T>(-1e12);
  let bottom = splat<T>(1e12);
  const end = <usize>load<i32>(run.groupBase) + <usize>load<i32>(run.groupBytes);
  for (let g = <usize>load<i32>(run.groupBase); g < end; g += <usize>layout.groupChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      const at = g + lane;
      const biased = add<T>(
        add<T>(mul<T>(load<T>(at, group.afeVoltage_V), load<T>(at, group.gain_ratio)), load<T>(at, group.offset_V)),
        load<T>(at, group.noiseNow_V),
      );
      const reading = roundNearest<T>(mul<T>(biased, splat<T>(1000.0)));
      store<T>(at, reading, group.measured_mV);
      const key = mul<T>(reading, splat<T>(PER_READING));
      bottom = minimum<T>(bottom, add<T>(key, load<T>(at, group.lowBias)));
      top = maximum<T>(top, add<T>(key, load<T>(at, group.highBias)));
    }
  }
  const lowest = lowestLane<T>(bottom);
  const highest = highestLane<T>(top);
  store<f64>(measured.lowest_mV, floor<f64>(lowest / PER_READING));
  store<f64>(measured.highest_mV, floor<f64>(highest / PER_READING));
  store<i32>(measured.lowestCell, groupOf(lowest));
  store<i32>(measured.highestCell, groupOf(highest));
}

function groupOf(key: f64): i32 {
  return <i32>(key - floor<f64>(key / PER_READING) * PER_READING);
}

function tenths(x: f64): f64 {
  return nearest<f64>(x * 10.0);
}

function readCurrent(sample: i32): void {
  const sigma = load<f64>(sensing.currentNoise_A);
  const noise = sigma > 0.0 ? sigma * normal(seed(), CURRENT_STREAM, <u32>sample) : 0.0;
  const biased = load<f64>(pack.current_A) * load<f64>(sensing.currentGain_ratio) + load<f64>(sensing.currentOffset_A) + noise;
  const current = tenths(biased);
  store<f64>(measured.current_A, current / 10.0);
  const mode = current >= STORAGE_CURRENT_A * 10.0 ? CHARGE : current <= STORAGE_CURRENT_A * -10.0 ? DISCHARGE : STORAGE;
  store<i32>(unit.mode, mode);
}

function countCells(): i32 {
  const groups = load<i32>(run.groupCount);
  const present = load<f64>(assumed.cellPresent_V) * 1000.0;
  if (load<f64>(measured.lowest_mV) >= present) return groups;
  let count = 0;
  let g = <usize>load<i32>(run.groupBase);
  for (let i = 0; i < groups; i++) {
    if (load<f64>(g + ((<usize>(i & 3)) << 3), group.measured_mV) >= present) count++;
    if ((i & 3) == 3) g += <usize>layout.groupChunkBytes;
  }
  return count;
}

function setReading(which: i32, value: f64): void {
  store<f64>(<usize>vector.reading + ((<usize>which) << 3), value);
}

/** Every measurand in its integer unit, then each rule's key: its measurand in its own direction. */
export function formMeasurands(): void {
  const current = nearest<f64>(load<f64>(measured.current_A) * 10.0);
  const t1 = nearest<f64>(load<f64>(measured.temperature1_degC) * 10.0);
  const t2 = nearest<f64>(load<f64>(measured.temperature2_degC) * 10.0);
  const highest = load<f64>(measured.highest_mV);
  const lowest = load<f64>(measured.lowest_mV);
  const learnt = load<i32>(unit.cellsLearnt);
  setReading(measurand.cellVoltageMax, highest);
  setReading(measurand.cellVoltageMin, lowest);
  setReading(measurand.chargeCurrent, current);
  setReading(measurand.dischargeCurrent, 0.0 - current);
  setReading(measurand.temperatureMax, max<f64>(t1, t2));
  setReading(measurand.temperatureMin, min<f64>(t1, t2));
  setReading(measurand.temperatureDifference, abs<f64>(t1 - t2));
  setReading(measurand.cellDifferenceInDischarge, load<i32>(unit.mode) == DISCHARGE ? highest - lowest : 0.0);
  setReading(measurand.soc, floor<f64>(load<f64>(estimate.soc) * 10000.0 + SAME_SOC));
  setReading(measurand.cellCountMismatch, learnt == 0 ? 0.0 : abs<f64>(<f64>(load<i32>(measured.cellCount) - learnt)));
  const count = load<i32>(protection.ruleCount);
  let row = <usize>rule.base;
  for (let i = 0; i < count; i++) {
    const value = load<f64>(<usize>vector.reading + ((<usize>load<i32>(row, rule.measurand)) << 3));
    store<f64>(<usize>vector.ruleKey + ((<usize>i) << 3), value * load<f64>(row, rule.direction));
    row += <usize>rule.bytes;
  }
}

export function sense<T>(): void {
  const sample = load<i32>(sensing.sample) + 1;
  store<i32>(sensing.sample, sample);
  if (load<f64>(sensing.hasNoise) != 0.0) drawNoise(sample);
  readChannels<T>();
  const from = <usize>load<i32>(run.groupBase) + <usize>group.measured_mV;
  store<f64>(measured.voltageSum_mV, sumColumn<T>(from, from + <usize>load<i32>(run.groupBytes), <usize>layout.groupChunkBytes));
  store<i32>(measured.cellCount, countCells());
  readCurrent(sample);
  const t1 = tenths(load<f64>(load<i32>(sensing.t1Cell)) + load<f64>(sensing.t1Offset_K));
  const t2 = tenths(load<f64>(load<i32>(sensing.t2Cell)) + load<f64>(sensing.t2Offset_K));
  store<f64>(measured.temperature1_degC, t1 / 10.0);
  store<f64>(measured.temperature2_degC, t2 / 10.0);
  store<f64>(measured.case_degC, tenths(load<f64>(heat.case_degC)) / 10.0);
}
