/**
 * The alarm LED and the beeper of the main unit: lit while a protection is in force, sounding for a while after each trip.
 * Separate from the protections because people see and hear it, and a press makes it quiet.
 */
import { assumed, beeper, lamp, protection, run } from '../generated/layout';

/** At every sample, behind the protections. */
export function followAlarm(): void {
  const alarm = load<i32>(protection.alarm);
  if ((alarm | load<i32>(lamp.alarm)) == 0) return;
  const tick = <f64>load<i32>(run.tick);
  const trips = load<i32>(protection.trips);
  if (trips != load<i32>(beeper.tripsSeen)) {
    store<i32>(beeper.tripsSeen, trips);
    store<f64>(beeper.untilTick, tick + nearest<f64>(load<f64>(assumed.beeperTime_s) / load<f64>(run.tick_s)));
  }
  store<i32>(lamp.alarm, alarm);
  store<i32>(beeper.on, alarm != 0 && tick < load<f64>(beeper.untilTick) ? 1 : 0);
}

/** Any press ends the sound until the next trip. */
export function hushBeeper(): void {
  store<f64>(beeper.untilTick, 0.0);
  store<i32>(beeper.on, 0);
}

/** A unit that does not run shows no alarm. */
export function hushAlarm(): void {
  hushBeeper();
  store<i32>(beeper.tripsSeen, load<i32>(protection.trips));
  store<i32>(lamp.alarm, 0);
}
