/**
 * Pages and settings menu of the LCD unit: what a press does on a display that is alive.
 * Separate from the display itself because it is state of somebody's dialogue and not of the pack.
 */
import { buttonCode, effect, eventCode, layout, lcd, lcdNotice, lcdPage, menu, order, slotRow } from '../generated/layout';
import { recompose } from '../time/effects';
import { report } from '../time/events';

const NO_CELL: i32 = -1;
/** Pages that UP and DOWN turn: all but the menu. */
const TURNED: i32 = lcdPage.settings;
/** A value counts as on the menu's grid within this share of a step. */
const ON_GRID: f64 = 1e-6;

function rowAt(index: i32): usize {
  return <usize>menu.base + <usize>index * <usize>menu.bytes;
}

/** The dialogue begins anew on the first page. */
export function leaveForOverview(notice: i32): void {
  store<i32>(lcd.page, lcdPage.overview);
  store<i32>(lcd.editing, 0);
  store<i32>(lcd.notice, notice);
}

export function menuIsOpen(): bool {
  return load<i32>(lcd.page) == lcdPage.settings;
}

export function openMenu(): void {
  store<i32>(lcd.page, lcdPage.settings);
  store<i32>(lcd.cursor, 0);
  store<i32>(lcd.editing, 0);
}

export function forgetNotice(): void {
  store<i32>(lcd.notice, lcdNotice.none);
}

export function turnPage(button: i32): void {
  const step = button == buttonCode.down ? 1 : TURNED - 1;
  store<i32>(lcd.page, (load<i32>(lcd.page) + step) % TURNED);
}

/** The next value of the menu's grid, so many steps up or down; one below the range may have a meaning of its own. */
function stepped(row: usize, value: f64, steps: f64): f64 {
  const perUnit = load<f64>(row, menu.perUnit);
  const least = load<f64>(row, menu.min);
  if (value < least) return steps > 0.0 ? least : value;
  const place = value * perUnit;
  const next = steps > 0.0 ? floor<f64>(place + ON_GRID) + steps : ceil<f64>(place - ON_GRID) + steps;
  const moved = next / perUnit;
  if (moved >= least) return min<f64>(moved, load<f64>(row, menu.max));
  // Only from the very end of the range one more step goes beyond it.
  const beyond = load<i32>(row, menu.hasSpecial) != 0 && place <= least * perUnit + ON_GRID;
  return beyond ? load<f64>(row, menu.special) : least;
}

/** A damaged memory may hold what the menu would not take. */
function isInRange(row: usize, value: f64): bool {
  if (load<i32>(row, menu.hasSpecial) != 0 && value == load<f64>(row, menu.special)) return true;
  return value >= load<f64>(row, menu.min) && value <= load<f64>(row, menu.max);
}

/** Whether every pair that a setting belongs to stays in order with this value. */
function isInOrder(address: i32, value: f64): bool {
  for (let i = 0; i < <i32>layout.orderRows; i++) {
    const row = <usize>order.base + <usize>i * <usize>order.bytes;
    const lower = load<i32>(row, order.lower);
    const upper = load<i32>(row, order.upper);
    if (address == lower && !(value < load<f64>(upper))) return false;
    if (address == upper && !(load<f64>(lower) < value)) return false;
  }
  return true;
}

/** As a command writes: a column under an effect keeps the effect, and gets its nominal value. */
function write(address: i32, value: f64): void {
  const count = load<i32>(effect.slotCount);
  for (let i = 0; i < count; i++) {
    const slot = <usize>load<i32>(effect.slots) + <usize>i * <usize>slotRow.bytes;
    if (<i32>load<f64>(slot, slotRow.address) != address) continue;
    store<f64>(slot + slotRow.nominal, value);
    recompose();
    return;
  }
  store<f64>(address, value);
}

function storeSetting(index: i32): void {
  const row = rowAt(index);
  const address = load<i32>(row, menu.address);
  const value = load<f64>(lcd.editValue);
  const inRange = isInRange(row, value);
  if (!inRange || !isInOrder(address, value)) {
    store<i32>(lcd.notice, inRange ? lcdNotice.wrongOrder : lcdNotice.outOfRange);
    return;
  }
  write(address, value);
  store<i32>(lcd.settingsStored, load<i32>(lcd.settingsStored) + 1);
  store<i32>(lcd.editing, 0);
  store<i32>(lcd.notice, lcdNotice.stored);
  report(eventCode.settingStored, true, NO_CELL, value, value, <f64>index);
}

function pressWhileEditing(button: i32, steps: f64): void {
  const cursor = load<i32>(lcd.cursor);
  if (button == buttonCode.start) storeSetting(cursor);
  else if (button == buttonCode.stop) store<i32>(lcd.editing, 0);
  else store<f64>(lcd.editValue, stepped(rowAt(cursor), load<f64>(lcd.editValue), button == buttonCode.up ? steps : -steps));
}

function pressInList(button: i32): void {
  const cursor = load<i32>(lcd.cursor);
  const rows = <i32>layout.menuRows;
  if (button == buttonCode.stop) leaveForOverview(lcdNotice.none);
  else if (button == buttonCode.start) {
    store<f64>(lcd.editValue, load<f64>(load<i32>(rowAt(cursor), menu.address)));
    store<i32>(lcd.editing, 1);
  } else store<i32>(lcd.cursor, (cursor + (button == buttonCode.down ? 1 : rows - 1)) % rows);
}

export function pressInMenu(button: i32, held: bool): void {
  if (load<i32>(lcd.editing) != 0) pressWhileEditing(button, held ? <f64>layout.holdSteps : 1.0);
  else pressInList(button);
}
