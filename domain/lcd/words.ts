/**
 * Every word that stands on the display, by what it is for; settings and causes keep the labels of their own rows.
 * Apart from the screens so that a translation needs no code.
 */
import type { LcdNotice, LcdPage } from './pages.ts';

export const LCD_WORDS = {
  titles: {
    overview: 'OVERVIEW',
    cells: 'CELLS',
    temperatures: 'TEMPERATURES AND RELAYS',
    balance: 'BALANCE',
    impedance: 'IMPEDANCE',
    alarms: 'ALARMS',
    settings: 'SETTINGS',
  } satisfies Record<LcdPage, string>,
  notices: {
    none: '',
    stored: 'Stored',
    wrongOrder: 'Not stored: P and R out of order',
    outOfRange: 'Not stored: out of range',
    currentFlows: 'STOP: current flows',
  } satisfies Record<LcdNotice, string>,
  modes: { discharge: 'Discharge', charge: 'Charge', storage: 'Storage' },
  of: 'of',
  highest: 'High',
  lowest: 'Low',
  difference: 'Diff',
  cell: 'Cell',
  unitCase: 'Case',
  chargeRelay: 'Charge relay',
  dischargeRelay: 'Discharge relay',
  closed: 'closed',
  open: 'open',
  balancing: 'Balancing',
  resting: 'Not balancing',
  inModes: { storage: 'in storage', charge: 'in charge', discharge: 'in discharge' },
  from: 'from',
  above: 'above',
  noImpedance: 'No change between charge and discharge yet',
  noAlarms: 'No alarm',
  on: 'ON',
  off: 'OFF',
} as const;
