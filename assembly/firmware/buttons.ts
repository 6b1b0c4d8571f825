/**
 * The four buttons of the LCD unit, answered at the tick start at which a command presses one.
 * It is separate because one press means something else in every state of the unit.
 */
import { button, buttonCode, lcdNotice, unit, unitState, update, updatePort } from '../generated/layout';
import { hushBeeper } from './alarm';
import { isConnected, noteOperation, refreshLcd } from './lcd';
import { forgetNotice, leaveForOverview, menuIsOpen, openMenu, pressInMenu, turnPage } from './pages';
import { askForSleep, askForStart, wake } from './power';

/** Codes from here on are those of buttons that are held. */
const HELD: i32 = 4;

function pressOnPage<T>(which: i32, held: bool): void {
  if (which == buttonCode.stop) askForSleep<T>();
  else if (which == buttonCode.start) {
    if (held) openMenu();
    else askForStart();
  } else if (!held) turnPage(which);
}

/** On a display that is alive. */
function answer<T>(which: i32, held: bool): void {
  hushBeeper();
  noteOperation();
  forgetNotice();
  if (menuIsOpen()) pressInMenu(which, held);
  else pressOnPage<T>(which, held);
  refreshLcd();
}

/** The last command was a press. A unit that is off, boots or halts, and an LCD unit that is unplugged or takes an image, take no notice. */
export function press<T>(): void {
  const code = <i32>load<f64>(button.pressed);
  const which = code % HELD;
  if (load<f64>(button.dead) != 0.0 || !isConnected() || load<f64>(unit.halted) != 0.0) return;
  if (load<i32>(update.unit) == updatePort.lcd) return;
  const state = load<i32>(unit.state);
  if (state == unitState.running) answer<T>(which, code >= HELD);
  else if (state == unitState.asleep && which != buttonCode.stop) wake();
}

/** The LCD unit was plugged in or out: it begins anew with its light on. */
export function replug(): void {
  leaveForOverview(lcdNotice.none);
  if (isConnected()) noteOperation();
  refreshLcd();
}
