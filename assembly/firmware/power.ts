/**
 * The unit's power switch, what it learns at first power-on, and START.
 * It is separate because it acts at tick starts, before any measurement, and outlives every other firmware state.
 */
import { eventCode, measured, unit, update } from '../generated/layout';
import { report } from '../time/events';
import { restartFirmwareClock } from '../time/schedule';
import { balanceCells } from './balance';
import { forgetProtections } from './protection';
import { bootImage } from './update';

/** Follows the switch and the supply: off drops both outputs at once; on boots, and the relays close after the first sample. */
export function followSwitch<T>(): void {
  const powered = load<f64>(unit.switchedOn) != 0.0 && load<i32>(unit.supplied) != 0;
  const on = powered && load<i32>(update.holdsMain) == 0;
  if (on == (load<i32>(unit.running) != 0)) return;
  if (!on) {
    forgetProtections();
    balanceCells<T>(false);
  } else {
    bootImage();
    restartFirmwareClock();
  }
  store<i32>(unit.running, on ? 1 : 0);
  report(eventCode.unitOn, on, -1, on ? 1.0 : 0.0, on ? 1.0 : 0.0, 1.0);
}

/** The first sample ever teaches the unit how many cells it has. */
export function learnCells(): void {
  if (load<i32>(unit.cellsLearnt) == 0) store<i32>(unit.cellsLearnt, load<i32>(measured.cellCount));
}

/** Whether START was pressed since the last sample. */
export function startWasPressed(): bool {
  const presses = load<f64>(unit.startPresses);
  const pressed = presses != load<f64>(unit.startsSeen);
  store<f64>(unit.startsSeen, presses);
  return pressed;
}
