/**
 * Switch, menu, display and memory of the main unit as rows of the kernel's memory, at the start of a run.
 */
import { HARDWARES, INDICATORS_FROM, UNIT_STATES } from '../domain/device.ts';
import { assert } from '../domain/errors.ts';
import { settingContext, settingsOf } from '../domain/scenario/read.ts';
import type { Bms } from '../domain/scenario/schema.ts';
import { maximumOf, rowOf, SETTING_NAMES, SETTING_ORDER, type SettingName } from '../domain/settings.ts';
import { scalarAddress } from './addresses.ts';
import type { ScalarViews, StructureViews } from './kernel.ts';

export const MODE_STORAGE = 2;
const NO_ORDERS = -1;

interface UnitTarget {
  scalars: ScalarViews;
  structures: StructureViews;
}

export function settingAddress(name: SettingName): number {
  return scalarAddress(`setting.${name}`);
}

/** The menu's rows, and the pairs that it keeps in order. */
function writeMenu({ structures }: UnitTarget, bms: Bms): void {
  SETTING_NAMES.forEach((name, index) => {
    const setting = rowOf(name);
    const row = structures.menu[index]!;
    const perUnit = Math.round(1 / setting.step);
    assert(Math.abs(perUnit * setting.step - 1) < 1e-9, 'a step of the menu is no whole part of a unit', { name });
    row.address = settingAddress(name);
    row.min = setting.min;
    row.max = maximumOf(setting, settingContext(bms));
    row.perUnit = perUnit;
    if (setting.special === undefined) return;
    assert(setting.special.value < setting.min, 'the menu reaches a special value below the range only', { name });
    row.hasSpecial = 1;
    row.special = setting.special.value;
  });
  SETTING_ORDER.forEach(([lower, upper], index) => {
    structures.order[index]!.lower = settingAddress(lower);
    structures.order[index]!.upper = settingAddress(upper);
  });
}

/** `soc` is the estimate at the start, which both copies of the memory hold. */
export function writeUnitState(target: UnitTarget, bms: Bms, soc: number): void {
  const { unit, lcd, impedance, setting, estimate } = target.scalars;
  const settings = settingsOf(bms);
  for (const name of SETTING_NAMES) setting[name] = settings[name];
  writeMenu(target, bms);
  const on = bms.switchedOn ? 1 : 0;
  unit.switchedOn = on;
  unit.running = on;
  unit.clocked = on;
  unit.state = UNIT_STATES.indexOf(bms.switchedOn ? 'running' : 'off');
  unit.mode = MODE_STORAGE;
  unit.cellsLearnt = bms.learntCellCount ?? 0;
  unit.hasConsumption = bms.consumption === 'vendor' ? 1 : 0;
  unit.anyAlarmOpensBoth = bms.policy === 'anyAlarmOpensBoth' ? 1 : 0;
  unit.supply_ratio = 1;
  unit.supplied = 1;
  target.scalars.serial.baud_ratio = 1;
  lcd.plugged = bms.lcd === 'plugged' ? 1 : 0;
  lcd.hasIndicators = HARDWARES.indexOf(bms.hardware) >= HARDWARES.indexOf(INDICATORS_FROM) ? 1 : 0;
  lcd.operationTick = -Infinity;
  lcd.ordersShown = NO_ORDERS;
  impedance.direction = MODE_STORAGE;
  estimate.soc = soc;
  estimate.storedCopy_soc = soc;
  estimate.segmentMode = MODE_STORAGE;
}
