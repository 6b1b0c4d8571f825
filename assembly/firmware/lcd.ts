/**
 * The display as a thing: alive or dead, its back light (FAQ 11) and the yellow indicators (FAQ 6d).
 * What stands on it is a reading of the unit; which page, stands in pages.ts.
 */
import { groupAt } from '../address';
import { balance, group, lamp, lcd, protection, run, setting, unit, unitState, update, updatePort } from '../generated/layout';

const STUCK_ON: f64 = 1.0;
/** Ticks are counted exactly, seconds are not. */
const SAME_s: f64 = 1e-9;

/** Whether LCD unit and main unit hear each other. */
export function isConnected(): bool {
  return load<f64>(lcd.plugged) != 0.0 && load<f64>(lcd.dead) == 0.0;
}

/** The light stays on for the set time after an operation; a time below 0 means always. */
function lightIsAsked(): bool {
  const time = load<f64>(setting.lcdBacklightTime_s);
  if (time < 0.0 || load<i32>(lamp.alarm) != 0) return true;
  const since = (<f64>load<i32>(run.tick) - load<f64>(lcd.operationTick)) * load<f64>(run.tick_s);
  return since < time - SAME_s;
}

function isLit(on: bool): bool {
  const stuck = load<f64>(lcd.lightStuck);
  // A light that is stuck burns as long as the LCD unit is fed, also when the unit sleeps.
  if (stuck == STUCK_ON) return isConnected() && load<i32>(unit.state) != unitState.off;
  return on && stuck == 0.0 && lightIsAsked();
}

function showBleeds(on: bool): void {
  const orders = on && load<i32>(lcd.hasIndicators) != 0 ? load<i32>(balance.orders) : -1;
  if (orders == load<i32>(lcd.ordersShown)) return;
  store<i32>(lcd.ordersShown, orders);
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) {
    const at = groupAt(g);
    store<f64>(at, orders < 0 ? 0.0 : load<f64>(at, group.bleedOrder), group.indicator);
  }
}

/** Somebody has operated the unit. */
export function noteOperation(): void {
  store<f64>(lcd.operationTick, <f64>load<i32>(run.tick));
}

/** At a sample: a dark display without an alarm changes with settings, effects and the orders of the bleeds only. */
export function lcdMayChange(): bool {
  if ((load<i32>(lcd.lit) | load<i32>(lamp.alarm)) != 0) return true;
  return load<i32>(lcd.versionShown) != load<i32>(protection.settingsUsed) || load<i32>(lcd.ordersShown) != load<i32>(balance.orders);
}

/** At presses, plugs, changes of the unit's state, and samples that may change something. */
export function refreshLcd(): void {
  // While it takes an image the LCD unit shows nothing.
  const on = isConnected() && load<i32>(unit.state) == unitState.running && load<i32>(update.unit) != updatePort.lcd;
  store<i32>(lcd.on, on ? 1 : 0);
  store<i32>(lcd.lit, isLit(on) ? 1 : 0);
  store<i32>(lcd.versionShown, load<i32>(protection.settingsUsed));
  showBleeds(on);
}
