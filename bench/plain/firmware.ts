/**
 * One sample of the unit's firmware in plain JavaScript: sensing, balancing and the estimate.
 * The protections stand beside it in protection.ts.
 */
import { STORAGE_CURRENT_A } from '../../domain/device.ts';
import { MEASURAND_NAMES } from '../../domain/protections.ts';
import { nearest, type SensorRow, type State } from './state.ts';
import { directionHasTurned, formImpedances, keepVoltages } from './unit.ts';

const DISCHARGE = 0;
const CHARGE = 1;
const STORAGE = 2;
const STORAGE_TENTHS = STORAGE_CURRENT_A * 10;
/** Counting leaves an SOC of 10 % at 9.999999999 %: that is still 10 %. */
const SAME_SOC = 1e-6;
/** Front end and sensors are adjusted at this temperature. */
const CALIBRATED_DEGC = 25;
const TENTHS_PER_AMPERE_HOUR = 36000;
const MEASURAND = Object.fromEntries(MEASURAND_NAMES.map((name, index) => [name, index])) as Record<
  (typeof MEASURAND_NAMES)[number],
  number
>;
/** Hoisted: a look-up by name in every sample would cost. */
const CELL_VOLTAGE_MAX = MEASURAND.cellVoltageMax;
const CELL_VOLTAGE_MIN = MEASURAND.cellVoltageMin;
const CHARGE_CURRENT = MEASURAND.chargeCurrent;
const DISCHARGE_CURRENT = MEASURAND.dischargeCurrent;
const TEMPERATURE_MAX = MEASURAND.temperatureMax;
const TEMPERATURE_MIN = MEASURAND.temperatureMin;
const TEMPERATURE_DIFFERENCE = MEASURAND.temperatureDifference;
const CELL_DIFFERENCE = MEASURAND.cellDifferenceInDischarge;
const SOC = MEASURAND.soc;
const CELL_COUNT = MEASURAND.cellCountMismatch;

/** Readings to 1 mV with their extremes: of equal readings the first is lowest and the last is highest. */
function readChannels({ assumed, groups, heat, measured, sensing, groupCount }: State): void {
  const { afeVoltage_V, line_ratio, lineOffset_V, measured_mV } = groups;
  const scale = 1000 * (1 + sensing.referenceDrift_per_K * (heat.case_degC - CALIBRATED_DEGC));
  let lowest = Infinity;
  let highest = -Infinity;
  let lowestCell = 0;
  let highestCell = 0;
  let sum = 0;
  let count = 0;
  for (let i = 0; i < groupCount; i++) {
    const reading = nearest((afeVoltage_V[i]! * line_ratio[i]! + lineOffset_V[i]!) * scale);
    measured_mV[i] = reading;
    sum += reading;
    if (reading >= assumed.cellPresent_V * 1000) count++;
    if (reading < lowest) {
      lowest = reading;
      lowestCell = i;
    }
    if (reading >= highest) {
      highest = reading;
      highestCell = i;
    }
  }
  measured.lowest_mV = lowest;
  measured.highest_mV = highest;
  measured.lowestCell = lowestCell;
  measured.highestCell = highestCell;
  measured.voltageSum_mV = sum;
  measured.cellCount = count;
}

/** The filter on the current sensor follows the mean of every tick. */
export function filterCurrent({ pack, run, sensing }: State): void {
  const time = sensing.filterTime_s;
  if (time <= 0) sensing.filtered_A = pack.current_A;
  else sensing.filtered_A += (pack.current_A - sensing.filtered_A) * (1 - Math.exp(-run.tick_s / time));
}

/** The displayed current in tenths of an ampere: no equipment here has ripple. */
function sampleCurrent({ pack, sensing }: State): number {
  const steady = (sensing.cableResistance_Ohm * sensing.commonMode_ratio) / sensing.shunt_Ohm;
  const sensed = sensing.filtered_A + steady * pack.current_A;
  const biased = sensed * sensing.currentGain_ratio + sensing.currentOffset_A;
  const corrected = (biased - sensing.correctionOffset_A) * sensing.correction_ratio;
  return nearest(Math.min(Math.max(corrected, -sensing.currentRange_A), sensing.currentRange_A) * 10);
}

/** Displayed temperature of a sensor: its own, which follows cell or air. */
function readTemperature({ cells, pack, run }: State, row: SensorRow): number {
  const touched = cells.temperature_degC[row.group]!;
  const around = row.contact_ratio === 1 ? touched : row.contact_ratio * touched + (1 - row.contact_ratio) * pack.ambientNow_degC;
  const before = row.temperature_degC;
  const period = run.firmwareTicks * run.tick_s;
  row.temperature_degC = row.lag_s > 0 ? before + (around - before) * (1 - Math.exp(-period / row.lag_s)) : around;
  const shown = CALIBRATED_DEGC + row.slope_ratio * (row.temperature_degC - CALIBRATED_DEGC);
  return nearest(((row.slope_ratio === 1 ? row.temperature_degC : shown) + row.offset_K) * 10) / 10;
}

/** Temperatures move on slow steps; a sensor with a lag of its own moves at every sample. */
function temperaturesAreDue({ run, sensing, sensors }: State): boolean {
  if (run.slowDone === sensing.slowFelt && sensing.lagging === 0) return false;
  sensing.lagging = sensors.first.lag_s > 0 || sensors.second.lag_s > 0 ? 1 : 0;
  sensing.slowFelt = run.slowDone;
  return true;
}

function readTemperatures(state: State): void {
  const { heat, measured, sensors } = state;
  measured.temperature1_degC = readTemperature(state, sensors.first);
  measured.temperature2_degC = readTemperature(state, sensors.second);
  measured.case_degC = nearest(heat.case_degC * 10) / 10;
}

export function sense(state: State): void {
  const { measured, sensing, unit } = state;
  sensing.sample++;
  const currentBefore = measured.current_A;
  const current = sampleCurrent(state);
  measured.current_A = current / 10;
  unit.mode = current >= STORAGE_TENTHS ? CHARGE : current <= -STORAGE_TENTHS ? DISCHARGE : STORAGE;
  const turned = directionHasTurned(state, currentBefore);
  if (turned) keepVoltages(state);
  readChannels(state);
  if (turned) formImpedances(state, currentBefore);
  if (temperaturesAreDue(state)) readTemperatures(state);
}

/** Every measurand in its integer unit. */
export function formMeasurands({ estimate, measured, reading, unit }: State): void {
  const current = nearest(measured.current_A * 10);
  const t1 = nearest(measured.temperature1_degC * 10);
  const t2 = nearest(measured.temperature2_degC * 10);
  reading[CELL_VOLTAGE_MAX] = measured.highest_mV;
  reading[CELL_VOLTAGE_MIN] = measured.lowest_mV;
  reading[CHARGE_CURRENT] = current;
  reading[DISCHARGE_CURRENT] = 0 - current;
  reading[TEMPERATURE_MAX] = Math.max(t1, t2);
  reading[TEMPERATURE_MIN] = Math.min(t1, t2);
  reading[TEMPERATURE_DIFFERENCE] = Math.abs(t1 - t2);
  reading[CELL_DIFFERENCE] = unit.mode === DISCHARGE ? measured.highest_mV - measured.lowest_mV : 0;
  reading[SOC] = Math.floor(estimate.soc * 10000 + SAME_SOC);
  reading[CELL_COUNT] = unit.cellsLearnt === 0 ? 0 : Math.abs(measured.cellCount - unit.cellsLearnt);
}

export function learnCells({ unit, measured }: State): void {
  if (unit.cellsLearnt === 0) unit.cellsLearnt = measured.cellCount;
}

function mayBalance({ unit, setting }: State): boolean {
  if (unit.mode === CHARGE) return setting.balanceInCharge !== 0;
  if (unit.mode === DISCHARGE) return setting.balanceInDischarge !== 0;
  return setting.balanceInStorage !== 0;
}

/** Bleeding stops when the case is hot and resumes when it has cooled. */
function caseIsTooHot({ assumed, balance, events, measured }: State): boolean {
  const is = balance.tooHot !== 0 ? measured.case_degC > assumed.balanceResume_degC : measured.case_degC >= assumed.balanceStop_degC;
  if (is === (balance.tooHot !== 0)) return is;
  balance.tooHot = is ? 1 : 0;
  events.total++;
  return is;
}

/** Orders the bleed of every channel that reads at least the set difference above the lowest. */
export function balanceCells(state: State): void {
  const { balance, events, groups, measured, setting, groupCount } = state;
  const lowest = measured.lowest_mV;
  const startDifference = nearest(setting.balanceStartDifference_V * 1000);
  const starts = lowest > nearest(setting.balanceStartVoltage_V * 1000) && measured.highest_mV - lowest >= startDifference;
  const active = !caseIsTooHot(state) && starts && mayBalance(state) ? 1 : 0;
  const { measured_mV, bleedOrder } = groups;
  if (active !== 0) {
    const level = lowest + startDifference;
    let turned = false;
    for (let i = 0; i < groupCount; i++) {
      const order = measured_mV[i]! >= level ? 1 : 0;
      if (order !== bleedOrder[i]) turned = true;
      bleedOrder[i] = order;
    }
    if (turned) balance.orders++;
  } else if (balance.active !== 0) {
    bleedOrder.fill(0);
    balance.orders++;
  }
  if (active === balance.active) return;
  balance.active = active;
  events.total++;
}

/** Into both copies of the memory. */
export function anchorSoc(estimate: State['estimate'], soc: number): void {
  estimate.soc = soc;
  estimate.storedCopy_soc = soc;
}

function beginSegment({ estimate }: State, mode: number): void {
  estimate.segmentMode = mode;
  estimate.segmentTenths = 0;
  estimate.calibrationDue = 0;
  estimate.restSamples = 0;
}

/** SOC from the unit's OCV table at the mean cell voltage; nothing where the curve is too flat to tell. */
function calibrate({ assumed, estimate, events, measured, unitOcv }: State): void {
  const voltage = measured.voltageSum_mV / 1000 / Math.max(measured.cellCount, 1) - estimate.ocvOffset_V;
  const steps = unitOcv.length - 1;
  let i = 0;
  while (i < steps - 1 && voltage >= unitOcv[i + 1]!) i++;
  const rise = unitOcv[i + 1]! - unitOcv[i]!;
  if (rise * steps < assumed.calibrationSlope_V) return;
  anchorSoc(estimate, Math.min(Math.max((i + (voltage - unitOcv[i]!) / rise) / steps, 0), 1));
  events.total++;
}

function followSegment(state: State): void {
  const { assumed, estimate, measured, run, setting, unit } = state;
  const mode = unit.mode;
  if (mode !== STORAGE) {
    if (mode !== estimate.segmentMode) beginSegment(state, mode);
    estimate.segmentTenths += nearest(Math.abs(measured.current_A) * 10);
    return;
  }
  if (estimate.segmentMode !== STORAGE) {
    const needed = assumed.calibrationSwing_fraction * setting.batteryCapacity_Ah * TENTHS_PER_AMPERE_HOUR;
    const enough = estimate.segmentTenths * (run.firmwareTicks * run.tick_s) >= needed * (1 - 1e-12);
    beginSegment(state, STORAGE);
    estimate.calibrationDue = enough ? 1 : 0;
    return;
  }
  if (estimate.calibrationDue === 0) return;
  estimate.restSamples++;
  if (estimate.restSamples * (run.firmwareTicks * run.tick_s) < assumed.calibrationRest_s) return;
  estimate.calibrationDue = 0;
  calibrate(state);
}

/** Coulomb counting on what the unit displays. */
export function estimateSoc(state: State): void {
  const { estimate, measured, setting, unit } = state;
  const current = measured.current_A;
  const effective = current > 0 ? current * estimate.efficiency_ratio : current;
  const soc = estimate.soc + (effective * unit.periodHours) / setting.batteryCapacity_Ah;
  anchorSoc(estimate, Math.min(Math.max(soc, 0), 1));
  followSegment(state);
}
