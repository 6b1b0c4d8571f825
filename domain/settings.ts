/**
 * Every setting that the BMS stores: default, range and step, as its menu offers them.
 * Schema, kernel columns, forms and help text are derived from these rows.
 */
import { CHEMISTRY_VOLTAGES, type Chemistry, type ChemistryVoltages } from './chemistries.ts';

export interface SettingContext {
  chemistry: Chemistry;
  currentVersion_A: number;
}

export interface SettingRow {
  label: string;
  help: string;
  kind: 'number' | 'switch';
  /** A number, or how it follows from chemistry and current version. */
  default: (context: SettingContext) => number;
  min: number;
  max: number | ((context: SettingContext) => number);
  step: number;
  /** A value outside the range that has a meaning of its own. */
  special?: { value: number; meaning: string };
  /** True where the default is an assumption of this project and not the vendor's figure. */
  assumed: boolean;
}

const constant = (value: number) => () => value;
const byChemistry = (name: keyof ChemistryVoltages) => (context: SettingContext) => CHEMISTRY_VOLTAGES[context.chemistry][name];
const byCurrentVersion = (context: SettingContext) => context.currentVersion_A;

function voltage(label: string, name: keyof ChemistryVoltages, min: number, max: number, help: string): SettingRow {
  return { label, help, kind: 'number', default: byChemistry(name), min, max, step: 0.01, assumed: true };
}

function onOff(label: string, on: boolean, assumed: boolean, help: string): SettingRow {
  return { label, help, kind: 'switch', default: constant(on ? 1 : 0), min: 0, max: 1, step: 1, assumed };
}

function number(label: string, value: number, [min, max, step]: [number, number, number], assumed: boolean, help: string): SettingRow {
  return { label, help, kind: 'number', default: constant(value), min, max, step, assumed };
}

export const SETTINGS = {
  batteryCapacity_Ah: number('Battery capacity', 1, [0.1, 1000, 0.1], false, 'Capacity by which the unit counts its state of charge.'),
  overChargeProtectionVoltage_V: voltage(
    'Over charge P',
    'overChargeProtectionVoltage_V',
    1.5,
    4.5,
    'Charging stops when any cell reaches this voltage.',
  ),
  overChargeReleaseVoltage_V: voltage(
    'Over charge R',
    'overChargeReleaseVoltage_V',
    1.0,
    4.5,
    'Charging is allowed again when the highest cell is no longer over this voltage.',
  ),
  overDischargeProtectionVoltage_V: voltage(
    'Over discharge P',
    'overDischargeProtectionVoltage_V',
    1.0,
    3.8,
    'Discharging stops when any cell reaches this voltage.',
  ),
  overDischargeReleaseVoltage_V: voltage(
    'Over discharge R',
    'overDischargeReleaseVoltage_V',
    1.0,
    4.5,
    'Discharging is allowed again when the lowest cell is no longer under this voltage.',
  ),
  overChargeCurrent_A: {
    label: 'Over charge current',
    help: 'Charging stops above this current.',
    kind: 'number',
    default: byCurrentVersion,
    min: 1,
    max: byCurrentVersion,
    step: 1,
    assumed: true,
  },
  overDischargeCurrent_A: {
    label: 'Over discharge current',
    help: 'Discharging stops above this current.',
    kind: 'number',
    default: byCurrentVersion,
    min: 1,
    max: byCurrentVersion,
    step: 1,
    assumed: true,
  },
  highTemperatureCutoff_degC: number('High temp cutoff', 60, [20, 90, 1], true, 'Both relays open above this temperature.'),
  lowTemperatureCutoffCharge_degC: number('Low temp cutoff in charge', 2, [-20, 20, 1], false, 'Charging stops below this temperature.'),
  lowTemperatureCutoffDischarge_degC: number(
    'Low temp cutoff in discharge',
    -10,
    [-20, 20, 1],
    false,
    'Discharging stops below this temperature.',
  ),
  temperatureDifference_K: number('Diff of battery temp', 10, [1, 40, 1], true, 'Both relays open when T1 and T2 differ by more.'),
  temperatureAlarm: onOff('Temperature alarm', true, false, 'OFF disables the temperature checks.'),
  cellDifference_V: number(
    'Diff of cell voltage',
    0.3,
    [0.01, 1, 0.01],
    true,
    'Discharging stops when highest and lowest cell differ by more while discharging.',
  ),
  lowSoc_fraction: number(
    'SOC (battery gauge)',
    0.1,
    [0, 0.5, 0.01],
    true,
    'Discharging stops when the estimated state of charge is below this.',
  ),
  cutOffDelay_s: {
    ...number('Cut-off delay time', 5, [1, 60, 1], true, 'A violation must last this long before a relay opens.'),
    special: { value: 0, meaning: 'NO: alarm only, except beyond the absolute limits' },
  },
  absoluteOverChargeVoltage_V: voltage(
    'Absolute over charge limit',
    'absoluteOverChargeVoltage_V',
    1.5,
    4.6,
    'With cut-off delay NO the charge relay still opens here.',
  ),
  absoluteOverDischargeVoltage_V: voltage(
    'Absolute over discharge limit',
    'absoluteOverDischargeVoltage_V',
    0.5,
    3.8,
    'With cut-off delay NO the discharge relay still opens here.',
  ),
  balanceInStorage: onOff('Balance in storage', false, false, 'Balance while neither charging nor discharging.'),
  balanceInCharge: onOff('Balance in charge', false, false, 'Balance while charging.'),
  balanceInDischarge: onOff('Balance in discharge', false, false, 'Balance while discharging.'),
  balanceStartVoltage_V: voltage(
    'Balance start voltage',
    'balanceStartVoltage_V',
    1.5,
    4.5,
    'Balancing starts when the lowest cell is above this voltage.',
  ),
  balanceStartDifference_V: number(
    'Balance start difference',
    0.01,
    [0.005, 0.2, 0.001],
    true,
    'Cells this much above the lowest are bled; balancing stops below it.',
  ),
  lcdBacklightTime_s: {
    ...number('LCD back-light time', 30, [0, 600, 1], true, 'How long the light stays on after an operation.'),
    special: { value: -1, meaning: 'Always on' },
  },
  cellEmptyVoltage_V: voltage(
    'Cell empty voltage',
    'overDischargeProtectionVoltage_V',
    0.5,
    4.5,
    'Lower end of the bar graph; nothing else.',
  ),
  cellFullVoltage_V: voltage('Cell full voltage', 'overChargeProtectionVoltage_V', 0.5, 4.6, 'Upper end of the bar graph; nothing else.'),
} as const satisfies Record<string, SettingRow>;

export type SettingName = keyof typeof SETTINGS;
export type Settings = Record<SettingName, number>;
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** Pairs that must stand in this order, lower first. */
export const SETTING_ORDER: readonly (readonly [SettingName, SettingName])[] = [
  ['overChargeReleaseVoltage_V', 'overChargeProtectionVoltage_V'],
  ['overDischargeProtectionVoltage_V', 'overDischargeReleaseVoltage_V'],
  ['overDischargeProtectionVoltage_V', 'overChargeProtectionVoltage_V'],
  ['cellEmptyVoltage_V', 'cellFullVoltage_V'],
];

export function rowOf(name: SettingName): SettingRow {
  return SETTINGS[name];
}

export function maximumOf(row: SettingRow, context: SettingContext): number {
  return typeof row.max === 'number' ? row.max : row.max(context);
}

/** What is allowed for a setting, as text, or undefined where the value is allowed. */
export function settingComplaint(name: SettingName, value: number, context: SettingContext): string | undefined {
  const row = rowOf(name);
  const most = maximumOf(row, context);
  if ((value >= row.min && value <= most) || value === row.special?.value) return undefined;
  const special = row.special === undefined ? '' : `, or ${row.special.value} (${row.special.meaning})`;
  return `a number from ${row.min} to ${most}${special}`;
}

/** All settings as the unit leaves the factory. */
export function defaultSettings(context: SettingContext): Settings {
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, rowOf(name).default(context)])) as Settings;
}
