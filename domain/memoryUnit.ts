/**
 * Columns of the main unit and of its LCD unit: what they are doing, what is shown, and what a press of a button has left behind.
 * They are a part of domain/memory.ts, where the rules stand.
 */
import { type Column, f64, i32 } from './column.ts';
import { SETTING_NAMES, SETTING_ORDER } from './settings.ts';

export const UNIT_COLUMNS = {
  switchedOn: f64('command', 'power switch of the main unit'),
  state: i32('firmware/power', 'row of UNIT_STATES'),
  running: i32('firmware/power', 'the unit is awake: it boots or runs'),
  clocked: i32('firmware/power', 'the period of its firmware is counted: awake, or asleep with an eye on the current'),
  firmware: i32('firmware/update', 'version that runs, row of FIRMWARES'),
  startAsked: i32('firmware/power', 'START was pressed since the last sample'),
  cellsLearnt: i32('firmware/power', 'cell count learnt at first power-on, 0 before'),
  hasConsumption: i32('compile', 'the unit draws power'),
  extra_W: f64('compile', 'drawn beside what the vendor states'),
  current_A: f64('plant/consumption', 'current that the unit draws'),
  consumptionRow: i32('plant/consumption', 'offset of the row at or below the voltage in the table of what it draws'),
  coilPower_W: f64('plant/consumption', 'power of the coils that are energised'),
  supply_ratio: f64('compile', 'share of the voltage at its leads that reaches the unit'),
  supplied: i32('plant/consumption', 'the voltage at the unit is enough for it to run'),
  halted: f64('compile', 'the loop of the firmware does not go on'),
  mode: i32('firmware/sensing', '0 discharge, 1 charge, 2 storage'),
  anyAlarmOpensBoth: i32('compile', 'policy: any alarm opens both relays'),
  periodHours: f64('compile', 'period of the firmware in hours'),
  com1Silent: f64('compile', 'nothing leaves on COM1'),
  chargeHeadroom_V: f64('firmware/com1', 'told to a smart charger: from the highest measured cell to Over charge P'),
} as const satisfies Record<string, Column>;

export const BUTTON_COLUMNS = {
  pressed: f64('command', 'the last press: button, and 4 more where it was held'),
  dead: f64('compile', 'presses reach nobody'),
} as const satisfies Record<string, Column>;

export const LCD_COLUMNS = {
  plugged: f64('command', 'the LCD unit is plugged into the main unit'),
  dead: f64('compile', 'plugged or not, nothing reaches it'),
  lightStuck: f64('compile', '1: the back light never goes out, -1: it never goes on'),
  hasIndicators: i32('compile', 'hardware with a yellow indicator for each cell'),
  on: i32('firmware/lcd', 'the display is alive'),
  lit: i32('firmware/lcd', 'the back light is on'),
  operationTick: f64('firmware/lcd', 'tick of the last operation, -Infinity before any'),
  versionShown: i32('firmware/lcd', 'version of settings and effects at the last refresh'),
  ordersShown: i32('firmware/lcd', 'orders of the bleeds that the indicators show, -1 none'),
  page: i32('firmware/pages', 'row of LCD_PAGES'),
  cursor: i32('firmware/pages', 'setting that the menu points at'),
  editing: i32('firmware/pages', 'that setting is being changed'),
  editValue: f64('firmware/pages', 'value that is being changed, not yet stored'),
  notice: i32('firmware/pages', 'row of LCD_NOTICES: what the last press came to'),
  settingsStored: i32('firmware/pages', 'settings stored from the menu: a part of their version'),
} as const satisfies Record<string, Column>;

export const LAMP_COLUMNS = {
  alarm: i32('firmware/alarm', 'the alarm LED is lit'),
} as const satisfies Record<string, Column>;

export const BEEPER_COLUMNS = {
  on: i32('firmware/alarm', 'the beeper sounds'),
  untilTick: f64('firmware/alarm', 'it sounds until this tick'),
  tripsSeen: i32('firmware/alarm', 'trips that it has sounded for'),
} as const satisfies Record<string, Column>;

export const SERIAL_COLUMNS = {
  silent: f64('compile', 'nothing leaves on COM3'),
  cut_ratio: f64('compile', 'share of the frames that end early'),
  bitError_ratio: f64('compile', 'share of the bits that change on the line'),
  hiddenError_ratio: f64('compile', 'share of the frames in which two changed bits cancel in the sum'),
  baud_ratio: f64('compile', 'speed of the line over that of its receiver'),
  flood_ratio: f64('compile', 'share of the frames that the receiver loses to foreign bytes, which stand before every other'),
  sends: i32('firmware/com3', 'the unit sends its frames'),
} as const satisfies Record<string, Column>;

export const IMPEDANCE_COLUMNS = {
  direction: i32('firmware/impedance', 'last mode that was not storage, as unit.mode; storage before any'),
  tick: i32('firmware/impedance', 'tick of the change that the set comes from, 0 none'),
  mode: i32('firmware/impedance', 'mode after that change'),
  current_A: f64('firmware/impedance', 'displayed current after it'),
} as const satisfies Record<string, Column>;

/** Per group, beside the others of domain/memory.ts. */
export const UNIT_GROUP = {
  indicator: f64('firmware/lcd', 'its yellow indicator is lit'),
  impedance_Ohm: f64('firmware/impedance', 'as displayed, 0 before any change between charge and discharge'),
  impedanceFrom_mV: f64('firmware/impedance', 'its reading before that change'),
} as const satisfies Record<string, Column>;

/** What the menu offers of each setting, in the order of the menu. */
export const MENU_STRUCTURE = {
  count: SETTING_NAMES.length,
  columns: {
    address: i32('compile', 'of the setting'),
    hasSpecial: i32('compile', 'a value below the range has a meaning of its own'),
    min: f64('compile', 'least value'),
    max: f64('compile', 'largest value'),
    perUnit: f64('compile', 'steps of the menu per physical unit'),
    special: f64('compile', 'that value below the range'),
  },
} as const satisfies { count: number; columns: Record<string, Column> };

/** Pairs of settings that must stand in this order. */
export const ORDER_STRUCTURE = {
  count: SETTING_ORDER.length,
  columns: {
    lower: i32('compile', 'address of the setting that must be below'),
    upper: i32('compile', 'address of the one above it'),
  },
} as const satisfies { count: number; columns: Record<string, Column> };
