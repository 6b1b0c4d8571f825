/**
 * When the slow step and the firmware are due, counted in whole ticks.
 * Counters and not a remainder of time: the firmware's clock starts anew when the unit is switched on.
 */
import { run, unit } from '../generated/layout';

/** At the start of a tick: whether its end is a sample of the firmware. */
export function countTick(): void {
  const slow = load<i32>(run.slowLeft) - 1;
  store<i32>(run.slowLeft, slow);
  if (!load<i32>(unit.clocked)) {
    store<i32>(run.measuring, 0);
    return;
  }
  const left = load<i32>(run.firmwareLeft) - 1;
  store<i32>(run.firmwareLeft, left);
  store<i32>(run.measuring, left == 0 ? 1 : 0);
}

export function slowStepIsDue(): bool {
  if (load<i32>(run.slowLeft) > 0) return false;
  const tick = load<i32>(run.tick);
  store<f64>(run.slow_s, <f64>(tick - load<i32>(run.slowDone)) * load<f64>(run.tick_s));
  store<i32>(run.slowDone, tick);
  store<i32>(run.slowLeft, load<i32>(run.slowTicks));
  return true;
}

export function firmwareIsDue(): bool {
  if (!load<i32>(run.measuring)) return false;
  store<i32>(run.firmwareLeft, load<i32>(run.firmwareTicks));
  return load<f64>(unit.halted) == 0.0;
}

/** The firmware's next sample comes so many ticks from now, at least a period. */
export function restartFirmwareClock(ticks: i32): void {
  store<i32>(run.firmwareLeft, max<i32>(load<i32>(run.firmwareTicks), ticks));
}

/** The coming tick ends with a slow step: what it holds has changed from outside. */
export function hastenSlowStep(): void {
  store<i32>(run.slowLeft, 1);
}
