/**
 * Reads the published open-circuit voltage, hysteresis, entropic coefficient and internal resistance of the Sony/Murata US26650 LFP cell.
 * It is separate because every LFP cell of the library leans on it where its own measurement is silent.
 */
import type { Curve } from './fit.ts';
import { numbers, readColumns } from './series.ts';

const folder = 'lfp_sony_us26650/lfp_sony_us26650';

export interface SonyOpenCircuit {
  ocv: Curve;
  hysteresisV: Curve;
  entropicVPerK: Curve;
}

/** Mean OCV, hysteresis half width and entropic coefficient over SOC (Naumann 2018 by way of SimSES). */
export function sonyOpenCircuit(): SonyOpenCircuit {
  const columns = readColumns(`${folder}_ocv_hyst_entropy`);
  const soc = Array.from(numbers(columns, 'soc'));
  const curve = (name: string): Curve => ({ soc, value: Array.from(numbers(columns, name)) });
  return { ocv: curve('ocv_V'), hysteresisV: curve('hysteresis_half_V'), entropicVPerK: curve('entropic_V_per_K') };
}

/** The curve at coarser SOC knots, taken by interpolation at each knot. */
export function thinned(curve: Curve, every: number): Curve {
  const keep = (_: number, k: number) => k % every === 0;
  return { soc: curve.soc.filter(keep), value: curve.value.filter(keep) };
}

export interface SonyResistance {
  soc: number[];
  temperature_degC: number[];
  charge: number[][];
  discharge: number[][];
}

/** Internal resistance over SOC at 10, 25, 40 and 60 degC for either direction, ohm of the 3.0 Ah cell. */
export function sonyResistance(): SonyResistance {
  const columns = readColumns(`${folder}_rint`);
  const temperature_degC = [10, 25, 40, 60];
  const rows = (direction: string) => temperature_degC.map((t) => Array.from(numbers(columns, `${direction}(T=${t})`)));
  return { soc: Array.from(numbers(columns, 'SOC')), temperature_degC, charge: rows('R_Ch'), discharge: rows('R_DCh') };
}

/** Mean discharge resistance at each temperature, as a factor of the one at 25 degC. */
export function sonyTemperatureFactors(): { temperature_degC: number[]; factor: number[] } {
  const { temperature_degC, discharge } = sonyResistance();
  const mean = discharge.map((row) => row.reduce((sum, value) => sum + value, 0) / row.length);
  return { temperature_degC, factor: mean.map((value) => value / mean[temperature_degC.indexOf(25)]) };
}
