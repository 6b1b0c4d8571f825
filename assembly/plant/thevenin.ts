/**
 * A cell over a tick as E + R I, for everybody who solves currents: once at the tick's end, once as its neighbours feel it.
 * RC gain and OCV slope stand inside R, so that large ticks stay stable.
 *
 * Equation in docs/model.md: Thevenin of a tick (11), `ofTick`; else of this moment.
 */
import { cell, ocv, run } from '../generated/layout';
import { add, div, mul, splat, splatAt, sub } from '../lane';
import { seriesResistance } from './cell';

/** Keeps 0/0 away from a cell without any resistance. */
const LEAST_OHM: f64 = 1e-30;

@inline
function ownResistance<T>(at: usize): T {
  return add<T>(seriesResistance<T>(at), load<T>(at, cell.tab_Ohm));
}

/** Source voltage without what the RC pairs lose of theirs. */
@inline
function voltage<T>(at: usize, pair1: T, pair2: T): T {
  return add<T>(add<T>(load<T>(at, cell.open_V), load<T>(at, cell.hysteresis_V)), add<T>(pair1, pair2));
}

@inline
function left<T>(voltage: T, share: T): T {
  return sub<T>(voltage, mul<T>(share, voltage));
}

/** What the OCV moves by over a tick for each ampere. */
@inline
function emfPerAmpere<T>(at: usize): T {
  const perCoulomb = mul<T>(load<T>(at, cell.emfPerBin_V), mul<T>(splatAt<T>(ocv.binCount), load<T>(at, cell.perCoulomb)));
  return mul<T>(perCoulomb, splatAt<T>(run.tick_s));
}

/** Source voltage by which the voltage at the tick's end is exact for a straight OCV: what equipment holds. */
@inline
export function endVoltage<T>(at: usize, ofTick: bool): T {
  const pair1 = load<T>(at, cell.rc1_V);
  const pair2 = load<T>(at, cell.rc2_V);
  if (!ofTick) return voltage<T>(at, pair1, pair2);
  return voltage<T>(at, left<T>(pair1, load<T>(at, cell.rc1Step)), left<T>(pair2, load<T>(at, cell.rc2Step)));
}

@inline
export function endResistance<T>(at: usize, ofTick: bool): T {
  const own = ownResistance<T>(at);
  return ofTick ? add<T>(add<T>(own, load<T>(at, cell.pairsEnd_Ohm)), emfPerAmpere<T>(at)) : own;
}

/** The same as neighbours in parallel feel it: the mean over a small tick, for second order; the end of a large one. */
export function meanVoltage<T>(at: usize, ofTick: bool): T {
  const pair1 = load<T>(at, cell.rc1_V);
  const pair2 = load<T>(at, cell.rc2_V);
  if (!ofTick) return voltage<T>(at, pair1, pair2);
  return voltage<T>(at, left<T>(pair1, load<T>(at, cell.rc1Taken)), left<T>(pair2, load<T>(at, cell.rc2Taken)));
}

export function meanResistance<T>(at: usize, ofTick: bool): T {
  const own = ownResistance<T>(at);
  if (!ofTick) return own;
  const gain1 = mul<T>(load<T>(at, cell.rc1Resistance_Ohm), load<T>(at, cell.rc1Taken));
  const gain2 = mul<T>(load<T>(at, cell.rc2Resistance_Ohm), load<T>(at, cell.rc2Taken));
  const resistance = add<T>(own, add<T>(gain1, gain2));
  // The OCV moves by s I over the tick: half of it counts for a small s, all of it where s outweighs the resistance.
  const s = emfPerAmpere<T>(at);
  const weight = div<T>(s, add<T>(add<T>(mul<T>(splat<T>(6.0), resistance), s), splat<T>(LEAST_OHM)));
  return add<T>(resistance, mul<T>(mul<T>(splat<T>(0.5), s), add<T>(splat<T>(1.0), weight)));
}
