/**
 * The numbers that stand on the display, each in the resolution in which it is shown: what an eye reads off the LCD unit.
 * Apart from the texts because labs compare numbers, and both must round alike.
 */
import type { Unit } from '../quantity.ts';
import { LCD_PAGES } from './pages.ts';
import type { LcdReading } from './reading.ts';

/** Which of several a number is asked of. */
export interface LcdPlace {
  cell?: number | undefined;
  sensor?: number | undefined;
}

export interface LcdNumberRow {
  unit: Unit;
  /** Steps of the display per unit of the value. */
  perUnit: number;
  each?: 'cell' | 'sensor';
  value: (reading: LcdReading, index: number) => number | null;
}

export const LCD_NUMBERS = {
  cellVoltage: { unit: 'V', perUnit: 1000, each: 'cell', value: ({ cells }, cell) => cells[cell]!.voltage_V },
  packVoltage: { unit: 'V', perUnit: 100, value: ({ packVoltage_V }) => packVoltage_V },
  cellDifference: {
    unit: 'V',
    perUnit: 1000,
    value: ({ cells, highestCell, lowestCell }) => cells[highestCell]!.voltage_V - cells[lowestCell]!.voltage_V,
  },
  current: { unit: 'A', perUnit: 10, value: ({ current_A }) => current_A },
  soc: { unit: 'fraction', perUnit: 100, value: ({ soc_fraction }) => soc_fraction },
  temperature: { unit: 'degC', perUnit: 10, each: 'sensor', value: ({ temperatures_degC }, sensor) => temperatures_degC[sensor]! },
  capacity: { unit: 'Ah', perUnit: 10, value: ({ soc_fraction, settings }) => soc_fraction * settings.batteryCapacity_Ah },
  impedance: { unit: 'Ohm', perUnit: 10_000, each: 'cell', value: ({ cells }, cell) => cells[cell]!.impedance_Ohm },
  balancing: { unit: 'count', perUnit: 1, each: 'cell', value: ({ cells }, cell) => (cells[cell]!.indicator ? 1 : 0) },
  page: { unit: 'index', perUnit: 1, value: ({ page }) => LCD_PAGES.indexOf(page) },
  light: { unit: 'count', perUnit: 1, value: ({ lit }) => (lit ? 1 : 0) },
} as const satisfies Record<string, LcdNumberRow>;

export type LcdNumber = keyof typeof LCD_NUMBERS;
export const LCD_NUMBER_NAMES = Object.keys(LCD_NUMBERS) as LcdNumber[];

export function lcdNumberRow(name: LcdNumber): LcdNumberRow {
  return LCD_NUMBERS[name];
}

/** The number as it stands on the display, null where it shows none; `place` names the cell or sensor (the first by default). */
export function shownNumber(reading: LcdReading, name: LcdNumber, { cell = 0, sensor = 0 }: LcdPlace = {}): number | null {
  if (!reading.on) return null;
  const row = lcdNumberRow(name);
  const value = row.value(reading, row.each === 'sensor' ? sensor : cell);
  // Adding 0 takes the sign from a zero.
  return value === null ? null : Math.round(value * row.perUnit) / row.perUnit + 0;
}
