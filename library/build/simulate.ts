/**
 * Reference simulation of one library cell over a current series: the equations of the cell file in their plainest form.
 * It is separate from the product's kernel so that the two can be compared and so that fits do not depend on it.
 */
import { at, interpolate, type Cell, type Table } from './cell.ts';
import type { Series } from './series.ts';

export interface Start {
  soc: number;
  /** Hysteresis voltage at the start; 0 unless the history is known. */
  hysteresisV?: number;
  /** A number holds the cell at that temperature, "measured" follows the series, "model" runs the lumped heat balance from `ambientDegC`. */
  temperatureDegC: number | 'measured' | 'model';
  ambientDegC?: number;
}

export interface Trace {
  soc: Float64Array;
  voltageV: Float64Array;
  temperatureDegC: Float64Array;
}

function seriesResistance(cell: Cell, soc: number, temperatureDegC: number, currentA: number): number {
  const table = cell.seriesResistance_Ohm;
  if (typeof table === 'object' && 'charge' in table) return at(currentA > 0 ? table.charge : table.discharge, soc, temperatureDegC);
  return at(table as Table, soc, temperatureDegC);
}

/**
 * Voltage, SOC and temperature at each sample; a sample's current holds over the interval that ends at it.
 * RC pairs and hysteresis are exact for a current constant over the step (Plett 2004 for the one-state hysteresis);
 * heat is I (V - OCV) - I T dOCV/dT with charge positive (Bernardi 1985).
 */
export function simulate(cell: Cell, series: Series, start: Start): Trace {
  const { count, timeS, currentA } = series;
  const trace = { soc: new Float64Array(count), voltageV: new Float64Array(count), temperatureDegC: new Float64Array(count) };
  const ambientDegC = start.ambientDegC ?? 25;
  const chargeC = 3600 * cell.capacity_Ah;
  let soc = start.soc;
  let hysteresisV = start.hysteresisV ?? 0;
  const overvoltageV = [0, 0];
  let temperatureDegC =
    start.temperatureDegC === 'measured'
      ? series.temperatureDegC[0]
      : start.temperatureDegC === 'model'
        ? ambientDegC
        : start.temperatureDegC;
  for (let k = 0; k < count; k++) {
    const stepS = k === 0 ? 0 : timeS[k] - timeS[k - 1];
    const current = currentA[k];
    soc += ((current > 0 ? cell.coulombicEfficiency_ratio : 1) * current * stepS) / chargeC - cell.selfDischarge_per_s * stepS;
    if (start.temperatureDegC === 'measured' && !Number.isNaN(series.temperatureDegC[k])) temperatureDegC = series.temperatureDegC[k];
    for (let pair = 0; pair < 2; pair++) {
      const decay = Math.exp(-stepS / at(cell.rc[pair].timeConstant_s, soc, temperatureDegC));
      overvoltageV[pair] = overvoltageV[pair] * decay + at(cell.rc[pair].resistance_Ohm, soc, temperatureDegC) * current * (1 - decay);
    }
    if (cell.hysteresis !== undefined) {
      const decay = Math.exp((-Math.abs(current) * cell.hysteresis.decay_ratio * stepS) / chargeC);
      const halfWidthV = interpolate(cell.hysteresis.soc, cell.hysteresis.voltage_V, soc);
      hysteresisV = hysteresisV * decay + Math.sign(current) * halfWidthV * (1 - decay);
    }
    const entropicV = cell.entropicCoefficient ? interpolate(cell.entropicCoefficient.soc, cell.entropicCoefficient.value_V_per_K, soc) : 0;
    const openV = interpolate(cell.ocv.soc, cell.ocv.voltage_V, soc) + entropicV * (temperatureDegC - 25);
    const resistance = seriesResistance(cell, soc, temperatureDegC, current);
    const voltageV = openV + hysteresisV + resistance * current + overvoltageV[0] + overvoltageV[1];
    if (start.temperatureDegC === 'model') {
      const heatW = current * (voltageV - openV) - current * (temperatureDegC + 273.15) * entropicV;
      const { heatCapacity_J_per_K, toAmbient_W_per_K } = cell.thermal;
      const decay = Math.exp((-stepS * toAmbient_W_per_K) / heatCapacity_J_per_K);
      temperatureDegC = ambientDegC + (temperatureDegC - ambientDegC) * decay + (heatW / toAmbient_W_per_K) * (1 - decay);
    }
    trace.soc[k] = soc;
    trace.voltageV[k] = voltageV;
    trace.temperatureDegC[k] = temperatureDegC;
  }
  return trace;
}

export interface Misfit {
  rmseV: number;
  maximumV: number;
  count: number;
}

/** Root-mean-square and largest voltage error over samples whose voltage was measured and whose simulated SOC lies in [lowSoc, highSoc]. */
export function misfit(series: Series, trace: Trace, lowSoc = 0, highSoc = 1.01): Misfit {
  let sum = 0;
  let count = 0;
  let maximumV = 0;
  for (let k = 0; k < series.count; k++) {
    if (Number.isNaN(series.voltageV[k]) || trace.soc[k] < lowSoc || trace.soc[k] > highSoc) continue;
    const error = trace.voltageV[k] - series.voltageV[k];
    sum += error * error;
    maximumV = Math.max(maximumV, Math.abs(error));
    count++;
  }
  return { rmseV: Math.sqrt(sum / Math.max(count, 1)), maximumV, count };
}
