/**
 * What the main unit is doing: off, booting, running, asleep, updating; its power switch, and what it learns at first power-on.
 * It is separate because it acts at tick starts, before any measurement, and outlives every other firmware state.
 */
import { assumed, eventCode, lcdNotice, measured, pack, run, unit, unitState, update } from '../generated/layout';
import { report } from '../time/events';
import { restartFirmwareClock } from '../time/schedule';
import { hushAlarm } from './alarm';
import { balanceCells } from './balance';
import { followCom3 } from './com3';
import { forgetImpedances } from './impedance';
import { noteOperation, refreshLcd } from './lcd';
import { leaveForOverview } from './pages';
import { forgetProtections } from './protection';
import { senseCurrent } from './sensing';
import { restoreSoc } from './soc';
import { bootImage } from './update';

const NO_CELL: i32 = -1;
/** Counting in tenths leaves 0.1 A at 0.09999999999999999 A. */
const SAME_A: f64 = 1e-9;

/** What is shown and sent follows at once. */
function enter(state: i32): void {
  const awake = state == unitState.running || state == unitState.booting;
  store<i32>(unit.state, state);
  store<i32>(unit.running, awake ? 1 : 0);
  store<i32>(unit.clocked, awake || state == unitState.asleep ? 1 : 0);
  store<i32>(unit.startAsked, 0);
  if (!awake) hushAlarm();
  followCom3();
  refreshLcd();
}

/** Both outputs fall to 0 V, bleeds are off, alarms end, every timer and latch is forgotten. */
function standDown<T>(): void {
  forgetProtections();
  balanceCells<T>(false);
}

/** The relays close after the first measurement. */
function boot(): void {
  bootImage();
  restartFirmwareClock(<i32>nearest<f64>(load<f64>(assumed.bootTime_s) / load<f64>(run.tick_s)));
  leaveForOverview(lcdNotice.none);
  noteOperation();
  enter(unitState.booting);
}

function tellAsleep(asleep: bool): void {
  const current = load<f64>(pack.current_A);
  report(eventCode.unitAsleep, asleep, NO_CELL, load<f64>(measured.current_A), current, load<f64>(assumed.wakeCurrent_A));
}

/** Follows the switch and the supply: off drops both outputs at once; on boots. */
export function followSwitch<T>(): void {
  const on = load<f64>(unit.switchedOn) != 0.0 && load<i32>(unit.supplied) != 0;
  if (on == (load<i32>(unit.state) != unitState.off)) return;
  if (on) {
    restoreSoc();
    forgetImpedances();
    boot();
  } else {
    if (load<i32>(unit.state) == unitState.asleep) tellAsleep(false);
    standDown<T>();
    enter(unitState.off);
  }
  report(eventCode.unitOn, on, NO_CELL, on ? 1.0 : 0.0, on ? 1.0 : 0.0, 1.0);
}

/** While it takes an image the main unit does nothing else; then it boots, whatever image that is. */
export function takeImage<T>(): void {
  const holds = load<i32>(update.holdsMain) != 0;
  if (holds == (load<i32>(unit.state) == unitState.updating)) return;
  if (holds) {
    standDown<T>();
    enter(unitState.updating);
  } else boot();
}

/** FAQ 7a and 7c: STOP lets the unit sleep where it displays no current, and does nothing where it displays some. */
export function askForSleep<T>(): void {
  const displayed = load<f64>(measured.current_A);
  const most = load<f64>(assumed.sleepCurrent_A);
  if (abs<f64>(displayed) > most + SAME_A) {
    leaveForOverview(lcdNotice.currentFlows);
    report(eventCode.stopRefused, true, NO_CELL, displayed, load<f64>(pack.current_A), most);
    return;
  }
  standDown<T>();
  enter(unitState.asleep);
  tellAsleep(true);
}

/** FAQ 7b. */
export function wake(): void {
  tellAsleep(false);
  boot();
}

/** A sleeping unit looks at the shunt once a period: it never sleeps while it would display a current. */
export function watchCurrentAsleep(): void {
  senseCurrent();
  if (abs<f64>(load<f64>(measured.current_A)) >= load<f64>(assumed.wakeCurrent_A) - SAME_A) wake();
  else refreshLcd();
}

/** The first measurement ends the boot; the first ever teaches the unit how many cells it has. */
export function finishBoot(): void {
  if (load<i32>(unit.cellsLearnt) == 0) store<i32>(unit.cellsLearnt, load<i32>(measured.cellCount));
  if (load<i32>(unit.state) == unitState.booting) enter(unitState.running);
}

export function askForStart(): void {
  store<i32>(unit.startAsked, 1);
}

/** Whether START was pressed since the last sample. */
export function startWasPressed(): bool {
  const asked = load<i32>(unit.startAsked) != 0;
  if (asked) store<i32>(unit.startAsked, 0);
  return asked;
}
