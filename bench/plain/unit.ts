/**
 * What the unit shows at every sample in plain JavaScript: alarm LED and beeper, display, light and indicators; and the impedance at a turn of
 * the current. Buttons and sleep are commands, and there are none here.
 */
import { UNIT_STATES } from '../../domain/device.ts';
import { nearest, type State } from './state.ts';

const STORAGE = 2;
const RUNNING = UNIT_STATES.indexOf('running');
const PER_OHM = 10_000;
const PER_MILLIOHM = 10;

/** Whether the current goes the other way than the last one that went any way. */
export function directionHasTurned({ assumed, impedance, measured, unit }: State, currentBefore: number): boolean {
  const { mode } = unit;
  const before = impedance.direction;
  if (mode === before || mode === STORAGE) return false;
  impedance.direction = mode;
  return before !== STORAGE && Math.abs(measured.current_A - currentBefore) >= assumed.impedanceStep_A;
}

export function keepVoltages({ groups, groupCount }: State): void {
  for (let i = 0; i < groupCount; i++) groups.impedanceFrom_mV[i] = groups.measured_mV[i]!;
}

export function formImpedances({ groups, groupCount, impedance, measured, run, unit }: State, currentBefore: number): void {
  const step = measured.current_A - currentBefore;
  for (let i = 0; i < groupCount; i++) {
    const milliohm = (groups.measured_mV[i]! - groups.impedanceFrom_mV[i]!) / step;
    groups.impedance_Ohm[i] = Math.max(nearest(milliohm * PER_MILLIOHM), 0) / PER_OHM;
  }
  impedance.tick = run.tick;
  impedance.mode = unit.mode;
  impedance.current_A = measured.current_A;
}

export function followAlarm({ assumed, beeper, lamp, protection, run }: State): void {
  const { alarm, trips } = protection;
  if (alarm === 0 && lamp.alarm === 0) return;
  if (trips !== beeper.tripsSeen) {
    beeper.tripsSeen = trips;
    beeper.untilTick = run.tick + nearest(assumed.beeperTime_s / run.tick_s);
  }
  lamp.alarm = alarm;
  beeper.on = alarm !== 0 && run.tick < beeper.untilTick ? 1 : 0;
}

function isLit({ lamp, lcd, run, setting }: State): boolean {
  const time = setting.lcdBacklightTime_s;
  if (time < 0 || lamp.alarm !== 0) return true;
  return (run.tick - lcd.operationTick) * run.tick_s < time - 1e-9;
}

function showBleeds({ balance, groups, groupCount, lcd }: State): void {
  const orders = lcd.on !== 0 && lcd.hasIndicators !== 0 ? balance.orders : -1;
  if (orders === lcd.ordersShown) return;
  lcd.ordersShown = orders;
  for (let i = 0; i < groupCount; i++) groups.indicator[i] = orders < 0 ? 0 : groups.bleedOrder[i]!;
}

/** A dark display without an alarm changes with the orders of the bleeds only: settings stay here. */
export function refreshDisplay(state: State): void {
  const { balance, lamp, lcd, serial, unit } = state;
  if ((lcd.lit | lamp.alarm) === 0 && lcd.ordersShown === balance.orders) return;
  const runs = unit.state === RUNNING;
  serial.sends = runs && serial.silent === 0 ? 1 : 0;
  lcd.on = lcd.plugged !== 0 && runs ? 1 : 0;
  lcd.lit = lcd.on !== 0 && lcd.lightStuck === 0 && isLit(state) ? 1 : 0;
  showBleeds(state);
}
