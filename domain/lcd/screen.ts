/**
 * The display as lines of text, a pure reading: the same reading gives the same lines in page, command line and tests.
 * Every number on it goes through the rows of numbers.ts, so that a text and an instrument never disagree.
 */
import { EVENTS } from '../events.ts';
import { rowOf, SETTING_NAMES, type SettingName, type SettingRow } from '../settings.ts';
import { UNITS, unitOf } from '../quantity.ts';
import { type LcdNumber, lcdNumberRow, type LcdPlace, shownNumber } from './numbers.ts';
import type { LcdPage } from './pages.ts';
import type { LcdReading } from './reading.ts';
import { LCD_WORDS } from './words.ts';

export interface LcdScreen {
  /** False where the display is dead: then there are no lines. */
  on: boolean;
  lit: boolean;
  page: LcdPage;
  /** Title, then what the page shows, then what the last press came to, where that is said. */
  lines: readonly string[];
  /** Yellow indicator of each cell. */
  indicators: readonly boolean[];
}

/** Rows of the settings menu that stand on the display at once. */
const MENU_LINES = 6;
const BAR_BLOCKS = 5;
const CELLS_A_LINE = 2;
const NOTHING = '---';

function decimals(perUnit: number): number {
  return Math.max(0, String(perUnit).length - 1);
}

/** A number of the display as text, without its unit. */
function digits(reading: LcdReading, name: LcdNumber, place: LcdPlace = {}): string {
  const value = shownNumber(reading, name, place);
  return value === null ? NOTHING : value.toFixed(decimals(lcdNumberRow(name).perUnit));
}

const cellName = (cell: number) => `${LCD_WORDS.cell} ${cell + 1}`;
const volts = (reading: LcdReading, cell: number) => `${digits(reading, 'cellVoltage', { cell })} V`;
const degrees = (reading: LcdReading, sensor: number) => `T${sensor + 1} ${digits(reading, 'temperature', { sensor })} °C`;
const percent = (fraction: number) => `${Math.round(fraction * 100)} %`;
const onOff = (value: number) => (value === 0 ? LCD_WORDS.off : LCD_WORDS.on);

function difference(reading: LcdReading): string {
  return `${LCD_WORDS.difference} ${Math.round(shownNumber(reading, 'cellDifference')! * 1000)} mV`;
}

function overview(reading: LcdReading): string[] {
  const { highestCell, lowestCell, settings } = reading;
  return [
    `${digits(reading, 'packVoltage')} V  ${LCD_WORDS.modes[reading.mode]}`,
    `${digits(reading, 'current')} A  ${percent(shownNumber(reading, 'soc')!)}`,
    `${LCD_WORDS.highest} ${volts(reading, highestCell)}  ${cellName(highestCell)}`,
    `${LCD_WORDS.lowest} ${volts(reading, lowestCell)}  ${cellName(lowestCell)}`,
    difference(reading),
    `${digits(reading, 'capacity')} Ah ${LCD_WORDS.of} ${settingText('batteryCapacity_Ah', settings.batteryCapacity_Ah)}`,
  ];
}

/** The bar goes from Cell empty voltage to Cell full voltage, which do nothing else. */
function bar({ settings }: LcdReading, voltage_V: number): string {
  const { cellEmptyVoltage_V: empty, cellFullVoltage_V: full } = settings;
  const share = Math.min(Math.max((voltage_V - empty) / (full - empty), 0), 1);
  const blocks = Math.round(share * BAR_BLOCKS);
  return '█'.repeat(blocks) + '░'.repeat(BAR_BLOCKS - blocks);
}

/** Texts of the cells, several a line. */
function grid(texts: readonly string[]): string[] {
  const lines = Math.ceil(texts.length / CELLS_A_LINE);
  return Array.from({ length: lines }, (_, line) => texts.slice(line * CELLS_A_LINE, (line + 1) * CELLS_A_LINE).join('  '));
}

const numbered = (cell: number, text: string) => `${String(cell + 1).padStart(2)} ${text}`;

function cells(reading: LcdReading): string[] {
  return grid(reading.cells.map(({ voltage_V }, cell) => numbered(cell, `${volts(reading, cell)} ${bar(reading, voltage_V)}`)));
}

function temperatures(reading: LcdReading): string[] {
  const { closed, case_degC } = reading;
  const state = (isClosed: boolean) => (isClosed ? LCD_WORDS.closed : LCD_WORDS.open);
  return [
    `${degrees(reading, 0)}  ${degrees(reading, 1)}`,
    `${LCD_WORDS.unitCase} ${case_degC.toFixed(1)} °C`,
    `${LCD_WORDS.chargeRelay} ${state(closed.charge)}`,
    `${LCD_WORDS.dischargeRelay} ${state(closed.discharge)}`,
  ];
}

function balance(reading: LcdReading): string[] {
  const { balancing, settings, hasIndicators } = reading;
  const bleeding = reading.cells.flatMap(({ indicator }, cell) => (indicator ? [cellName(cell)] : []));
  const { storage, charge, discharge } = LCD_WORDS.inModes;
  return [
    balancing ? LCD_WORDS.balancing : LCD_WORDS.resting,
    ...(hasIndicators && bleeding.length > 0 ? [bleeding.join(', ')] : []),
    difference(reading),
    `${LCD_WORDS.above} ${settingText('balanceStartVoltage_V', settings.balanceStartVoltage_V)}, ${LCD_WORDS.from} ${settingText('balanceStartDifference_V', settings.balanceStartDifference_V)}`,
    `${storage} ${onOff(settings.balanceInStorage)}, ${charge} ${onOff(settings.balanceInCharge)}, ${discharge} ${onOff(settings.balanceInDischarge)}`,
  ];
}

function impedance(reading: LcdReading): string[] {
  if (reading.cells.every(({ impedance_Ohm }) => impedance_Ohm === null)) return [LCD_WORDS.noImpedance];
  const milliohms = (cell: number) => (shownNumber(reading, 'impedance', { cell })! * 1000).toFixed(1);
  return grid(reading.cells.map((_, cell) => numbered(cell, `${milliohms(cell)} mΩ`)));
}

function alarms({ alarms: causes }: LcdReading): string[] {
  return causes.length === 0 ? [LCD_WORDS.noAlarms] : causes.map((name) => EVENTS[name].label);
}

/** A setting as the menu writes it: in percent where it is a fraction, in words where it is a switch or has a meaning of its own. */
export function settingText(name: SettingName, value: number): string {
  const row: SettingRow = rowOf(name);
  if (row.kind === 'switch') return onOff(value);
  if (row.special?.value === value) return row.special.meaning.split(':')[0]!;
  const unit = unitOf(name);
  if (unit === 'fraction') return percent(value);
  return `${value.toFixed(decimals(Math.round(1 / row.step)))} ${unit === undefined ? '' : UNITS[unit]}`.trim();
}

/** The row that is being changed stands in brackets. */
function settings({ menu, settings: stored }: LcdReading): string[] {
  const { cursor, editing, value } = menu;
  const first = Math.min(Math.max(cursor - Math.floor(MENU_LINES / 2), 0), Math.max(SETTING_NAMES.length - MENU_LINES, 0));
  return SETTING_NAMES.slice(first, first + MENU_LINES).map((name, place) => {
    const isHere = first + place === cursor;
    const text = isHere && editing ? `[${settingText(name, value)}]` : settingText(name, stored[name]);
    return `${isHere ? '>' : ' '} ${rowOf(name).label}  ${text}`;
  });
}

const PAGES: Record<LcdPage, (reading: LcdReading) => string[]> = {
  overview,
  cells,
  temperatures,
  balance,
  impedance,
  alarms,
  settings,
};

/** What stands on the display. */
export function lcdLines(reading: LcdReading): LcdScreen {
  const { on, lit, page, notice } = reading;
  const indicators = reading.cells.map(({ indicator }) => indicator);
  if (!on) return { on, lit, page, lines: [], indicators };
  const said = LCD_WORDS.notices[notice];
  const lines = [LCD_WORDS.titles[page], ...PAGES[page](reading), ...(said === '' ? [] : [said])];
  return { on, lit, page, lines, indicators };
}
