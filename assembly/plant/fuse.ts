/**
 * The main fuse at the terminals: a thin element for short overloads, a body for long ones.
 * It is separate because it is the only protection without a firmware and without a way back.
 *
 * Equation in docs/model.md: main fuse (21).
 */
import { eventCode, fuse, pack, run } from '../generated/layout';
import { report } from '../time/events';

const BLOWN: i32 = 1;
const ARCING: i32 = 2;

export function fuseIsOpen(): bool {
  return load<i32>(fuse.state) == BLOWN || load<f64>(fuse.cut) != 0.0;
}

/** Equation (21): both states follow the square of the tick's current exactly; either can melt the fuse, from the next tick it is open. */
export function heatFuse(): void {
  if (!load<i32>(fuse.fitted) || load<i32>(fuse.state) != 0) return;
  const current = load<f64>(pack.current_A);
  const pulse = load<f64>(pack.pulse_A2s);
  const square = current * current + (load<f64>(pack.rippleSquare_A2) - pulse / load<f64>(run.tick_s));
  const level = square * load<f64>(fuse.elementTime_s);
  const element = level + (load<f64>(fuse.element_A2s) - level) * load<f64>(fuse.elementKeep) + pulse;
  const body = square + (load<f64>(fuse.body_A2) - square) * load<f64>(fuse.bodyKeep);
  store<f64>(fuse.element_A2s, element);
  store<f64>(fuse.body_A2, body);
  if (element >= load<f64>(fuse.i2t_A2s) || body >= load<f64>(fuse.fusingSquare_A2))
    melt(abs<f64>(current) > load<f64>(pack.pulsePeak_A) ? current : -load<f64>(pack.pulsePeak_A));
}

function melt(current: f64): void {
  const most = load<f64>(fuse.breakingCapacity_A);
  const interrupts = abs<f64>(current) <= most;
  store<i32>(fuse.state, interrupts ? BLOWN : ARCING);
  if (interrupts) report(eventCode.fuseBlown, true, -1, current, current, load<f64>(fuse.rating_A));
  else report(eventCode.fuseBeyondBreakingCapacity, true, -1, current, current, most);
}
