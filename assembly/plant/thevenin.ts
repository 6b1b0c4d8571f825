/**
 * A cell over a tick as E + R I, for everybody who solves currents: once at the tick's end, once as its neighbours feel it.
 * RC gain and OCV slope stand inside R, so that large ticks stay stable.
 *
 * Equation in docs/model.md: Thevenin of a tick (11). `share` 1 asks for the tick, 0 for this moment.
 */
import { cell, ocv } from '../generated/layout';
import { add, div, mul, splat, splatAt, sub, whereGreater } from '../lane';

/** Keeps 0/0 away from a cell without any resistance. */
const LEAST_OHM: f64 = 1e-30;

function seriesResistance<T>(at: usize): T {
  const forward = load<T>(at, cell.chargeResistance_Ohm);
  const series = whereGreater<T>(load<T>(at, cell.current_A), splat<T>(0.0), forward, load<T>(at, cell.dischargeResistance_Ohm));
  return add<T>(series, load<T>(at, cell.tab_Ohm));
}

function pairVoltages<T>(at: usize, share1: T, share2: T): T {
  const start1 = load<T>(at, cell.rc1_V);
  const start2 = load<T>(at, cell.rc2_V);
  const left1 = sub<T>(start1, mul<T>(share1, start1));
  const left2 = sub<T>(start2, mul<T>(share2, start2));
  return add<T>(add<T>(load<T>(at, cell.open_V), load<T>(at, cell.hysteresis_V)), add<T>(left1, left2));
}

function pairResistances<T>(at: usize, share1: T, share2: T): T {
  const gain1 = mul<T>(load<T>(at, cell.rc1Resistance_Ohm), share1);
  const gain2 = mul<T>(load<T>(at, cell.rc2Resistance_Ohm), share2);
  return add<T>(seriesResistance<T>(at), add<T>(gain1, gain2));
}

/** Slope of the OCV over charge, V per coulomb. */
@inline
function emfPerCoulomb<T>(at: usize): T {
  return mul<T>(load<T>(at, cell.emfPerBin_V), mul<T>(splatAt<T>(ocv.binCount), load<T>(at, cell.perCoulomb)));
}

/** Source voltage by which the voltage at the tick's end is exact for a straight OCV: what equipment holds. */
export function endVoltage<T>(at: usize, share: T): T {
  return pairVoltages<T>(at, mul<T>(share, load<T>(at, cell.rc1Step)), mul<T>(share, load<T>(at, cell.rc2Step)));
}

/** `seconds` is the share times the tick. */
export function endResistance<T>(at: usize, seconds: T, share: T): T {
  const pairs = mul<T>(share, load<T>(at, cell.pairsEnd_Ohm));
  return add<T>(add<T>(seriesResistance<T>(at), pairs), mul<T>(emfPerCoulomb<T>(at), seconds));
}

/** The same as neighbours in parallel feel it: the mean over a small tick, for second order; the end of a large one. */
export function meanVoltage<T>(at: usize, share: T): T {
  return pairVoltages<T>(at, mul<T>(share, load<T>(at, cell.rc1Taken)), mul<T>(share, load<T>(at, cell.rc2Taken)));
}

export function meanResistance<T>(at: usize, dt: T, share: T): T {
  const resistance = pairResistances<T>(at, mul<T>(share, load<T>(at, cell.rc1Taken)), mul<T>(share, load<T>(at, cell.rc2Taken)));
  // The OCV moves by s I over the tick: half of it counts for a small s, all of it where s outweighs the resistance.
  const s = mul<T>(emfPerCoulomb<T>(at), mul<T>(share, dt));
  const weight = div<T>(s, add<T>(add<T>(mul<T>(splat<T>(6.0), resistance), s), splat<T>(LEAST_OHM)));
  return add<T>(resistance, mul<T>(mul<T>(splat<T>(0.5), s), add<T>(splat<T>(1.0), weight)));
}
