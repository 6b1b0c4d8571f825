/**
 * Columns of the front end: how the current and the temperatures are measured, and what may be wrong with a channel.
 * They are a part of domain/memory.ts, where the rules stand.
 */
import { type Column, f64, i32 } from './column.ts';

export const SENSING_COLUMNS = {
  currentGain_ratio: f64('command', 'gain of the current measurement'),
  currentOffset_A: f64('command', 'offset of the current measurement'),
  firmwareGain_ratio: f64('firmware/currentSensor', 'what the firmware that runs makes of a current until it is calibrated'),
  firmwareOffset_A: f64('firmware/currentSensor', 'what it adds'),
  currentNoise_A: f64('command', 'standard deviation of noise'),
  currentRange_A: f64('compile', 'largest current that the measurement shows'),
  currentFrozen: f64('compile', 'the reading of the current does not change any more'),
  filterTime_s: f64('command', 'time constant of the low-pass filter on the current sensor, 0 none'),
  filtered_A: f64('firmware/currentSensor', 'current behind the low-pass filter'),
  clock_ratio: f64('compile', "one second of the converter's own clock over a true one"),
  ripplePhase_cycles: f64('compile', 'phase of the ripple at time 0'),
  cableResistance_Ohm: f64('compile', 'of the power cable between shunt and battery negative'),
  cableInductance_H: f64('compile', 'of the same'),
  commonMode_ratio: f64('compile', 'share of a common-mode voltage that reaches the reading'),
  shunt_Ohm: f64('compile', 'of the shunt'),
  referenceDrift_per_K: f64('compile', "drift of the converter's reference with the temperature of the unit"),
  loss_ratio: f64('compile', 'share of the samples that are lost on their way'),
  currentCalibrations: f64('command', 'how often the current was calibrated'),
  calibrationsSeen: f64('firmware/currentSensor', 'calibrations carried out'),
  correction_ratio: f64('firmware/currentSensor', 'what the calibration multiplies readings by, so that the gain is taken out again'),
  correctionOffset_A: f64('firmware/currentSensor', 'offset that it takes out again'),
  hasNoise: f64('command', 'some channel is noisy'),
  versionSeen: i32('firmware/frontEnd', 'version of the world when calibrations and disturbances were last looked for, -1 before'),
  disturbed: i32('firmware/frontEnd', 'some channel does not read its own pins'),
  sample: i32('firmware/sensing', 'samples taken'),
  linesFor: i32('firmware/sensing', 'version of the world that the lines of the channels are for, -1 before'),
  versionFelt: i32('firmware/sensing', 'version of the world when temperatures were last read, -1 before'),
  lagging: i32('firmware/sensing', 'some sensor has a lag of its own'),
  slowFelt: i32('firmware/sensing', 'slow step from which the temperatures were then'),
  seedLow: i32('compile', 'low word of the seed'),
  seedHigh: i32('compile', 'high word of the seed'),
} as const satisfies Record<string, Column>;

/** T1 and T2. */
export const SENSOR_STRUCTURE = {
  count: 2,
  columns: {
    element: f64('compile', 'row of the element that is plugged in here'),
    cell: f64('compile', 'address of the lane that the sensor touches'),
    group: i32('compile', 'group that the unit takes it to touch'),
    offset_K: f64('command', 'offset'),
    contact_ratio: f64('compile', '1 where it touches its cell, 0 where it hangs in the air'),
    lag_s: f64('compile', 'time constant of its own temperature'),
    slope_ratio: f64('compile', 'reading over truth, away from 25 degC'),
    broken: f64('compile', '0 whole, 1 open, 2 short'),
    temperature_degC: f64('firmware/sensing', 'of the sensor itself'),
  },
} as const satisfies { count: number; columns: Record<string, Column> };

/** Per group, beside the others of domain/memory.ts. */
export const SENSING_GROUP = {
  gain_ratio: f64('command', 'gain of the channel'),
  offset_V: f64('command', 'offset of the channel'),
  noise_V: f64('command', "standard deviation of the channel's noise"),
  calibrations: f64('command', 'how often the channel was calibrated'),
  calibrationsSeen: f64('firmware/frontEnd', 'calibrations carried out'),
  correction_ratio: f64('firmware/frontEnd', 'what the calibration multiplies readings by, so that the gain is taken out again'),
  correctionOffset_V: f64('firmware/frontEnd', 'offset that it takes out again'),
  channelSource: f64('compile', 'group whose pins this channel reads'),
  channelFrozen: f64('compile', 'the reading of the channel does not change any more'),
  noiseNow_V: f64('firmware/sensing', 'noise in this sample'),
  line_ratio: f64('firmware/sensing', 'what the channel makes of a volt, corrected'),
  lineOffset_V: f64('firmware/sensing', 'what it adds, with the noise of this sample'),
  measured_mV: f64('firmware/sensing', 'what the firmware has'),
  ownReading_mV: f64('firmware/frontEnd', 'what its own pins gave in this sample'),
  lastReading_mV: f64('firmware/frontEnd', 'reading of the sample before'),
} as const satisfies Record<string, Column>;
