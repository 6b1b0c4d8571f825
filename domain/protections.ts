/**
 * The protections as rows: what is compared with which setting, what opens and how it is released.
 * The kernel runs one loop over vectors compiled from these rows; adding a protection is a row and its story.
 */
import type { AssumptionName } from './assumptions.ts';
import type { EventName } from './events.ts';
import type { SettingName } from './settings.ts';

/** Integer quantities that the sensing stage writes for the rules, with integers per physical unit. */
export const MEASURANDS = {
  cellVoltageMax: { perUnit: 1000, unit: 'V' },
  cellVoltageMin: { perUnit: 1000, unit: 'V' },
  chargeCurrent: { perUnit: 10, unit: 'A' },
  dischargeCurrent: { perUnit: 10, unit: 'A' },
  temperatureMax: { perUnit: 10, unit: 'degC' },
  temperatureMin: { perUnit: 10, unit: 'degC' },
  temperatureDifference: { perUnit: 10, unit: 'K' },
  cellDifferenceInDischarge: { perUnit: 1000, unit: 'V' },
  soc: { perUnit: 10000, unit: 'fraction' },
  cellCountMismatch: { perUnit: 1, unit: 'count' },
} as const;
export type Measurand = keyof typeof MEASURANDS;
export const MEASURAND_NAMES = Object.keys(MEASURANDS) as Measurand[];

export type Release =
  | { by: 'setting'; setting: SettingName; hold: EventName }
  | { by: 'offset'; offset: AssumptionName; least?: number }
  | { by: 'retry' }
  | { by: 'startOrCharge' }
  | { by: 'powerCycle' };

export interface ProtectionRow {
  event: EventName;
  measurand: Measurand;
  /** `atLeast`/`atMost`: reaches (>=, <=); `above`/`below`: is over, is under (>, <). */
  trips: 'atLeast' | 'atMost' | 'above' | 'below';
  threshold: SettingName | number;
  release: Release;
  opens: readonly ('charge' | 'discharge')[];
  /** `cutOff`: the setting; `absolute`: only where cut-off is NO, at once. */
  delay: 'cutOff' | 'absolute';
  enabledBy?: SettingName;
}

export const PROTECTIONS: readonly ProtectionRow[] = [
  {
    event: 'overCharge',
    measurand: 'cellVoltageMax',
    trips: 'atLeast',
    threshold: 'overChargeProtectionVoltage_V',
    release: { by: 'setting', setting: 'overChargeReleaseVoltage_V', hold: 'overChargeHold' },
    opens: ['charge'],
    delay: 'cutOff',
  },
  {
    event: 'overChargeCurrent',
    measurand: 'chargeCurrent',
    trips: 'above',
    threshold: 'overChargeCurrent_A',
    release: { by: 'retry' },
    opens: ['charge'],
    delay: 'cutOff',
  },
  {
    event: 'highTemperature',
    measurand: 'temperatureMax',
    trips: 'above',
    threshold: 'highTemperatureCutoff_degC',
    release: { by: 'offset', offset: 'temperatureRelease_K' },
    opens: ['charge', 'discharge'],
    delay: 'cutOff',
    enabledBy: 'temperatureAlarm',
  },
  {
    event: 'lowTemperatureCharge',
    measurand: 'temperatureMin',
    trips: 'below',
    threshold: 'lowTemperatureCutoffCharge_degC',
    release: { by: 'offset', offset: 'temperatureRelease_K' },
    opens: ['charge'],
    delay: 'cutOff',
    enabledBy: 'temperatureAlarm',
  },
  {
    event: 'temperatureDifference',
    measurand: 'temperatureDifference',
    trips: 'above',
    threshold: 'temperatureDifference_K',
    release: { by: 'offset', offset: 'temperatureDifferenceRelease_K', least: 0 },
    opens: ['charge', 'discharge'],
    delay: 'cutOff',
    enabledBy: 'temperatureAlarm',
  },
  {
    event: 'overDischarge',
    measurand: 'cellVoltageMin',
    trips: 'atMost',
    threshold: 'overDischargeProtectionVoltage_V',
    release: { by: 'setting', setting: 'overDischargeReleaseVoltage_V', hold: 'overDischargeHold' },
    opens: ['discharge'],
    delay: 'cutOff',
  },
  {
    event: 'overDischargeCurrent',
    measurand: 'dischargeCurrent',
    trips: 'above',
    threshold: 'overDischargeCurrent_A',
    release: { by: 'retry' },
    opens: ['discharge'],
    delay: 'cutOff',
  },
  {
    event: 'lowSoc',
    measurand: 'soc',
    trips: 'below',
    threshold: 'lowSoc_fraction',
    release: { by: 'offset', offset: 'socRelease_fraction' },
    opens: ['discharge'],
    delay: 'cutOff',
  },
  {
    event: 'cellDifference',
    measurand: 'cellDifferenceInDischarge',
    trips: 'above',
    threshold: 'cellDifference_V',
    release: { by: 'startOrCharge' },
    opens: ['discharge'],
    delay: 'cutOff',
  },
  {
    event: 'lowTemperatureDischarge',
    measurand: 'temperatureMin',
    trips: 'below',
    threshold: 'lowTemperatureCutoffDischarge_degC',
    release: { by: 'offset', offset: 'temperatureRelease_K' },
    opens: ['discharge'],
    delay: 'cutOff',
    enabledBy: 'temperatureAlarm',
  },
  {
    event: 'cellCount',
    measurand: 'cellCountMismatch',
    trips: 'atLeast',
    threshold: 1,
    release: { by: 'powerCycle' },
    opens: ['charge', 'discharge'],
    delay: 'cutOff',
  },
  {
    event: 'overChargeAbsolute',
    measurand: 'cellVoltageMax',
    trips: 'atLeast',
    threshold: 'absoluteOverChargeVoltage_V',
    release: { by: 'offset', offset: 'absoluteChargeRelease_V' },
    opens: ['charge'],
    delay: 'absolute',
  },
  {
    event: 'overDischargeAbsolute',
    measurand: 'cellVoltageMin',
    trips: 'atMost',
    threshold: 'absoluteOverDischargeVoltage_V',
    release: { by: 'offset', offset: 'absoluteDischargeRelease_V' },
    opens: ['discharge'],
    delay: 'absolute',
  },
];
