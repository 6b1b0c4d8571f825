/**
 * The world outside: a log of (tick, address, value) in time order, applied at tick starts.
 * The log is the only way in, so a run is its start state plus this log.
 */
import { press, replug } from '../firmware/buttons';
import { button, command, lcd, pack, run, setting } from '../generated/layout';
import { hastenSlowStep } from './schedule';

const ROW: usize = 24;

export function applyCommands<T>(): void {
  const count = load<i32>(command.count);
  let next = load<i32>(command.next);
  if (next >= count) return;
  const tick = <f64>load<i32>(run.tick);
  let at = <usize>load<i32>(command.base) + <usize>next * ROW;
  while (next < count && load<f64>(at) <= tick) {
    const address = <usize>load<f64>(at, 8);
    store<f64>(address, load<f64>(at, 16));
    if (address >= <usize>setting.batteryCapacity_Ah && address <= <usize>setting.cellFullVoltage_V) {
      store<i32>(command.settingsWritten, load<i32>(command.settingsWritten) + 1);
    }
    if (address == <usize>button.pressed) press<T>();
    if (address == <usize>lcd.plugged) replug();
    // Cells that are held at ambient follow it at once; others warm at the usual rate.
    if (address == <usize>pack.ambient_degC && load<i32>(run.isothermal)) hastenSlowStep();
    next++;
    at += ROW;
  }
  store<i32>(command.next, next);
}
