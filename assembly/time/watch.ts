/**
 * Extremes of the channels that a scenario expects something of, at every tick of their windows.
 * The table lies outside the state: what is expected of a run changes no result of it.
 */
import { layout, run, watch, watchRow } from '../generated/layout';

@inline
export function watchChannels(): void {
  const base = <usize>load<i32>(watch.base);
  const count = load<f64>(base);
  if (count > 0.0) watchEach(base, count);
}

function watchEach(base: usize, count: f64): void {
  const tick = <f64>load<i32>(run.tick);
  let at = base + <usize>layout.watchHeaderBytes;
  for (const end = at + <usize>count * <usize>layout.watchRowBytes; at < end; at += <usize>layout.watchRowBytes) {
    if (tick < load<f64>(at, watchRow.fromTick) || tick > load<f64>(at, watchRow.untilTick)) continue;
    const address = <usize>load<f64>(at, watchRow.address);
    const value = load<f64>(at, watchRow.isInteger) > 0.0 ? <f64>load<i32>(address) : load<f64>(address);
    store<f64>(at, min<f64>(load<f64>(at, watchRow.low), value), watchRow.low);
    store<f64>(at, max<f64>(load<f64>(at, watchRow.high), value), watchRow.high);
  }
}
