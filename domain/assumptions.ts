/**
 * Figures of the device that no document of its vendor gives: each is an assumption of this project and a field of the scenario.
 * Schema, kernel columns and the rows of the protections are derived from them.
 */
import * as device from './device.ts';

export interface AssumptionRow {
  default: number;
  min: number;
  max: number;
  help: string;
}

const row = (value: number, [min, max]: [number, number], help: string): AssumptionRow => ({ default: value, min, max, help });

export const ASSUMPTIONS = {
  bleedPause_s: row(device.BLEED_PAUSE_S, [0, 10], 'bleeding pauses this long before each measurement'),
  cellPresent_V: row(device.CELL_PRESENT_V, [0, 4], 'a channel that reads less counts as no cell'),
  temperatureRelease_K: row(5, [0, 50], 'temperature rules release this far inside their limit'),
  temperatureDifferenceRelease_K: row(2, [0, 50], 'the temperature difference releases this far below its limit'),
  socRelease_fraction: row(0.02, [0, 0.5], 'low SOC releases this far above its limit'),
  absoluteChargeRelease_V: row(0.1, [0, 2], 'the absolute charge limit releases this far below it'),
  absoluteDischargeRelease_V: row(0.3, [0, 2], 'the absolute discharge limit releases this far above it'),
  overCurrentRetry_s: row(device.OVER_CURRENT_RETRY_S, [1, 3600], 'an over-current retries after this time'),
  overCurrentWindow_s: row(device.OVER_CURRENT_WINDOW_S, [0, 86_400], 'the third trip within this time waits for START'),
  releasingCharge_A: row(device.RELEASING_CHARGE_A, [0.1, 600], 'charging current that releases a cell-difference stop'),
  calibrationSwing_fraction: row(
    device.SOC_CALIBRATION.swing_fraction,
    [0.01, 1],
    'one-way swing over the set capacity that calibrates SOC',
  ),
  calibrationRest_s: row(device.SOC_CALIBRATION.rest_s, [0, 86_400], 'rest before SOC is set'),
  calibrationSlope_V: row(device.SOC_CALIBRATION.slope_V_per_fraction, [0, 10], 'least slope of the OCV table, V over the whole SOC range'),
  caseToAmbient_W_per_K: row(0.5, [0.001, 100], 'conductance of the main unit to ambient'),
  caseHeatCapacity_J_per_K: row(600, [1, 1e5], 'heat capacity of the main unit'),
  driverEach_A: row(device.DRIVER.each_A, [0.1, 100], 'an output may pass this whatever the other one does'),
  driverTogether_A: row(device.DRIVER.together_A, [0.1, 100], 'most current of both outputs; beyond it they drop to 0 V'),
  driverRetry_s: row(device.DRIVER.retry_s, [0.01, 60], 'the outputs try again after this time'),
  brownOut_V: row(2, [0, 100], 'the unit stops below this voltage at its leads'),
  brownOutRelease_V: row(2.5, [0, 100], 'it boots again from this one'),
  balanceStop_degC: row(75, [20, 150], 'bleeding stops when the case reads this'),
  balanceResume_degC: row(65, [0, 150], 'bleeding resumes at this'),
  bootTime_s: row(1, [0, 600], 'from power-on or waking to the first measurement, at least one period'),
  sleepCurrent_A: row(0, [0, 1e9], 'STOP lets the unit sleep up to this displayed current'),
  wakeCurrent_A: row(0.1, [0.1, 1e9], 'a sleeping unit wakes by itself from this current on'),
  beeperTime_s: row(10, [0, 3600], 'the beeper sounds this long after each trip, while the alarm lasts'),
  longPress_s: row(2, [0.5, 60], 'a button counts as held from this time on'),
  impedanceStep_A: row(2, [0.1, 1000], 'least step of the current from which the impedance is computed'),
  updateImage_count: row(131_072, [1, 1e8], 'bytes of a firmware image'),
  updateSpeed_per_s: row(11_520, [1, 1e7], 'bytes of an image that pass each second; 115200 baud by default'),
  updateTimeout_s: row(10, [0.1, 3600], 'the update tool waits so long for an answer, and the unit for the tool'),
  updateIdle_s: row(120, [1, 86_400], 'an open COM port times out where UPDATE is not pressed for so long'),
} as const satisfies Record<string, AssumptionRow>;

export type AssumptionName = keyof typeof ASSUMPTIONS;
export const ASSUMPTION_NAMES = Object.keys(ASSUMPTIONS) as AssumptionName[];
