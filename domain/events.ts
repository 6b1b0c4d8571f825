/**
 * Every event that a run can report: its code in the kernel, its name in files, label and FAQ clauses.
 * Codes are for ever: a row is never renumbered, only added.
 */
import type { EventRow } from './eventRow.ts';
import { UPDATE_CLAUSES, UPDATE_ENDINGS } from './update.ts';

export type { EventRow };

export const EVENTS = {
  overCharge: { code: 1, label: 'Over charge', faq: ['9a'], unit: 'V', severity: 'stop' },
  overChargeHold: { code: 2, label: 'Held after over charge: highest cell still over R', faq: ['9b'], unit: 'V', severity: 'stop' },
  overChargeCurrent: { code: 3, label: 'Over charge current', faq: ['9c'], unit: 'A', severity: 'stop' },
  highTemperature: { code: 4, label: 'High temperature', faq: ['9d', '10f'], unit: 'degC', severity: 'stop' },
  lowTemperatureCharge: { code: 5, label: 'Low temperature for charging', faq: ['9e'], unit: 'degC', severity: 'stop' },
  temperatureDifference: { code: 6, label: 'Temperature difference', faq: ['9f', '10h'], unit: 'K', severity: 'stop' },
  chargerEnded: { code: 7, label: 'The charger ended the charge', faq: ['9g'], unit: 'A', severity: 'information' },
  overDischarge: { code: 8, label: 'Over discharge', faq: ['10a'], unit: 'V', severity: 'stop' },
  overDischargeHold: { code: 9, label: 'Held after over discharge: lowest cell still under R', faq: ['10b'], unit: 'V', severity: 'stop' },
  overDischargeCurrent: { code: 10, label: 'Over discharge current', faq: ['10c'], unit: 'A', severity: 'stop' },
  lowSoc: { code: 11, label: 'Low state of charge', faq: ['10d'], unit: 'fraction', severity: 'stop' },
  cellDifference: { code: 12, label: 'Cell voltage difference', faq: ['10e'], unit: 'V', severity: 'stop' },
  lowTemperatureDischarge: { code: 13, label: 'Low temperature for discharging', faq: ['10g'], unit: 'degC', severity: 'stop' },
  cellCount: { code: 14, label: 'Cell count differs from the learnt one', faq: ['10i'], unit: 'count', severity: 'stop' },
  overChargeAbsolute: { code: 15, label: 'Beyond the absolute charge limit', faq: ['9a'], unit: 'V', severity: 'stop' },
  overDischargeAbsolute: { code: 16, label: 'Beyond the absolute discharge limit', faq: ['10a'], unit: 'V', severity: 'stop' },
  outsideCellData: { code: 17, label: 'Cell outside the range of its data', faq: [], unit: '', severity: 'warning' },
  loadBeyondMaximumPower: { code: 18, label: 'Load asks for more power than the pack can give', faq: [], unit: '', severity: 'warning' },
  chargeRelayClosed: { code: 19, label: 'Charge relay closed', faq: [], unit: '', severity: 'information' },
  unitOn: { code: 20, label: 'Main unit on', faq: [], unit: '', severity: 'information' },
  socCalibrated: { code: 21, label: 'SOC calibrated', faq: ['4c'], unit: 'fraction', severity: 'information' },
  balancing: { code: 22, label: 'Balancing', faq: ['6d'], unit: 'V', severity: 'information' },
  dischargeRelayClosed: { code: 24, label: 'Discharge relay closed', faq: [], unit: '', severity: 'information' },
  balancingTooHot: { code: 25, label: 'Balancing pauses: the case is too warm', faq: ['6d'], unit: 'degC', severity: 'warning' },
  notFinite: { code: 23, label: 'A value left the range of numbers', faq: [], unit: '', severity: 'stop' },
  fuseBlown: { code: 40, label: 'Main fuse blown', faq: [], unit: 'A', severity: 'stop' },
  fuseBeyondBreakingCapacity: { code: 41, label: 'Main fuse cannot interrupt this current', faq: [], unit: 'A', severity: 'stop' },
  inrush: { code: 42, label: 'Inrush into a bus capacitor', faq: [], unit: 'A', severity: 'information' },
  inrushSquare: { code: 43, label: 'Integral of the squared inrush', faq: [], unit: 'A2s', severity: 'information' },
  inverterCutOff: { code: 44, label: 'Inverter cut off by low voltage', faq: [], unit: 'V', severity: 'information' },
  surgeBelowTick: { code: 45, label: 'Surge shorter than a tick, not in the current', faq: [], unit: 'A', severity: 'information' },
  fault: { code: 50, label: 'Fault', faq: [], unit: '', severity: 'information' },
  brownOut: { code: 51, label: 'The unit is not supplied', faq: [], unit: 'V', severity: 'warning' },
  driverOverload: { code: 52, label: 'The relay outputs are overloaded', faq: ['1b'], unit: 'A', severity: 'warning' },
  relayBounce: { code: 53, label: 'Relay bounces for less than a tick', faq: [], unit: '', severity: 'information' },
  contactWelded: { code: 54, label: 'Relay contact welded', faq: [], unit: 'A', severity: 'warning' },
  unitAsleep: { code: 60, label: 'Main unit asleep', faq: ['7a', '7b'], unit: 'A', severity: 'information' },
  stopRefused: { code: 61, label: 'STOP does nothing: current flows', faq: ['7c'], unit: 'A', severity: 'information' },
  settingStored: { code: 62, label: 'Setting stored from the menu', faq: [], unit: '', severity: 'information' },
  updateStarted: { code: 80, label: 'Update started', faq: ['8g'], unit: 'count', severity: 'information' },
  updateDone: { code: 81, label: 'Update done', faq: ['8g'], unit: 'count', severity: 'information' },
  updateTimeout: { code: 82, label: 'The update tool shows timeout', faq: UPDATE_CLAUSES, unit: '', severity: 'warning' },
  updateRefused: { code: 83, label: 'The update tool shows a refusal', faq: UPDATE_CLAUSES, unit: '', severity: 'warning' },
  ...UPDATE_ENDINGS,
} as const satisfies Record<string, EventRow>;

export type EventName = keyof typeof EVENTS;
export const EVENT_NAMES = Object.keys(EVENTS) as EventName[];

const BY_CODE = new Map<number, EventName>(EVENT_NAMES.map((name) => [EVENTS[name].code, name]));

export function eventName(code: number): EventName {
  const name = BY_CODE.get(code);
  if (name === undefined) throw new Error(`Internal error: unknown event code ${code}`);
  return name;
}

/** Events that begin and end in words of their own. */
const SENTENCES: Partial<Record<EventName, readonly [begins: string, ends: string]>> = {
  chargeRelayClosed: ['Charge relay closes', 'Charge relay opens'],
  dischargeRelayClosed: ['Discharge relay closes', 'Discharge relay opens'],
  outsideCellData: ['Outside the range of its data', 'Back in the range of its data'],
  unitOn: ['Main unit switches on', 'Main unit switches off'],
  unitAsleep: ['Main unit falls asleep', 'Main unit wakes'],
  chargerEnded: ['The charger ends the charge', 'The charger charges again'],
  socCalibrated: ['SOC is calibrated', 'SOC calibration ends'],
};

/** What happens, as a sentence for people; undefined where the label with "begins" or "ends" says it. */
export function eventSentence(code: EventName, active: boolean): string | undefined {
  return SENTENCES[code]?.[active ? 0 : 1];
}
