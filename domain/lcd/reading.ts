/**
 * What the LCD unit has to show at one moment, as a plain object: belief only, in the units of the names.
 * Whoever holds a kernel fills it in; texts and numbers of the display are made from it and know no kernel.
 */
import type { EventName } from '../events.ts';
import type { SettingContext, Settings } from '../settings.ts';
import type { LcdNotice, LcdPage } from './pages.ts';

export interface LcdCell {
  voltage_V: number;
  /** Its bleed is ordered, and the hardware can show it. */
  indicator: boolean;
  /** null before the first change between charge and discharge. */
  impedance_Ohm: number | null;
}

export interface LcdReading {
  /** The display is alive: plugged, and the unit runs. A dead one shows nothing. */
  on: boolean;
  lit: boolean;
  page: LcdPage;
  notice: LcdNotice;
  mode: 'discharge' | 'charge' | 'storage';
  cells: readonly LcdCell[];
  highestCell: number;
  lowestCell: number;
  packVoltage_V: number;
  current_A: number;
  soc_fraction: number;
  temperatures_degC: readonly [number, number];
  case_degC: number;
  balancing: boolean;
  hasIndicators: boolean;
  /** Whether the outputs are ordered closed. */
  closed: { charge: boolean; discharge: boolean };
  /** Causes in force, in the order of the protections. */
  alarms: readonly EventName[];
  settings: Settings;
  context: SettingContext;
  /** Row of the menu, and the value that is being changed there. */
  menu: { cursor: number; editing: boolean; value: number };
}
