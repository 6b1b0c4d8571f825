/**
 * A cell over a tick as E + R I, for everybody who solves currents.
 * RC gain and OCV slope stand inside R, so that large ticks stay stable and small ones are second order.
 *
 * Equation in docs/model.md: Thevenin of a tick (11). `share` 1 asks for the tick, 0 for this moment.
 */
import { cell } from '../generated/layout';
import { add, div, mul, splat, sub, whereGreater } from '../lane';

/** Keeps 0/0 away from a cell without any resistance. */
const LEAST_OHM: f64 = 1e-30;

export function sourceVoltage<T>(at: usize, share: T): T {
  const start1 = load<T>(at, cell.rc1_V);
  const start2 = load<T>(at, cell.rc2_V);
  const left1 = sub<T>(start1, mul<T>(mul<T>(share, load<T>(at, cell.rc1Taken)), start1));
  const left2 = sub<T>(start2, mul<T>(mul<T>(share, load<T>(at, cell.rc2Taken)), start2));
  return add<T>(load<T>(at, cell.emf_V), add<T>(left1, left2));
}

export function sourceResistance<T>(at: usize, dt: T, share: T): T {
  const forward = load<T>(at, cell.chargeResistance_Ohm);
  const series = whereGreater<T>(load<T>(at, cell.current_A), splat<T>(0.0), forward, load<T>(at, cell.dischargeResistance_Ohm));
  const gain1 = mul<T>(load<T>(at, cell.rc1Resistance_Ohm), mul<T>(share, load<T>(at, cell.rc1Taken)));
  const gain2 = mul<T>(load<T>(at, cell.rc2Resistance_Ohm), mul<T>(share, load<T>(at, cell.rc2Taken)));
  const resistance = add<T>(add<T>(series, load<T>(at, cell.tab_Ohm)), add<T>(gain1, gain2));
  // The OCV moves by s I over the tick: half of it counts for a small s, all of it where s outweighs the resistance.
  const s = mul<T>(load<T>(at, cell.emfPerCoulomb_V), mul<T>(share, dt));
  const weight = div<T>(s, add<T>(add<T>(mul<T>(splat<T>(6.0), resistance), s), splat<T>(LEAST_OHM)));
  return add<T>(resistance, mul<T>(mul<T>(splat<T>(0.5), s), add<T>(splat<T>(1.0), weight)));
}
