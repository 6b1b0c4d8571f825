/**
 * The only bridge from truth to belief: what the front end, the shunt and the sensors make of the plant.
 * Writes readings in their own resolution and the integer measurands of every rule.
 */
import { groupAt } from '../address';
import {
  assumed,
  estimate,
  group,
  heat,
  layout,
  measurand,
  measured,
  pack,
  run,
  sensing,
  OPEN_SENSOR_DEGC,
  sensor,
  SHORT_SENSOR_DEGC,
  STORAGE_CURRENT_A,
  unit,
  vector,
} from '../generated/layout';
import { add, highestLane, lowestLane, maximum, minimum, mul, roundNearest, splat, sub, sumLanes } from '../lane';
import { normal } from '../time/random';
import { worldVersion } from '../time/version';
import { sampleCurrent } from './currentSensor';
import { directionHasTurned, formImpedances, keepVoltages } from './impedance';
import { followFrontEnd, isDisturbed, keepOwnReadings, keepReadings, received } from './frontEnd';

/** Reading and group share one number, so that one minimum gives both: 32 * mV + group. */
const PER_READING: f64 = 32.0;
const READINGS: f64 = 1.0 / PER_READING;
/** Counting leaves an SOC of 10 % at 9.999999999 %: that is still 10 %. */
const SAME_SOC: f64 = 1e-6;
const DISCHARGE: i32 = 0;
const CHARGE: i32 = 1;
const STORAGE: i32 = 2;
/** Front end and sensors are adjusted at this temperature. */
const CALIBRATED_DEGC: f64 = 25.0;
const OPEN: f64 = 1.0;
const SHORT: f64 = 2.0;

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

/** What every channel makes of the voltage at its pins, gain, offset and correction in one: a line. */
function formLines<T>(): void {
  const end = <usize>load<i32>(run.groupBase) + <usize>load<i32>(run.groupBytes);
  for (let g = <usize>load<i32>(run.groupBase); g < end; g += <usize>layout.groupChunkBytes) {
    for (let at = g; at < g + 32; at += sizeof<T>()) {
      const correction = load<T>(at, group.correction_ratio);
      const offset = sub<T>(add<T>(load<T>(at, group.offset_V), load<T>(at, group.noiseNow_V)), load<T>(at, group.correctionOffset_V));
      store<T>(at, mul<T>(load<T>(at, group.gain_ratio), correction), group.line_ratio);
      store<T>(at, mul<T>(offset, correction), group.lineOffset_V);
    }
  }
}

/** The lines change with what is done to the front end, and at every sample where it is noisy. */
function refreshLines<T>(sample: i32): void {
  const noisy = load<f64>(sensing.hasNoise) != 0.0;
  const version = worldVersion();
  if (!noisy && version == load<i32>(sensing.linesFor)) return;
  store<i32>(sensing.linesFor, version);
  // Also where none is noisy any more: what was drawn last goes with it.
  drawNoise(sample);
  formLines<T>();
}

/** The reading of two channels by the converter's step, all against one reference. */
@inline
function converted<T>(at: usize, scale: T): T {
  const seen = add<T>(mul<T>(load<T>(at, group.afeVoltage_V), load<T>(at, group.line_ratio)), load<T>(at, group.lineOffset_V));
  return roundNearest<T>(mul<T>(seen, scale));
}

/** Fresh readings of every channel. */
function convert<T>(scale: T): void {
  const end = <usize>load<i32>(run.groupBase) + <usize>load<i32>(run.groupBytes);
  for (let g = <usize>load<i32>(run.groupBase); g < end; g += <usize>layout.groupChunkBytes)
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) store<T>(g + lane, converted<T>(g + lane, scale), group.measured_mV);
}

/** Readings that do not come from their own pins take the place of those that do. */
function disturb(sample: i32): void {
  const groups = load<i32>(run.groupCount);
  keepOwnReadings();
  for (let g = 0; g < groups; g++) store<f64>(groupAt(g), received(g, sample), group.measured_mV);
}

/** Keeps which channel reads highest and lowest, from the keys of all. */
function keepExtremes<T>(bottom: T, top: T): void {
  const lowest = lowestLane<T>(bottom);
  const highest = highestLane<T>(top);
  const low = floor<f64>(lowest * READINGS);
  const high = floor<f64>(highest * READINGS);
  store<f64>(measured.lowest_mV, low);
  store<f64>(measured.highest_mV, high);
  store<i32>(measured.lowestCell, <i32>(lowest - low * PER_READING));
  store<i32>(measured.highestCell, <i32>(highest - high * PER_READING));
}

/** Ranks and adds up all readings, whole numbers whose sum is exact in any order; with `fresh` each is converted on the way. */
@inline
function rank<T>(scale: T, fresh: bool): void {
  const perReading = splat<T>(PER_READING);
  let top = splat<T>(-1e12);
  let bottom = splat<T>(1e12);
  let sum = splat<T>(0.0);
  const end = <usize>load<i32>(run.groupBase) + <usize>load<i32>(run.groupBytes);
  for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
    for (let at = <usize>load<i32>(run.groupBase) + lane; at < end; at += <usize>layout.groupChunkBytes) {
      const reading = fresh ? converted<T>(at, scale) : load<T>(at, group.measured_mV);
      if (fresh) store<T>(at, reading, group.measured_mV);
      const key = mul<T>(reading, perReading);
      sum = add<T>(sum, reading);
      bottom = minimum<T>(bottom, add<T>(key, load<T>(at, group.lowBias)));
      top = maximum<T>(top, add<T>(key, load<T>(at, group.highBias)));
    }
  }
  store<f64>(measured.voltageSum_mV, sumLanes<T>(sum));
  keepExtremes<T>(bottom, top);
}

function readChannels<T>(sample: i32): void {
  followFrontEnd();
  refreshLines<T>(sample);
  const reference = 1.0 + load<f64>(sensing.referenceDrift_per_K) * (load<f64>(heat.case_degC) - CALIBRATED_DEGC);
  const scale = splat<T>(1000.0 * reference);
  if (!isDisturbed()) {
    rank<T>(scale, true);
    return;
  }
  keepReadings();
  convert<T>(scale);
  disturb(sample);
  rank<T>(scale, false);
}

function tenths(x: f64): f64 {
  return nearest<f64>(x * 10.0);
}

function readCurrent(sample: i32): void {
  const current = sampleCurrent(sample);
  store<f64>(measured.current_A, current / 10.0);
  const mode = current >= STORAGE_CURRENT_A * 10.0 ? CHARGE : current <= STORAGE_CURRENT_A * -10.0 ? DISCHARGE : STORAGE;
  store<i32>(unit.mode, mode);
}

/** What a sensor follows: its cell, the air, or something between. */
function aroundSensor(row: usize): f64 {
  const contact = load<f64>(row, sensor.contact_ratio);
  const touched = load<f64>(<usize>load<f64>(row, sensor.cell));
  return contact == 1.0 ? touched : contact * touched + (1.0 - contact) * load<f64>(pack.ambientNow_degC);
}

/** Displayed temperature of a sensor: its own, which follows cell or air, through a divider that may be the wrong one. */
function readTemperature(index: usize): f64 {
  const socket = <usize>sensor.base + index * <usize>sensor.bytes;
  const row = <usize>sensor.base + <usize>load<f64>(socket, sensor.element) * <usize>sensor.bytes;
  const around = aroundSensor(row);
  const lag = load<f64>(row, sensor.lag_s);
  const period = <f64>load<i32>(run.firmwareTicks) * load<f64>(run.tick_s);
  const before = load<f64>(row, sensor.temperature_degC);
  const own = lag > 0.0 ? before + (around - before) * (1.0 - Math.exp(-period / lag)) : around;
  store<f64>(row, own, sensor.temperature_degC);
  const broken = load<f64>(row, sensor.broken);
  if (broken == OPEN) return OPEN_SENSOR_DEGC;
  if (broken == SHORT) return SHORT_SENSOR_DEGC;
  const slope = load<f64>(row, sensor.slope_ratio);
  const shown = slope == 1.0 ? own : CALIBRATED_DEGC + slope * (own - CALIBRATED_DEGC);
  return tenths(shown + load<f64>(row, sensor.offset_K)) / 10.0;
}

/** Temperatures move on slow steps, by commands and by effects; a sensor with a lag of its own moves at every sample. */
function temperaturesAreDue(): bool {
  const version = worldVersion();
  const slow = load<i32>(run.slowDone);
  if (version == load<i32>(sensing.versionFelt) && slow == load<i32>(sensing.slowFelt) && !load<i32>(sensing.lagging)) return false;
  const lagging = load<f64>(sensor.base, sensor.lag_s) > 0.0 || load<f64>(sensor.base + sensor.bytes, sensor.lag_s) > 0.0;
  store<i32>(sensing.lagging, lagging ? 1 : 0);
  store<i32>(sensing.versionFelt, version);
  store<i32>(sensing.slowFelt, slow);
  return true;
}

function readTemperatures(): void {
  store<f64>(measured.temperature1_degC, readTemperature(0));
  store<f64>(measured.temperature2_degC, readTemperature(1));
  store<f64>(measured.case_degC, tenths(load<f64>(heat.case_degC)) / 10.0);
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

/** Every measurand in its integer unit. */
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
  setReading(measurand.temperatureMax, maximum<f64>(t1, t2));
  setReading(measurand.temperatureMin, minimum<f64>(t1, t2));
  setReading(measurand.temperatureDifference, abs<f64>(t1 - t2));
  setReading(measurand.cellDifferenceInDischarge, load<i32>(unit.mode) == DISCHARGE ? highest - lowest : 0.0);
  setReading(measurand.soc, floor<f64>(load<f64>(estimate.soc) * 10000.0 + SAME_SOC));
  setReading(measurand.cellCountMismatch, learnt == 0 ? 0.0 : abs<f64>(<f64>(load<i32>(measured.cellCount) - learnt)));
}

/** At the start a sensor has the temperature of what it touches. */
export function settleSensors(): void {
  if (!load<i32>(run.hasUnit)) return;
  for (let index: usize = 0; index < 2; index++) {
    const row = <usize>sensor.base + index * <usize>sensor.bytes;
    store<f64>(row, aroundSensor(row), sensor.temperature_degC);
  }
}

/** Of all its readings a sleeping unit takes this one only. */
export function senseCurrent(): void {
  const sample = load<i32>(sensing.sample) + 1;
  store<i32>(sensing.sample, sample);
  readCurrent(sample);
}

export function sense<T>(): void {
  const sample = load<i32>(sensing.sample) + 1;
  store<i32>(sensing.sample, sample);
  const currentBefore = load<f64>(measured.current_A);
  readCurrent(sample);
  const turned = directionHasTurned(currentBefore);
  if (turned) keepVoltages();
  readChannels<T>(sample);
  if (turned) formImpedances(currentBefore);
  store<i32>(measured.cellCount, countCells());
  if (temperaturesAreDue()) readTemperatures();
}
