/**
 * The main fuse at the terminals: a resistance, a thin element for short overloads, a body for long ones.
 * It is separate because it is the only protection without a firmware and without a way back.
 *
 * Equations in docs/model.md: main fuse (21), its heat (28).
 */
import { eventCode, fuse, pack, run } from '../generated/layout';
import { report } from '../time/events';

const BLOWN: i32 = 1;
const ARCING: i32 = 2;

export function fuseIsOpen(): bool {
  return load<i32>(fuse.state) == BLOWN || load<f64>(fuse.cut) != 0.0;
}

/** Equation (28): the body follows the mean power of the tick exactly, also after it has melted. */
function warm(square: f64): void {
  const power = square * load<f64>(fuse.resistance_Ohm);
  const settled = load<f64>(pack.ambientNow_degC) + power / load<f64>(fuse.toAmbient_W_per_K);
  const away = load<f64>(fuse.temperature_degC) - settled;
  store<f64>(fuse.temperature_degC, settled + away * load<f64>(fuse.bodyKeep));
  store<f64>(fuse.heat_J, load<f64>(fuse.heat_J) + power * load<f64>(run.tick_s));
}

/** Equation (21): both states follow the square of the tick's current exactly; either can melt the fuse, from the next tick it is open. */
export function heatFuse(): void {
  if (!load<i32>(fuse.fitted)) return;
  const current = load<f64>(pack.current_A);
  const all = current * current + load<f64>(pack.rippleSquare_A2);
  warm(all);
  if (load<i32>(fuse.state) != 0) return;
  const pulse = load<f64>(pack.pulse_A2s);
  const square = all - pulse / load<f64>(run.tick_s);
  const level = square * load<f64>(fuse.elementTime_s);
  const element = level + (load<f64>(fuse.element_A2s) - level) * load<f64>(fuse.elementKeep) + pulse;
  const body = square + (load<f64>(fuse.body_A2) - square) * load<f64>(fuse.bodyKeep);
  store<f64>(fuse.element_A2s, element);
  store<f64>(fuse.body_A2, body);
  if (element >= load<f64>(fuse.i2t_A2s) || body >= load<f64>(fuse.fusingSquare_A2))
    melt(abs<f64>(current) > load<f64>(pack.pulsePeak_A) ? current : -load<f64>(pack.pulsePeak_A));
}

/** The body starts as warm as its surroundings. */
export function settleFuse(): void {
  store<f64>(fuse.temperature_degC, load<f64>(pack.ambientNow_degC));
}

function melt(current: f64): void {
  const most = load<f64>(fuse.breakingCapacity_A);
  const interrupts = abs<f64>(current) <= most;
  store<i32>(fuse.state, interrupts ? BLOWN : ARCING);
  if (interrupts) report(eventCode.fuseBlown, true, -1, current, current, load<f64>(fuse.rating_A));
  else report(eventCode.fuseBeyondBreakingCapacity, true, -1, current, current, most);
}
